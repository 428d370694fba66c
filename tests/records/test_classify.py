"""Classifying publishes what was not classified, but no home and nothing else that is hidden."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ErasureDebt
from app.platform.database.sessions import read
from app.records.accords import ConsentMissing
from app.records.acts import CategoryUnlisted, Outcome, classify, unprotect
from app.records.hidden import hidden
from app.records.proposals import waiting
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.short_lists import APART, NEIGHBOUR, csv, ids, run

HEAD = "Réf;Nom;Catégorie;Adresse;Code postal;Commune"
HOME = "Lieu d'accueil – Seine-Saint-Denis"


def one(name: str, category: str, **cells: str) -> bytes:
    """Return a list of one line; cells: more columns."""
    head = ";".join((HEAD, *cells))
    line = ";".join((f"A1;{name};{category};10 rue Cachée;93000;Bobigny", *cells.values()))
    return f"{head}\r\n{line}".encode("cp1252")


def hidden_ids(runtime: Runtime) -> dict[str, tuple[str, bool]]:
    """True name -> public id, and whether it is proposed."""
    with read(runtime.staff) as session:
        found = hidden(session, runtime.vault, OPERATOR)
        return {each.record.name: (each.public_id, each.proposed) for each in found}


def test_classifying_a_home_as_an_ordinary_place_proposes_and_does_not_publish(
    runtime: Runtime,
) -> None:
    run(runtime, one("Les Lilas", "MECS"))
    (public_id, _) = hidden_ids(runtime)["Les Lilas"]
    done = decide(runtime, classify, public_id, "association", who="e", why="erreur de la liste")
    assert done.hidden
    assert "Les Lilas" not in ids(runtime)
    (public_id, proposed) = hidden_ids(runtime)["Les Lilas"]
    assert proposed
    with pytest.raises(ConsentMissing):
        decide(runtime, unprotect, public_id, who="e", consent=None, why="une association")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Foyer des Lilas", {}),
        ("Lilas", {"Missions": "hébergement"}),
        ("Lilas", {"Remarques": "Confidentiel"}),
    ],
)
def test_what_something_else_hides_stays_so_whatever_it_is_called(
    runtime: Runtime, name: str, cells: dict[str, str]
) -> None:
    run(runtime, one(name, "inconnue", **cells))
    (public_id, _) = hidden_ids(runtime)[name]
    done = decide(runtime, classify, public_id, "association", who="e", why="vu")
    assert done.hidden
    assert name in hidden_ids(runtime)


def test_what_was_a_home_before_it_was_unclassified_stays_hidden(runtime: Runtime) -> None:
    run(runtime, one("Les Lilas", "MECS"))
    run(runtime, one("Les Lilas", "inconnue"), source="autre")
    (public_id, _) = hidden_ids(runtime)["Les Lilas"]
    assert decide(runtime, classify, public_id, "association", who="e", why="vu").hidden
    assert "Les Lilas" not in ids(runtime)


def test_a_plan_says_what_would_be_public_and_writes_nothing(runtime: Runtime) -> None:
    run(runtime, one("Les Lilas", "inconnue"))
    (public_id, _) = hidden_ids(runtime)["Les Lilas"]

    def plan(category: str) -> Outcome:
        with read(runtime.staff) as session:
            return classify(
                session, runtime.vault, public_id, category, who="e", why="vu", dry_run=True
            )

    shown, home = plan("association"), plan("mecs")
    with pytest.raises(CategoryUnlisted):
        plan("restaurant")
    assert (shown.hidden, home.hidden) == (False, True)
    assert ids(runtime) == {}


def test_what_becomes_a_home_is_hidden_with_its_neighbours_and_owes_an_erasure(
    runtime: Runtime,
) -> None:
    run(
        runtime,
        csv(
            APART,
            NEIGHBOUR.replace("10, rue cachee;93000;Bobigny", "99 rue Autre;93300;Aubervilliers"),
        ),
    )
    done = decide(runtime, classify, ids(runtime)["Association libre"], "mecs", who="e", why="vu")
    assert (done.hidden, done.hid, done.beside) == (True, True, 1)
    assert set(ids(runtime)) == {HOME, "Association voisine"}
    with Session(runtime.staff) as session:
        assert len(session.scalars(select(ErasureDebt)).all()) == 2


def test_an_accord_is_no_more_asked_of_what_is_public(runtime: Runtime) -> None:
    run(runtime, one("Les Lilas", "inconnue", **{"Accord de publication": "12/03/2026"}))
    (public_id, _) = hidden_ids(runtime)["Les Lilas"]
    with read(runtime.staff) as session:
        assert [each.about for each in waiting(session, runtime.vault, OPERATOR)] == ["consent"]
    decide(runtime, classify, public_id, "association", who="e", why="vu")
    with read(runtime.staff) as session:
        assert waiting(session, runtime.vault, OPERATOR) == []
