"""Whoever ends a correspondence while its mails leave ends it for every mail begun after that."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.jobs.welcoming import welcome
from app.models import Account, MemberBlock, MemberMessage, NetworkMember
from app.network import members, messages
from app.platform.database.sessions import write
from app.records import acts
from app.runtime.staff import Runtime
from tests import mailbox
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau, Person
from tests.desk.network.conftest import Joined
from tests.desk.network.written import TEXT, rows, send_to
from tests.networked import joins, public_id_of
from tests.short_lists import csv, run

ADMIN = Author("os:essai")
# Mails of one writer in a day.
MOST = 10
End = Callable[[Session, Bureau, Person, Person], object]


def excluded(session: Session, bureau: Bureau, writer: Person, _reader: Person) -> None:
    members.exclude(session, bureau.vault, ADMIN, writer.id, bureau.clock.at)


def left_by_its_reader(session: Session, bureau: Bureau, _writer: Person, reader: Person) -> None:
    members.leave(session, bureau.vault, ADMIN, reader.id, bureau.clock.at)


def blocked(session: Session, bureau: Bureau, writer: Person, reader: Person) -> None:
    messages.block(session, reader.id, writer.id, bureau.clock.at)


def disabled(session: Session, bureau: Bureau, writer: Person, _reader: Person) -> None:
    lost = update(Account).where(Account.id == writer.id)
    session.execute(lost.values(disabled_at=bureau.clock.at))


def hides(session: Session, bureau: Bureau, actor: str) -> None:
    acts.protect(session, bureau.vault, actor, who="essai", why="menaces")


def ended(end: End, bureau: Bureau, writer: Person, reader: Person, session: Session) -> None:
    end(session, bureau, writer, reader)


def forget(bureau: Bureau, *people: Person) -> None:
    """Have both be members again who know nothing of each other."""
    with write(bureau.databases.staff) as session:
        session.execute(delete(MemberMessage))
        session.execute(delete(MemberBlock))
        session.execute(update(Account).values(disabled_at=None))
        session.execute(update(NetworkMember).values(blocked_at=None))
    for each in people:
        joins(runtime(bureau), each.id, bureau.clock.at)


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [3, pytest.param(125, marks=pytest.mark.long)])
@pytest.mark.parametrize("end", [excluded, left_by_its_reader, blocked, disabled])
def test_no_mail_leaves_that_is_begun_later(
    bureau: Bureau, joined: Joined, end: End, rounds: int
) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    chance = Random(rounds)  # noqa: S311 - to be the same each time
    left = []
    for turn in range(rounds):
        forget(bureau, writer, reader)
        for number in range(MOST):
            assert send_to(browser, reader, f"{TEXT} {number}").status_code == 303
        ends = partial(ended, end, bureau, writer, reader)
        left.append(raced(bureau, ends, turn, chance))
    assert any(0 < count < MOST for count in left)


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [3, pytest.param(125, marks=pytest.mark.long)])
def test_no_mail_that_is_begun_later_names_who_was_hidden(
    bureau: Bureau, runtime: Runtime, joined: Joined, rounds: int
) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    chance = Random(rounds)  # noqa: S311 - to be the same each time
    left = []
    for number in range(rounds):
        name, street = f"Relais couru {number}", f"{number + 20} rue Nonaire"
        run(runtime, csv(f"{name};Association;{street};93300;Aubervilliers;;"), source=name)
        actor = public_id_of(runtime, name)
        forget(bureau, writer, reader)
        for mail in range(MOST):
            text = f"Passez au {street} à Aubervilliers. {mail}"
            assert send_to(browser, reader, text).status_code == 303
        left.append(raced(bureau, partial(hides, bureau=bureau, actor=actor), number, chance))
    assert any(0 < count < MOST for count in left)


def raced(bureau: Bureau, end: Callable[[Session], object], turn: int, chance: Random) -> int:
    """End it in the midst of the mails, each turn a mail later; return how many mails had left."""

    def send(port: int) -> None:
        welcome(runtime(bureau, smtp_url=SecretStr(f"smtp://127.0.0.1:{port}")), bureau.clock.at)

    def ends() -> None:
        with write(bureau.databases.staff) as session:
            end(session)

    box = mailbox.raced(send, ends, turn % (MOST - 1), chance)
    assert box.late == []
    assert {each.state for each in rows(bureau)} <= {"left", "never"}
    assert [each.state for each in rows(bureau)].count("left") == len(box.received)
    return len(box.received)
