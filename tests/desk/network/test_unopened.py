"""What does not open is tried less and less often, said each time, and nobody waits for it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, select

from app.jobs.welcoming import welcome
from app.models import Account, CommitteeMember, MemberMessage, NetworkInvitation, Role
from app.network import committee_mails, inviting, message_mails
from app.platform.database.sessions import write
from tests.desk.asked import runtime as runtime_of
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.network.conftest import Joined
from tests.desk.network.written import send_to
from tests.mailbox import mail_server
from tests.makers_agenda import by_a_lost_key, written_otherwise

MINUTES = 9
DAMAGES = {"damaged": written_otherwise, "no key": by_a_lost_key}
pytestmark = pytest.mark.parametrize("how", DAMAGES)


def damage(
    bureau: Bureau, model: type[Any], column: str, how: str, only: UUID | None = None
) -> None:
    """Have what is sealed of all of them, or of one, open no more."""
    with write(bureau.databases.staff) as session:
        for row in session.scalars(select(model)):
            if only is None or row.id == only:
                setattr(row, column, DAMAGES[how](getattr(row, column)))


def round_by_round(
    bureau: Bureau,
    ask: Callable[[int], object],
    damaged: Callable[[], None],
    said: Callable[[], str],
) -> tuple[list[str], list[int]]:
    """Have two mails asked for, damage the first, and go on for a while; return whom the others
    reached, and in which minutes it was said that one is not written.
    """
    lines = []
    with mail_server() as (box, port):
        runtime = runtime_of(bureau, smtp_url=SecretStr(f"smtp://127.0.0.1:{port}"))
        for minute in range(MINUTES):
            if minute < 2:
                ask(minute)
            if minute == 0:
                damaged()
            bureau.clock.pass_by(minutes=1)
            welcome(runtime, bureau.clock.at)
            lines += [minute] * said().count("mail not written")
    return [each["To"] for each in box.received], lines


def check(found: tuple[list[str], list[int]], other: str) -> None:
    received, minutes = found
    assert received == [other]
    assert minutes[0] == 0
    gaps = [later - former for former, later in pairwise(minutes)]
    assert gaps == sorted(gaps)
    assert 1 < len(minutes) < MINUTES / 2


@pytest.fixture(autouse=True)
def nothing_else_waits(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for each in (CommitteeMember, NetworkInvitation):
            session.execute(delete(each))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out


@pytest.mark.slow
def test_a_text_of_a_member(
    bureau: Bureau,
    joined: Joined,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[[], str],
    how: str,
) -> None:
    monkeypatch.setattr(message_mails, "AT_ONCE", 1)
    (_, browser), *readers = joined(), joined(), joined()
    people = [each for each, _ in readers]
    found = round_by_round(
        bureau,
        lambda n: send_to(browser, people[n]),
        lambda: damage(bureau, MemberMessage, "content", how),
        said,
    )
    check(found, people[1].mail)


@pytest.mark.slow
@pytest.mark.parametrize("of", ["writer", "reader"])
def test_a_text_between_people_of_whom_one_does_not_open(
    bureau: Bureau,
    joined: Joined,
    monkeypatch: pytest.MonkeyPatch,
    said: Callable[[], str],
    how: str,
    of: str,
) -> None:
    monkeypatch.setattr(message_mails, "AT_ONCE", 1)
    pairs: list[tuple[tuple[Person, Browser], Person]] = [(joined(), joined()[0]) for _ in "ab"]
    (writer, _), reader = pairs[0]
    whose = {"writer": writer.id, "reader": reader.id}[of]
    with write(bureau.databases.staff) as session:
        before = session.get_one(Account, whose).person
    found = round_by_round(
        bureau,
        lambda n: send_to(pairs[n][0][1], pairs[n][1]),
        lambda: damage(bureau, Account, "person", how, whose),
        said,
    )
    with write(bureau.databases.staff) as session:
        session.get_one(Account, whose).person = before
    check(found, pairs[1][1].mail)


@pytest.mark.slow
def test_an_invitation(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str], how: str
) -> None:
    monkeypatch.setattr(inviting, "AT_ONCE", 1)
    curateur, (first, other) = bureau.signed_in(), (f"{uuid4().hex}@example.org" for _ in "ab")
    found = round_by_round(
        bureau,
        lambda n: curateur.post("/gestion/reseau/invitations", {"adresses": (first, other)[n]}),
        lambda: damage(bureau, NetworkInvitation, "content", how),
        said,
    )
    check(found, other)


@pytest.mark.slow
def test_an_invitation_to_a_place(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, said: Callable[[], str], how: str
) -> None:
    monkeypatch.setattr(committee_mails, "AT_ONCE", 1)
    convener = bureau.signed_in(Role.REFERENT_ETAT)
    first, other = (f"{uuid4().hex}@example.org" for _ in "ab")
    given = {"fonction": "Juge"}
    found = round_by_round(
        bureau,
        lambda n: convener.post(
            "/gestion/cdlp/93/inviter", {"courriel": (first, other)[n], **given}
        ),
        lambda: damage(bureau, CommitteeMember, "content", how),
        said,
    )
    check(found, other)
