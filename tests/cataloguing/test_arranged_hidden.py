"""What stands around resources names nobody who is hidden later."""

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.audit.journal import COLUMN, TABLE
from app.cataloguing import body_names, collections, synonyms
from app.cataloguing.collections import Wanted
from app.models import AuditEntry, Resource
from app.operations import resource_debt
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_resources import (
    CURATEUR,
    READER,
    WRITER,
    held_one,
    made,
    release_by,
    seen,
)
from tests.short_lists import APART, SHELTER, csv, ids, run

NAMED = "Accueil du 99 rue Autre"
CODE_OF_NAMED = "accueil-du-99-rue-autre"


def around(runtime: Runtime) -> str:
    """All that a visitor's connection reads of words and of issuing bodies."""
    with runtime.databases.public.connect() as connection:
        views = [
            text(f"SELECT v::text FROM {name} v") for name in ("issuing_body", "resource_synonym")
        ]
        return "\n".join(row for view in views for row in connection.execute(view).scalars())


def called(runtime: Runtime, code: str, name: str, *others: str) -> None:
    """Give a body a name, and others."""
    with write(runtime.staff) as session:
        body_names.change(session, runtime.vault, CURATEUR, WRITER, code, name, others)


def owed(runtime: Runtime) -> datetime | None:
    """Return since when something around texts is owed a rewrite of the files."""
    with read(runtime.staff) as session:
        return resource_debt.cleared(session)


def hide(runtime: Runtime) -> None:
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")


@pytest.mark.slow
def test_words_and_other_names_of_bodies_go_as_whom_they_name_is_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=["Organisme d’essai"])
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        body_names.change(*given, "organisme-d-essai", "Organisme d’essai", [NAMED, "Autre nom"])
        synonyms.put(*given, None, [NAMED, "mot un", "mot deux"])
    assert around(runtime).count(NAMED) == 2
    hide(runtime)
    found = around(runtime)
    assert NAMED not in found
    assert "Autre nom" in found
    assert "mot deux" in found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("99 rue Autre", "Au quatre-vingt-dix-neuf rue Autre"),
        ("Manoir des Essais", "Le manoir des Essais"),
    ],
)
def test_a_word_without_a_digit_goes_as_whom_it_names_is_hidden(
    runtime: Runtime, address: str, word: str
) -> None:
    run(runtime, csv(SHELTER, APART.replace("99 rue Autre", address)))
    made(runtime)
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        synonyms.put(*given, None, [word, "mot un", "mot deux"])
    hide(runtime)
    found = around(runtime)
    assert word not in found
    assert "mot deux" in found


@pytest.mark.slow
def test_a_body_that_was_renamed_is_called_by_its_code_as_its_name_names_who_is_hidden(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=["Organisme d’essai"])
    called(runtime, "organisme-d-essai", NAMED)
    assert NAMED in around(runtime)
    hide(runtime)
    assert around(runtime).count("organisme-d-essai") == 2
    assert NAMED not in seen(runtime)


@pytest.mark.slow
def test_a_body_is_called_by_its_code_where_another_one_has_that_for_a_name(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=["Organisme d’essai", "Autre organisme"])
    called(runtime, "organisme-d-essai", NAMED)
    called(runtime, "autre-organisme", "organisme-d-essai")
    hide(runtime)
    assert NAMED not in around(runtime)


@pytest.mark.slow
def test_a_body_whose_code_names_somebody_hidden_as_well_has_a_name_of_neither(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=[NAMED])
    called(runtime, CODE_OF_NAMED, "Organisme d’essai")
    made(runtime, bodies=["Organisme d’essai"])
    called(runtime, CODE_OF_NAMED, NAMED)
    hide(runtime)
    with Session(runtime.staff) as session:
        (body,) = body_names.every(session)
        assert body.name not in {NAMED, CODE_OF_NAMED}


@pytest.mark.slow
def test_a_body_that_keeps_its_other_names_loses_the_one_by_which_its_text_goes(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=[NAMED])
    called(runtime, CODE_OF_NAMED, NAMED, "Autre nom")
    hide(runtime)
    with Session(runtime.staff) as session:
        (body,) = body_names.every(session)
        assert body.variants == ["Autre nom"]
        assert {body.name, body.code}.isdisjoint({NAMED, CODE_OF_NAMED})


@pytest.mark.slow
def test_a_body_keeps_the_name_with_which_two_let_a_text_out(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    held_one(runtime, bodies=["Accueil du 10 rue Cachée"])
    assert not release_by(runtime, WRITER)
    assert release_by(runtime, READER)
    run(runtime, csv(SHELTER.replace("Foyer fictif", "FOYER Fictif")))
    assert "Accueil du 10 rue Cachée" in around(runtime)
    assert "accueil-du-10-rue-cachee" in around(runtime)


def test_the_journal_keeps_nothing_of_what_is_taken_as_somebody_is_hidden(
    runtime: Runtime,
) -> None:
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        synonyms.put(*given, None, ["zorglonde", "zorglubique"])
        (group,) = (each for each, words in synonyms.every(session).items() if "zorglonde" in words)
        synonyms.put(*given, group, [])
        of = collections.create(*given, "Zorglonde")
        collections.change(*given, of, Wanted("Zorglonde", "", published=True))
        collections.remove(*given, of)
    with Session(runtime.staff) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        details = [runtime.vault.open_json(TABLE, each.id, COLUMN, each.detail) for each in entries]
    assert details == [
        {"quoi": "mots", "lequel": str(group)},
        {"quoi": "mots retirés", "lequel": str(group)},
        {"quoi": "collection", "lequel": "1"},
        {"quoi": "collection", "lequel": "1"},
        {"quoi": "collection retirée", "lequel": "1"},
    ]


@pytest.mark.slow
def test_a_body_that_another_text_has_gets_a_code_that_names_nobody(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=[NAMED])
    called(runtime, CODE_OF_NAMED, "Organisme d’essai")
    made(runtime, title="Reste publié", bodies=["Organisme d’essai"])
    hide(runtime)
    found = seen(runtime)
    assert "Reste publié" in found
    assert CODE_OF_NAMED not in found
    with Session(runtime.staff) as session:
        (body,) = body_names.every(session)
        assert session.scalars(select(Resource.body_codes)).all() == [[body.code]]


def test_words_go_where_no_text_is_published_and_that_is_owed(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        synonyms.put(*given, None, [NAMED, "mot un", "mot deux"])
    assert owed(runtime) is None
    hide(runtime)
    assert NAMED not in around(runtime)
    assert owed(runtime) is not None


@pytest.mark.slow
def test_nothing_is_owed_where_nothing_around_texts_names_who_is_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=["Organisme d’essai"])
    hide(runtime)
    assert owed(runtime) is None
