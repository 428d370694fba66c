"""Collections name nobody hidden: as they are saved, and as somebody is hidden later."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cataloguing import collections
from app.cataloguing.arranging import TextNames
from app.cataloguing.collections import Entry, Wanted
from app.platform.database.sessions import write
from app.records.acts import protect
from app.resources.forms import Form
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_resources import CURATEUR, NAMES_HOME, WRITER, make_resource
from tests.short_lists import APART, SHELTER, csv, ids, run

NAMES_APART = "Au 99 rue Autre, à Aubervilliers"


def arranged(runtime: Runtime, title: str, summary: str = "", note: str = "") -> str:
    """Publish a collection of one resource; return its slug."""
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        of = collections.create(*given, title)
        one = make_resource(session, runtime.vault, Form.DOCUMENT)
        wanted = Wanted(title, summary, published=True, entries=(Entry(one, note),))
        collections.change(*given, of, wanted)
        return of


def seen(runtime: Runtime) -> str:
    with Session(runtime.staff) as session:
        tables = ("resource_collection", "resource_collection_entry")
        rows = [session.scalars(text(f"SELECT t::text FROM {each} t")).all() for each in tables]
        return "\n".join(each for some in rows for each in some)


def hide(runtime: Runtime) -> None:
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")


@pytest.mark.parametrize(
    "given", [{"title": NAMES_HOME}, {"summary": NAMES_HOME}, {"note": NAMES_HOME}]
)
def test_what_names_a_home_is_not_saved(runtime: Runtime, given: dict[str, str]) -> None:
    run(runtime, csv(SHELTER))
    with pytest.raises(TextNames):
        arranged(runtime, **{"title": "Titre", **given})
    assert "Cachée" not in seen(runtime)


@pytest.mark.slow
def test_a_note_and_a_summary_are_emptied_as_an_actor_is_hidden(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    arranged(runtime, "Reste", summary=NAMES_APART, note=NAMES_APART)
    arranged(runtime, "Autre", summary="Sans lieu", note="Sans adresse")
    hide(runtime)
    found = seen(runtime)
    assert "99 rue" not in found
    assert "Reste" in found
    assert "Sans lieu" in found
    assert "Sans adresse" in found


@pytest.mark.slow
def test_a_collection_whose_title_names_an_actor_goes_as_it_is_hidden(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    arranged(runtime, NAMES_APART)
    arranged(runtime, "Reste")
    hide(runtime)
    found = seen(runtime)
    assert "Au 99" not in found
    assert "rue Autre" not in found
    assert "Reste" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        {"title": "La rue Autre", "summary": "Au 99"},
        {"title": "La rue Autre", "note": "Au 99"},
        {"title": "Fugue", "summary": "La rue Autre", "note": "Au 99"},
    ],
)
def test_what_names_an_actor_together_is_taken_from_a_collection_as_it_is_hidden(
    runtime: Runtime, given: dict[str, str]
) -> None:
    run(runtime, csv(APART))
    arranged(runtime, **given)
    arranged(runtime, "Autre", summary="Sans lieu", note="Sans adresse")
    hide(runtime)
    found = seen(runtime)
    assert "Au 99" not in found
    assert given["title"] in found
    assert "Sans lieu" in found
    assert "Sans adresse" in found
