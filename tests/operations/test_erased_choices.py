"""What people chose of columns and words says nothing that was erased."""

import pytest
from sqlalchemy import select

from app.lists.chosen import choices_of, choose
from app.models import Role, Source
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.visibility import Viewer
from importers.chosen import Chosen, Split
from tests.operations.erasing import PHONE, erase, everything, holds_phone, value_marks

pytestmark = pytest.mark.slow
NAME = "Claire Petit"
LEFT = Chosen(columns={"nom": "name"}, words={"category": {"guichet": "crip"}})
GIVEN = Chosen(
    columns={"nom": "name", f"le soir {PHONE}": "description"},
    splits={"claire petit": Split(separator=",", fields=("name", "city"))},
    words={"category": {"claire petit": "crip", "guichet": "crip"}},
)


def take(runtime: Runtime, chosen: Chosen) -> None:
    with write(runtime.staff) as session:
        source = session.scalars(select(Source.id).where(Source.register.is_(None))).one()
        choose(session, runtime.vault, Viewer(role=Role.CURATEUR), source, chosen)


def taken(runtime: Runtime) -> tuple[Chosen | None, ...]:
    with read(runtime.staff) as session:
        source = session.scalars(select(Source.id).where(Source.register.is_(None))).one()
        found = choices_of(session, runtime.vault, source)
    return found.chosen, *found.former


def test_titles_and_words_that_hold_what_is_erased_are_forgotten(known: Runtime) -> None:
    take(known, GIVEN)
    take(known, Chosen(columns={"nom": "acronym"}))
    assert taken(known)[1] == GIVEN
    for value in (PHONE, NAME):
        erase(known, value_marks(known, value))
    assert "claire petit" not in everything(known).lower()
    assert not holds_phone(known)
    assert taken(known)[1] == LEFT


def test_a_choice_brings_back_nothing_that_was_erased(known: Runtime) -> None:
    for value in (PHONE, NAME):
        erase(known, value_marks(known, value))
    take(known, GIVEN)
    assert "claire petit" not in everything(known).lower()
    assert not holds_phone(known)
    assert taken(known)[0] == LEFT
