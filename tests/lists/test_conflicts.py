"""Of two lists that disagree, the value in place stays, and what the other one says is found."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.conflicts import conflicts
from app.models import Actor
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.short_lists import CRIP, NEIGHBOUR, SHELTER, counts, csv, run

pytestmark = pytest.mark.slow

OTHER = CRIP.replace("00 01", "00 09").replace("1 rue de l'Exemple", "7 rue Autre")


def found(runtime: Runtime) -> set[tuple[str, str, str, str]]:
    with read(runtime.staff) as session:
        return {
            (each.field, each.present, each.said, each.source)
            for each in conflicts(session, runtime.vault, OPERATOR)
        }


def crip(runtime: Runtime) -> tuple[list[str], str | None]:
    with Session(runtime.staff) as session:
        actor = session.scalars(select(Actor)).one()
        return actor.phones, actor.address


def numbered(line: str, finess: str = "930000484") -> bytes:
    head, body = csv(line).decode("cp1252").split("\r\n")
    return f"FINESS;{head}\r\n{finess};{body}".encode("cp1252")


def test_the_value_in_place_stays_and_the_other_list_is_not_forgotten(runtime: Runtime) -> None:
    run(runtime, numbered(CRIP), source="A")
    assert counts(run(runtime, numbered(OTHER), source="B")) == {"read": 1, "conflicting": 1}
    assert crip(runtime) == (["+33199000001"], "1 rue de l'Exemple\n93000 Bobigny")
    assert found(runtime) == {
        ("téléphones", "01 99 00 00 01", "01 99 00 00 09", "B"),
        ("adresse", "1 rue de l'Exemple 93000 Bobigny", "7 rue Autre 93000 Bobigny", "B"),
    }


def test_a_category_and_a_state_are_said_in_words(runtime: Runtime) -> None:
    run(runtime, numbered(CRIP), source="A")
    other = numbered(CRIP.replace(";CRIP;", ";ASE;")).decode("cp1252").split("\r\n")
    run(runtime, f"{other[0]};État\r\n{other[1]};fermé".encode("cp1252"), source="B")
    assert found(runtime) == {
        (
            "catégorie",
            "Cellule de recueil des informations préoccupantes (CRIP)",
            "Aide sociale à l’enfance (ASE)",
            "B",
        ),
        ("état", "archivé", "publié", "A"),
    }


def test_a_list_corrects_its_own_value(runtime: Runtime) -> None:
    run(runtime, numbered(CRIP), source="A")
    run(runtime, numbered(OTHER), source="B")
    run(runtime, numbered(CRIP.replace("00 01", "00 09")), source="A")
    assert crip(runtime)[0] == ["+33199000009"]
    assert {each[0] for each in found(runtime)} == {"adresse"}


def test_another_list_completes_what_is_empty_and_takes_no_half_of_a_place(
    runtime: Runtime,
) -> None:
    run(runtime, numbered(CRIP.replace("1 rue de l'Exemple", "").replace("01 99 00 00 01", "")))
    run(runtime, numbered(OTHER.replace("93000;Bobigny", "93300;Aubervilliers")), source="B")
    assert crip(runtime) == (["+33199000009"], "93000 Bobigny")
    run(runtime, numbered(OTHER), source="C")
    assert crip(runtime) == (["+33199000009"], "7 rue Autre\n93000 Bobigny")


def test_a_home_is_where_the_last_list_says_so_that_its_neighbours_are_held(
    runtime: Runtime,
) -> None:
    run(runtime, numbered(SHELTER.replace("10 rue Cachée", "3 rue Ancienne")), source="A")
    run(runtime, csv(NEIGHBOUR), source="voisins")
    run(runtime, numbered(SHELTER), source="B")
    with Session(runtime.staff) as session:
        neighbour = session.scalars(select(Actor).where(Actor.category == "association")).one()
    assert neighbour.address is None
