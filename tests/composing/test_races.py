"""What is withdrawn while a letter is sent stands in no mail that is begun after that."""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from app.cataloguing import withdrawing
from app.composing import writing
from app.inbox.acting import Asked, put_act
from app.inbox.opening import link_signer
from app.inbox.putting import read_lock
from app.letters.letter import Lead, Words
from app.platform.database.sessions import read, write
from app.platform.mail.links import Aim, Link, signed
from app.runtime.staff import Runtime
from tests import mailbox
from tests.composing.boxes import said_by
from tests.makers_agenda import announced, withdrawn
from tests.makers_letters import (
    MONTH,
    WRITER,
    approved,
    forget_all,
    mails,
    sent,
    status,
    subscribed,
    with_post,
)
from tests.makers_resources import CURATEUR, made, public_id_of

TITLE, PEOPLE = "Titre sentinelle", 12
Prepared = tuple[list[Lead], Callable[[], None]]


def an_event(runtime: Runtime, _people: list[UUID]) -> Prepared:
    event = announced(runtime, title=TITLE)
    return [Lead("event", event)], lambda: withdrawn(runtime, event)


def a_resource(runtime: Runtime, _people: list[UUID]) -> Prepared:
    resource = made(runtime, title=TITLE)
    with read(runtime.staff) as session:
        public_id = public_id_of(session, resource)

    def withdraw() -> None:
        with write(runtime.staff) as session:
            given = (session, runtime.vault, CURATEUR, WRITER, resource, datetime.now(UTC))
            withdrawing.withdraw(*given)

    return [Lead("resource", public_id)], withdraw


def the_letter(runtime: Runtime, _people: list[UUID]) -> Prepared:
    def withdraw() -> None:
        with write(runtime.staff) as session:
            letter = writing.find(session, MONTH, lock=True)
            if letter.status == "going":
                writing.withdraw(session, runtime.vault, WRITER, letter)

    return [], withdraw


def who_has_it(runtime: Runtime, people: list[UUID]) -> Prepared:
    """All leave by the links of their mails; the worker does what they ask once it looks."""
    with read(runtime.staff) as session:
        key = link_signer(session, runtime.vault)
    with read(runtime.databases.public) as session:
        lock = read_lock(session)
    assert lock
    asked = {
        number: Asked(token=signed(key, Link(Aim.LEAVE, number)), deed="leave") for number in people
    }

    def leave() -> None:
        assert runtime.databases.inbox
        with write(runtime.databases.inbox) as session:
            for number, act in asked.items():
                put_act(session, lock, number, act)

    return [], leave


ALL = (an_event, a_resource, the_letter, who_has_it)


def raced(
    runtime: Runtime, turn: int, chance: Random, prepare: Callable[..., Prepared]
) -> tuple[int, int]:
    """Withdraw something in the midst of the mails, each turn a mail later; return how many mails
    were sent, and begun after that.
    """
    forget_all(runtime)
    people = [number for number, _ in subscribed(runtime, PEOPLE)]
    leads, withdraw = prepare(runtime, people)
    approved(runtime, Words("Bonjour."), *leads)

    def send(port: int) -> None:
        sent(with_post(runtime, port))

    box = mailbox.raced(send, withdraw, turn % (PEOPLE - 1), chance)
    if prepare in (the_letter, who_has_it):
        assert box.late == []
    assert [mail for mail in box.late if TITLE in said_by(mail)] == []
    received = [str(mail["To"]) for mail in box.received]
    assert len(received) == len(set(received))
    assert [one for one in mails(runtime).values() if one not in ("gone", "queued")] == []
    if prepare in (an_event, a_resource):
        assert len(received) == PEOPLE
        assert status(runtime) == "sent"
    return len(received), len(box.late)


@pytest.mark.parametrize(
    "rounds",
    [
        1,
        pytest.param(13, marks=pytest.mark.slow),
        pytest.param(125, marks=[pytest.mark.slow, pytest.mark.long]),
    ],
)
@pytest.mark.parametrize("prepare", ALL)
def test_no_mail_that_is_begun_later_shows_it(
    runtime: Runtime, prepare: Callable[..., Prepared], rounds: int
) -> None:
    chance = Random(rounds)  # noqa: S311 - to be the same each time
    found = [raced(runtime, turn, chance, prepare) for turn in range(rounds)]
    if rounds > 1 and prepare not in (the_letter, who_has_it):
        # Some had it before, and some did not.
        assert any(0 < late < PEOPLE for _, late in found)
    if rounds > 1 and prepare in (the_letter, who_has_it):
        assert any(0 < count < PEOPLE for count, _ in found)
