"""A join that hid somebody is taken back within minutes by its author; else it shows nobody."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Proposal
from app.platform.database.sessions import read, write
from app.records import parting
from app.records.causes import Cause, was_asked
from app.records.doubles import find_decided
from app.records.joining import join, part
from app.records.parting import undo_join
from app.records.proposals import perhaps_same, propose
from app.records.sealed import open_causes, seal_causes
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.records.test_parting import FIRST, HOME, SECOND, joined, listed, open_pairs
from tests.short_lists import run


def levels(runtime: Runtime) -> dict[str, str | None]:
    """Return by its internal id how much of each actor is hidden."""
    with Session(runtime.staff) as session:
        rows = session.execute(select(ActorProtected.actor_id, ActorProtected.level)).all()
    return {str(actor): level for actor, level in rows}


def public(runtime: Runtime) -> set[str]:
    """Return names and addresses that the public table holds."""
    with Session(runtime.staff) as session:
        shown = select(Actor.name, Actor.address).where(Actor.status == "published")
        return {text for row in session.execute(shown) for text in row if text}


def undone_by(runtime: Runtime, proposal: UUID, who: str) -> None:
    with write(runtime.staff) as session:
        undo_join(session, runtime.vault, proposal, who=who)


@pytest.mark.slow
@pytest.mark.parametrize("later", ["another", "late"])
def test_a_join_with_a_home_that_is_undone_later_publishes_neither(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, later: str
) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(HOME))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    assert "Antenne" not in public(runtime)
    if later == "late":
        monkeypatch.setattr(parting, "WITHIN", timedelta(0))
    undone_by(runtime, pair.id, "autre" if later == "another" else "essai")
    assert None not in levels(runtime).values()
    assert "Antenne" not in public(runtime)
    assert [each.id for each in open_pairs(runtime)] == [pair.id]


def test_who_was_public_and_was_joined_to_a_home_is_hidden_as_it_is_undone_later(
    runtime: Runtime,
) -> None:
    run(runtime, listed(HOME))
    run(runtime, listed(FIRST))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    undone_by(runtime, pair.id, "autre")
    assert None not in levels(runtime).values()
    assert "Antenne" not in public(runtime)


def test_two_that_are_public_are_two_again_whoever_undoes_it(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    before = levels(runtime)
    assert None in before.values()
    joined(runtime, pair.id)
    undone_by(runtime, pair.id, "autre")
    assert levels(runtime) == before


def test_what_an_operator_hid_since_hides_both_once_they_are_two(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    with write(runtime.staff) as session:
        first = session.scalars(select(Actor.id).where(Actor.status == "published")).one()
        row = session.get_one(ActorProtected, first)
        causes = open_causes(runtime.vault, first, row.causes)
        pressed = Cause(why="operator", what="x", since=paris_day())
        row.causes = seal_causes(runtime.vault, first, (*causes, pressed))
    undone_by(runtime, pair.id, "essai")
    assert None not in levels(runtime).values()


@pytest.mark.parametrize("parted", [False, True])
def test_who_may_be_a_third_one_or_is_not_is_so_for_the_one_that_it_is_joined_to(
    runtime: Runtime, parted: bool
) -> None:
    run(runtime, listed(FIRST), source="A")
    run(runtime, listed(SECOND), source="B")
    third = "Accueil;Association;9 rue Basse;93000;Bobigny;01 99 00 00 09;"
    run(runtime, listed(third), source="C")
    with write(runtime.staff) as session:
        found = dict(session.execute(select(Actor.name, Actor.id)).all())
        second, first = found["Maison des droits"], found["Antenne"]
        row = session.get_one(ActorProtected, second)
        today = paris_day()
        known = {"what": str(found["Accueil"]), "dismissed_on": today if parted else None}
        perhaps = Cause(why="duplicate", since=today, **known)
        row.causes = seal_causes(runtime.vault, second, (perhaps,))
        pairs = [perhaps_same(second, first, "même FINESS")]
        propose(session, runtime.vault, index_key(session, runtime.vault), pairs)
    for pair in open_pairs(runtime):
        with write(runtime.staff) as session:
            join(session, runtime.vault, pair.id, who="essai")
    with Session(runtime.staff) as session:
        row = session.get_one(ActorProtected, first)
        causes = open_causes(runtime.vault, first, row.causes)
    assert was_asked(causes, found["Accueil"], answered=parted)
    assert levels(runtime)[str(first)] == (None if parted else "unlisted")
    assert ("Antenne" in public(runtime)) == parted


@pytest.mark.slow
@pytest.mark.parametrize("answer", [join, part])
def test_what_was_decided_of_one_that_was_itself_joined_is_read_beside_who_was_written(
    runtime: Runtime, answer: Callable[..., object]
) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    with read(runtime.staff) as session:
        second = session.get_one(Proposal, pair.id).actor_id
        first = session.scalars(select(Actor.id).where(Actor.name == "Antenne")).one()
    joined(runtime, pair.id)
    third = "Accueil;Association;9 rue Basse;93000;Bobigny;01 99 00 00 09;"
    run(runtime, listed(third), source="C")
    with write(runtime.staff) as session:
        accueil = session.scalars(select(Actor.id).where(Actor.name == "Accueil")).one()
        same = perhaps_same(accueil, second, "même lieu")
        propose(session, runtime.vault, index_key(session, runtime.vault), [same])
    (other,) = open_pairs(runtime)
    with write(runtime.staff) as session:
        answer(session, runtime.vault, other.id, who="essai")
    with read(runtime.staff) as session:
        found = find_decided(session, runtime.vault, OPERATOR, other.id)
    # Of two that are two the first has nothing new to say.
    assert found.second == accueil
    assert found.first == (first if answer is join else accueil)
