"""Whoever is let in no more between the gate and the press is told nothing, nor is their press."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import ending, people
from app.audit.actions import Action
from app.models import Reveal, Role, StaffSession
from app.platform.database.sessions import read, write
from tests.desk.bureau import Bureau, Person
from tests.desk.contacts import MOTIVE, asked, choose, noted, page_of, tells
from tests.desk.home import Home
from tests.meanwhile import is_blocked, until

CONTACTS = "/gestion/demandes/contacts"


def disabled(session: Session, bureau: Bureau, person: Person) -> None:
    ending.disable(session, people.get(session, person.id), bureau.clock.at)


def signed_out(session: Session, bureau: Bureau, person: Person) -> None:
    mine = update(StaffSession).where(StaffSession.account_id == person.id)
    session.execute(mine.values(ended_at=bureau.clock.at))


def rows_of(bureau: Bureau, place: Home) -> list[Reveal]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(Reveal).where(Reveal.actor_id == place.id)))


@pytest.mark.parametrize("end", [disabled, signed_out])
@pytest.mark.parametrize("what", ["contact", "adresse"])
def test_a_press_after_the_end_leaves_nothing_though_the_gate_let_it_in(
    bureau: Bureau, place: Home, end: Callable[[Session, Bureau, Person], None], what: str
) -> None:
    choose(bureau, place)
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    if what == "adresse":
        assert tells(place, asked(place, browser)) == {"phone"}
    before = noted(bureau, place)
    motive = {"contact": MOTIVE, "adresse": {"motif": "bring"}}[what]
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            end(session, bureau, person)
            session.flush()
            pressed = pool.submit(browser.post, f"{page_of(place)}/{what}", motive)
            until(lambda: is_blocked(bureau.databases.staff))
        answer = pressed.result()
    assert answer.status_code == 401
    assert tells(place, answer.text) == set()
    assert noted(bureau, place) == before
    rows = rows_of(bureau, place)
    # Of what is no row no operator is told.
    assert len(rows) == (1 if what == "adresse" else 0)
    assert all(each.address_at is None for each in rows)


@pytest.mark.slow
def test_nobody_gives_a_contact_to_an_account_that_was_disabled_since(
    bureau: Bureau, place: Home
) -> None:
    choose(bureau, place, choice="asked", number="+33199887766")
    person, curateur = bureau.enrolled(Role.PROFESSIONNEL), bureau.signed_in()
    assert "attend l’accord" in asked(place, bureau.signed_in_as(person))
    waits = curateur.get(CONTACTS).text.split(place.word)[1]
    (path,) = re.findall(rf"{CONTACTS}/[\w-]+", waits)[:1]
    with write(bureau.databases.staff) as session:
        disabled(session, bureau, person)
    answer = curateur.post(path, {"reponse": "donner"})
    assert answer.headers["location"].endswith("fait=passe")
    assert [each.given_at for each in rows_of(bureau, place)] == [None]
    assert Action.CONTACT_GIVEN not in noted(bureau, place)
