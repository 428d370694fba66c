"""Who waited to be told apart from another one, and was archived meanwhile, is one of its own."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.edits import correct
from app.records.proposals import waiting
from app.records.record import Origin
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.lists.test_same_actor import line, table
from tests.operations.erasing import actor_marks, erase, everything
from tests.short_lists import run

pytestmark = pytest.mark.slow

HOMES = (
    line("Les Embruns", "9 rue Dune", Catégorie="MECS"),
    line("Les Embruns", "20 rue Loin", Catégorie="MECS"),
)
PERHAPS = "Association Les Embruns"


def public_ids(runtime: Runtime) -> dict[str, str]:
    """Return the street of each actor -> its public id."""
    with Session(runtime.staff) as session:
        rows = session.execute(
            select(ActorProtected, Actor.public_id).join(Actor, Actor.id == ActorProtected.actor_id)
        )
        return {
            str(open_record(runtime.vault, each.actor_id, each.record).street): public_id
            for each, public_id in rows
        }


@pytest.fixture
def archived(runtime: Runtime) -> Runtime:
    """Two homes, and one that may be either of them, which a person archived."""
    run(runtime, table(*HOMES), source="foyers")
    run(runtime, table(line(PERHAPS, "1 rue Haute")), source="autre")
    with write(runtime.staff) as session:
        asked = list(waiting(session, runtime.vault, OPERATOR))
        assert {each.record.name for each in asked} == {PERHAPS}
        assert len(asked) == 2
        writer, edit = acts.find(session, runtime.vault, asked[0].public_id)
        by = Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF)
        correct(edit, {"status": "archived"}, by)
        acts.write(session, runtime.vault, writer, edit, "archive", "essai")
    return runtime


def test_two_homes_are_not_asked_about_for_it(archived: Runtime) -> None:
    with read(archived.staff) as session:
        assert waiting(session, archived.vault, OPERATOR) == []


def test_it_is_not_erased_with_the_one_that_it_might_be(archived: Runtime) -> None:
    ids = public_ids(archived)
    for street in ("9 rue Dune", "20 rue Loin"):
        erase(archived, actor_marks(archived, ids[street]))
    assert public_ids(archived).keys() == {"1 rue Haute"}
    assert PERHAPS in everything(archived)


def test_its_own_erasure_knows_it_again(archived: Runtime) -> None:
    erase(archived, actor_marks(archived, public_ids(archived)["1 rue Haute"]))
    assert public_ids(archived).keys() == {"9 rue Dune", "20 rue Loin"}
    again = run(archived, table(line(PERHAPS, "1 rue Haute")), source="tiers")
    assert again.rejected == 1
