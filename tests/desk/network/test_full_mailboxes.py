"""A mailbox that takes nothing for now is asked less and less often, and nobody waits for it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from aiosmtpd.smtp import Envelope
from pydantic import SecretStr
from sqlalchemy import delete

from app.jobs.welcoming import welcome
from app.models import CommitteeMember, NetworkInvitation, Role
from app.network import committee_mails, inviting, message_mails
from app.platform.database.sessions import write
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Bureau
from tests.desk.network.conftest import Joined
from tests.desk.network.written import send_to
from tests.mailbox import Box, mail_server

MINUTES = 16


class Full(Box):
    """A server on which one mailbox is full; asked: in which minutes it was written to."""

    def __init__(self, mail: str) -> None:
        super().__init__()
        self.mail, self.minute, self.asked = mail, 0, list[int]()

    async def handle_RCPT(
        self, server: object, session: object, envelope: Envelope, address: str, options: object
    ) -> str:
        if address == self.mail:
            self.asked.append(self.minute)
            return "452 4.2.2 full"
        return await super().handle_RCPT(server, session, envelope, address, options)


def round_by_round(bureau: Bureau, mail: str, ask: Callable[[int], object]) -> Full:
    """Have two mails asked for, in the first two minutes, and go on for a while."""
    box = Full(mail)
    with mail_server(box=box) as (_, port):
        runtime = runtime_of(bureau, smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
        for box.minute in range(MINUTES):
            if box.minute < 2:
                ask(box.minute)
            bureau.clock.pass_by(minutes=1)
            welcome(runtime, bureau.clock.at)
    return box


def check(box: Full, other: str) -> None:
    assert [each["To"] for each in box.received] == [other]
    gaps = [later - former for former, later in zip(box.asked, box.asked[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert len(gaps) < MINUTES / 2


@pytest.mark.slow
def test_a_text_to_a_full_mailbox(
    bureau: Bureau, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_mails, "AT_ONCE", 1)
    (_, browser), (full, _), (free, _) = joined(), joined(), joined()
    box = round_by_round(bureau, full.mail, lambda n: send_to(browser, (full, free)[n]))
    check(box, free.mail)


@pytest.mark.slow
def test_an_invitation_of_a_full_mailbox(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(delete(NetworkInvitation))
    monkeypatch.setattr(inviting, "AT_ONCE", 1)
    curateur, (full, free) = bureau.signed_in(), (f"{uuid4().hex}@example.org" for _ in range(2))
    box = round_by_round(
        bureau,
        full,
        lambda n: curateur.post("/gestion/reseau/invitations", {"adresses": (full, free)[n]}),
    )
    check(box, free)


@pytest.mark.slow
def test_an_invitation_to_a_place_of_a_full_mailbox(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write(bureau.databases.staff) as session:
        session.execute(delete(CommitteeMember))
        session.execute(delete(NetworkInvitation))
    monkeypatch.setattr(committee_mails, "AT_ONCE", 1)
    convener = bureau.signed_in(Role.REFERENT_ETAT)
    full, free = (f"{uuid4().hex}@example.org" for _ in range(2))
    box = round_by_round(
        bureau,
        full,
        lambda n: convener.post(
            "/gestion/cdlp/93/inviter", {"courriel": (full, free)[n], "fonction": "Juge"}
        ),
    )
    check(box, free)
