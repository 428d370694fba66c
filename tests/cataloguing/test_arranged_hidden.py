"""What stands around resources names nobody who is hidden later."""

from sqlalchemy import text

from app.cataloguing import body_names, synonyms
from app.platform.database.sessions import write
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.makers import decide
from tests.makers_resources import CURATEUR, WRITER, made
from tests.short_lists import APART, SHELTER, csv, ids, run

NAMED = "Accueil du 99 rue Autre"


def around(runtime: Runtime) -> str:
    """All that a visitor's connection reads of words and of issuing bodies."""
    with runtime.databases.public.connect() as connection:
        views = [
            text(f"SELECT v::text FROM {name} v") for name in ("issuing_body", "resource_synonym")
        ]
        return "\n".join(row for view in views for row in connection.execute(view).scalars())


def test_words_and_other_names_of_bodies_go_as_whom_they_name_is_hidden(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    made(runtime, bodies=["Organisme d’essai"])
    with write(runtime.staff) as session:
        given = (session, runtime.vault, CURATEUR, WRITER)
        body_names.change(*given, "organisme-d-essai", "Organisme d’essai", [NAMED, "Autre nom"])
        synonyms.put(*given, None, [NAMED, "mot un", "mot deux"])
    assert around(runtime).count(NAMED) == 2
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="essai")
    found = around(runtime)
    assert NAMED not in found
    assert "Autre nom" in found
    assert "mot deux" in found
