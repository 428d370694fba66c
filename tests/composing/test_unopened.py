"""An address that does not open is tried less and less often, said each time, and given up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from app.composing import recipients
from app.models import LetterSubscriber
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from tests.mailbox import mail_server
from tests.makers_agenda import by_a_lost_key, written_otherwise
from tests.makers_letters import approved, mails, sent, status, subscribed, with_post


def round_at(runtime: Runtime, now: datetime) -> list[str]:
    """Whom the mails of a round reach."""
    with mail_server() as (box, port):
        sent(with_post(runtime, port), lambda: now)
    return [mail["To"] for mail in box.received]


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
def test_an_address_that_does_not_open_keeps_nobody_waiting_and_is_given_up_in_the_end(
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damaged: Callable[[bytes], bytes],
) -> None:
    monkeypatch.setattr(recipients, "AT_ONCE", 1)
    people = sorted(subscribed(runtime, 3))
    with write(runtime.staff) as session:
        for lost, _ in people[:2]:
            row = session.get_one(LetterSubscriber, lost)
            row.content = damaged(row.content)
    approved(runtime)
    assert round_at(runtime, datetime.now(UTC)) == [people[2][1]]
    assert capsys.readouterr().out.count("mails not written") == 2
    assert sorted(mails(runtime).values()) == ["gone", "queued", "queued"]
    assert round_at(runtime, datetime.now(UTC)) == []
    assert capsys.readouterr().out.count("mails not written") == 0
    now = datetime.now(UTC)
    for _ in recipients.WAITS:
        now += max(recipients.WAITS) + timedelta(minutes=1)
        assert round_at(runtime, now) == []
    assert sorted(mails(runtime).values()) == ["gone", "refused", "refused"]
    assert status(runtime) == "sent"
