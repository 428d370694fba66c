"""Somebody is deleted, leaves or is excluded as a member writes, blocks, reports or joins: whoever
comes second waits, and neither has a fault.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, select

from app.alerting import keeping
from app.alerting.searches import read_address
from app.audit.journal import Author
from app.errors import Mesure23Error
from app.models import Account, MemberBlock, MemberMessage, MemberReport, Role, StaffSession
from app.models.network import CHARTER_ON
from app.network import members, messages, own_calendar, reporting
from app.platform.database.sessions import read, write
from app.visible.asking import Asker
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.network.conftest import Joined
from tests.desk.network.written import sent_one
from tests.meanwhile import is_blocked, until

BY = Author("os:essai")
pytestmark = pytest.mark.slow


@dataclass
class Two:
    """Somebody who was sent a text by another one. gone: whoever of them ends meanwhile."""

    bureau: Bureau
    own: Person
    other: Person
    session: UUID
    message: UUID
    administrator: Browser

    def asker(self) -> Asker:
        return Asker(self.own.id, self.session, self.bureau.clock.at)


def writes(two: Two) -> None:
    with write(two.bureau.databases.staff) as session:
        given = (two.asker(), two.other.id, "Bonjour")
        messages.write_to(session, two.bureau.vault, *given)


def blocks(two: Two) -> None:
    with write(two.bureau.databases.staff) as session:
        messages.block(session, two.own.id, two.other.id, two.bureau.clock.at)


def reports(two: Two) -> None:
    with write(two.bureau.databases.staff) as session:
        given = (Author(str(two.own.id), Role.PROFESSIONNEL), two.asker(), two.message, "Non.")
        reporting.report(session, two.bureau.vault, *given, attaches=True)


def joins(two: Two) -> None:
    with write(two.bureau.databases.staff) as session:
        given = (two.own.id, CHARTER_ON, two.bureau.clock.at)
        members.accept(session, two.bureau.vault, BY, *given)


def wants_an_alert(two: Two) -> None:
    now = two.bureau.clock.at
    with write(two.bureau.databases.staff) as session:
        members.hold_member(session, two.own.id, now)
        wanted = read_address(session, "/table?territoire=93")
        given = (two.own.id, wanted, "aussitot", now)
        keeping.create(session, two.bureau.vault, *given)


def makes_a_calendar(two: Two) -> None:
    with write(two.bureau.databases.staff) as session:
        own_calendar.create(session, two.own.id, two.bureau.clock.at)


ACTS = (writes, blocks, reports, joins, wants_an_alert, makes_a_calendar)


def deleted(two: Two, who: Person) -> None:
    answer = two.administrator.post(f"/gestion/comptes/{who.id}/supprimer")
    assert answer.status_code == 303, answer.text


def left(two: Two, who: Person) -> None:
    with write(two.bureau.databases.staff) as session:
        members.leave(session, two.bureau.vault, BY, who.id, two.bureau.clock.at)


def excluded(two: Two, who: Person) -> None:
    with write(two.bureau.databases.staff) as session:
        members.exclude(session, two.bureau.vault, BY, who.id, two.bureau.clock.at)


CASES = (
    *((act, deleted, whose) for act in ACTS for whose in ("own", "other")),
    *((act, end, "own") for act in (writes, blocks, reports) for end in (left, excluded)),
)


@contextmanager
def at_the_first_lock(bureau: Bureau, then: Callable[[], None]) -> Iterator[None]:
    """Have something done as soon as whoever comes next holds the row of an account or a member."""
    engine, waits = bureau.databases.staff, [True]

    def after(*given: Any) -> None:
        statement = given[2]
        of_people = "FROM account" in statement or "FROM network_member" in statement
        if waits and of_people and " FOR " in statement:
            waits.clear()
            then()

    event.listen(engine, "after_cursor_execute", after)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", after)
    assert not waits


def both(
    bureau: Bureau, first: Callable[[], None], second: Callable[[], None]
) -> tuple[BaseException | None, BaseException | None]:
    """Do one thing, and the other from another thread once the first one holds something."""
    with ThreadPoolExecutor(2) as pool:
        done: list[Future[None]] = []

        def then() -> None:
            done.append(pool.submit(second))
            until(lambda: done[0].done() or is_blocked(bureau.databases.staff))

        with at_the_first_lock(bureau, then):
            begun = pool.submit(first)
            ended = begun.exception(60)
        return ended, done[0].exception(60)


@pytest.fixture
def two(bureau: Bureau, joined: Joined) -> Two:
    writer, reader, _, row = sent_one(bureau, joined)
    administrator = bureau.signed_in(Role.ADMINISTRATEUR)
    with read(bureau.databases.staff) as session:
        signed = select(StaffSession.id).where(StaffSession.account_id == reader.id)
        number = session.scalars(signed).one()
    return Two(bureau, reader, writer, number, row.id, administrator)


@pytest.mark.parametrize("is_first", [True, False], ids=["act first", "end first"])
@pytest.mark.parametrize(("act", "end", "whose"), CASES)
def test_both_are_done(
    two: Two,
    act: Callable[[Two], None],
    end: Callable[[Two, Person], None],
    whose: str,
    is_first: bool,
) -> None:
    who = two.own if whose == "own" else two.other
    if act is joins:
        left(two, two.own)
    deeds = [lambda: act(two), lambda: end(two, who)]
    found = both(two.bureau, *(deeds if is_first else reversed(deeds)))
    acted, ended = found if is_first else reversed(found)
    assert ended is None
    # Of somebody who is there no more it may be refused, in words of ours.
    assert acted is None or isinstance(acted, Mesure23Error), acted
    assert acted is None or not is_first or end is not deleted
    if end is not deleted:
        return
    with read(two.bureau.databases.staff) as session:
        assert session.get(Account, who.id) is None
        for model in (MemberMessage, MemberReport):
            named = (model.sender_id == who.id) | (model.recipient_id == who.id)
            assert session.scalars(select(model).where(named)).all() == []
        named = (MemberBlock.account_id == who.id) | (MemberBlock.blocked_id == who.id)
        assert session.scalars(select(MemberBlock).where(named)).all() == []
