"""Marks that a former release wrote are written anew, and hide what they would have hidden."""

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected, ErasureDebt
from app.models.protected import MARKS_VERSION
from app.platform.database.sessions import read, write
from app.records import neighbours, remarking
from app.records.acts import unprotect
from app.records.joining import join
from app.records.proposals import waiting
from app.records.remarking import count_outdated, mark_some
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.makers import decide
from tests.records.test_protection import levels
from tests.short_lists import APART, SHELTER, csv, ids, run

QUOTES = "Antenne du 10 rue Cachée;Association;3 rue Autre;93300;Aubervilliers;;"
HOME = "Lieu d'accueil – Seine-Saint-Denis"
OTHERWISE = "Association voisine;Association;10 rue de la Cachée;93000;Bobigny;;"


def as_formerly(runtime: Runtime) -> None:
    """Leave marks as the former release wrote them, which knew neither places nor quotes."""
    with Session(runtime.staff) as session, session.begin():
        session.execute(
            delete(ActorFingerprint).where(
                ActorFingerprint.kind.in_(("place", "quoted", "home place", "home quoted"))
            )
        )
        session.execute(update(ActorProtected).values(marks_version=0))


def mark_anew(runtime: Runtime) -> None:
    left = 1
    while left:
        with write(runtime.staff) as session:
            left = mark_some(session, runtime.vault, "os:essai")
    with read(runtime.staff) as session:
        assert count_outdated(session) == 0


def test_a_new_actor_has_the_marks_of_today(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, APART))
    with Session(runtime.staff) as session:
        assert set(session.scalars(select(ActorProtected.marks_version))) == {MARKS_VERSION}
        assert count_outdated(session) == 0


@pytest.mark.parametrize("neighbour", [QUOTES, OTHERWISE])
def test_a_neighbour_of_an_old_home_is_held_once_it_is_imported(
    runtime: Runtime, neighbour: str
) -> None:
    run(runtime, csv(SHELTER))
    as_formerly(runtime)
    mark_anew(runtime)
    run(runtime, csv(neighbour, APART), source="autre")
    found = levels(runtime)
    assert found.pop("Association libre") is None
    assert found.pop("Foyer fictif") == "neutral"
    assert list(found.values()) == ["held"]


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [1, 1_000])
def test_a_neighbour_that_was_public_is_held_and_owed_an_erasure(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(remarking, "AT_ONCE", at_once)
    run(runtime, csv(QUOTES))
    as_formerly(runtime)
    run(runtime, csv(SHELTER, APART), source="autre")
    as_formerly(runtime)
    assert "Antenne du 10 rue Cachée" in ids(runtime)
    mark_anew(runtime)
    assert set(ids(runtime)) == {HOME, "Antenne", "Association libre"}
    with Session(runtime.staff) as session:
        assert session.scalars(select(ErasureDebt)).all()


def test_the_public_record_of_who_was_held_says_no_more_than_it_would_today(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER, QUOTES))
    with Session(runtime.staff) as session, session.begin():
        former = {"name": "Antenne du 10 rue Cachée", "slug": "antenne-du-10-rue-cachee"}
        session.execute(update(Actor).where(Actor.name == "Antenne").values(former))
        session.execute(delete(ErasureDebt))
    as_formerly(runtime)
    mark_anew(runtime)
    assert set(ids(runtime)) == {HOME, "Antenne"}
    with Session(runtime.staff) as session:
        assert session.scalars(select(ErasureDebt)).all()


@pytest.mark.parametrize("at_once", [1, 1_000])
def test_who_bore_the_name_of_a_home_beside_it_leaves_it(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(remarking, "AT_ONCE", at_once)
    service = "Service d’AEMO Les Pins;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 44;"
    with monkeypatch.context() as former:
        former.setattr(neighbours, "shared_name", lambda actor, home: None)
        run(runtime, csv(SHELTER.replace("Foyer fictif", "MECS Les Pins"), service))
    assert "Service d’AEMO Les Pins" in ids(runtime)
    as_formerly(runtime)
    mark_anew(runtime)
    assert "Pins" not in " ".join(ids(runtime))
    assert len(ids(runtime)) == 2


def test_what_a_person_published_stays_so(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER, QUOTES))
    decide(
        runtime, unprotect, ids(runtime)["Antenne"], who="essai", consent=None, why="sans danger"
    )
    as_formerly(runtime)
    mark_anew(runtime)
    assert levels(runtime)["Antenne du 10 rue Cachée"] is None


@pytest.mark.slow
def test_an_actor_that_was_joined_to_another_one_is_found_by_nothing_again(
    runtime: Runtime,
) -> None:
    run(runtime, csv(SHELTER))
    run(runtime, csv(SHELTER.replace("Foyer fictif", "Foyer fictif (siège)")), source="autre")
    with read(runtime.staff) as session:
        (proposed,) = waiting(session, runtime.vault, OPERATOR)
    with write(runtime.staff) as session:
        join(session, runtime.vault, proposed.id, who="essai")
    as_formerly(runtime)
    mark_anew(runtime)
    with Session(runtime.staff) as session:
        marked = select(func.count(ActorFingerprint.actor_id.distinct()))
        assert session.scalar(marked) == 1
