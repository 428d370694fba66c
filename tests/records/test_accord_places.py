"""An accord is for the address that it was given for, and publishes no other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.models import Actor
from app.platform.database.sessions import read
from app.records import acts
from app.records.accords import ConsentOfPlaceLeft
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import run

pytestmark = pytest.mark.slow

HEAD = "Réf;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone"
FIRST = date(2026, 3, 2)
OLD, NEW = "10 rue Cachée", "99 rue Nouvelle"


def listed(runtime: Runtime, street: str, phone: str = "01 99 00 00 10") -> None:
    line = f"A1;Foyer fictif;MECS;{street};93000;Bobigny;{phone}"
    run(runtime, f"{HEAD}\r\n{line}".encode())


def public_id(runtime: Runtime) -> str:
    with read(runtime.staff) as session:
        return session.scalars(select(Actor.public_id)).one()


def show(runtime: Runtime, consent: date) -> None:
    given = {"who": "essai", "consent": consent, "why": "accord écrit"}
    decide(runtime, acts.unprotect, public_id(runtime), **given)


def is_shown(runtime: Runtime) -> bool:
    with runtime.databases.public.connect() as connection:
        name = connection.exec_driver_sql("SELECT name FROM actor").scalar_one()
    return bool(name == "Foyer fictif")


@pytest.fixture
def moved(runtime: Runtime) -> Runtime:
    """A home that was public by an accord, until its list said that it is somewhere else."""
    listed(runtime, OLD)
    show(runtime, FIRST)
    assert is_shown(runtime)
    listed(runtime, NEW)
    assert not is_shown(runtime)
    return runtime


@pytest.mark.parametrize("given", [FIRST, FIRST - timedelta(days=9)])
def test_an_accord_that_was_given_elsewhere_publishes_nothing(moved: Runtime, given: date) -> None:
    with pytest.raises(ConsentOfPlaceLeft) as refused:
        show(moved, given)
    assert "L’accord du 02/03/2026 a été donné pour une adresse" in str(refused.value)
    assert not is_shown(moved)


def test_one_that_was_given_since_publishes_it_where_it_is(moved: Runtime) -> None:
    # Whoever tells of the move may have signed before any list says it.
    show(moved, FIRST + timedelta(days=1))
    assert is_shown(moved)


def test_back_where_it_was_given_for_an_accord_is_one(moved: Runtime) -> None:
    # The line was wrong, and says so by another writing of the same address.
    listed(moved, "10, RUE CACHEE")
    assert not is_shown(moved)
    show(moved, FIRST)
    assert is_shown(moved)


def test_a_phone_is_looked_at_again_and_needs_no_other_accord(runtime: Runtime) -> None:
    listed(runtime, OLD)
    show(runtime, FIRST)
    listed(runtime, OLD, phone="01 99 00 00 39")
    assert not is_shown(runtime)
    show(runtime, FIRST)
    assert is_shown(runtime)


def test_who_moved_while_a_person_protected_it_is_somewhere_else_as_well(runtime: Runtime) -> None:
    listed(runtime, OLD)
    show(runtime, today := paris_day())
    decide(runtime, acts.protect, public_id(runtime), who="essai", why="menaces")
    listed(runtime, NEW)
    with pytest.raises(ConsentOfPlaceLeft):
        show(runtime, today)
