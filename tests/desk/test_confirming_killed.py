"""A worker that is killed while it asks about accounts: the next one asks."""

import pytest
from pydantic import SecretStr

from app.accounts import notices
from app.jobs.confirming import confirm_accounts
from app.models import Role
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau
from tests.desk.test_confirming import CHIEF, night, referent


class Killed(BaseException):
    """What ends a process, as far as it can be done within one."""


def test_who_was_to_be_asked_when_the_worker_was_killed_is_asked_by_the_next_one(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    referent(bureau, bureau.signed_in(Role.ADMINISTRATEUR), 336)

    def ends(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(notices, "ask_chief", ends)
        with pytest.raises(Killed):
            confirm_accounts(
                runtime(bureau, smtp_url=SecretStr("smtp://127.0.0.1:9")), bureau.clock.at
            )
    (mail,) = night(bureau)
    assert mail["To"] == CHIEF
    assert night(bureau) == []
