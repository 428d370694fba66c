"""That two actors are two holds for both of them, whichever was asked about, in any order."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorProtected
from app.models.protected import Level
from app.platform.database.sessions import read, write
from app.records.acts import unprotect
from app.records.joining import join, part
from app.records.parting import undo_answer
from app.records.proposals import ProposalUnknown, Waiting, waiting
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.lists.test_same_actor import line, table
from tests.makers import decide
from tests.short_lists import run

pytestmark = pytest.mark.slow

DISCREET = line("Les Embruns", "9 rue Dune", Réf="1", **{"Accord de publication": "non"})
SERVICE = line("Antenne", "1 rue Haute", Réf="2")
NAMESAKE = SERVICE | {"Nom": "Les Embruns"}
HOME = NAMESAKE | {"Catégorie": "MECS"}


def sent(runtime: Runtime, *editions: dict[str, str]) -> None:
    for each in editions:
        run(runtime, table(DISCREET), source="une")
        run(runtime, table(each), source="autre")


def levels(runtime: Runtime) -> dict[str, Level | None]:
    """Return street -> how much is hidden."""
    with Session(runtime.staff) as session:
        return {
            str(open_record(runtime.vault, each.actor_id, each.record).street): each.level
            for each in session.scalars(select(ActorProtected))
        }


def asked(runtime: Runtime) -> list[Waiting]:
    with read(runtime.staff) as session:
        found = waiting(session, runtime.vault, OPERATOR)
        return [each for each in found if each.about == "same"]


def parted(runtime: Runtime) -> Waiting:
    (pair,) = asked(runtime)
    with write(runtime.staff) as session:
        part(session, runtime.vault, pair.id, who="essai")
    assert asked(runtime) == []
    return pair


def test_both_that_were_asked_about_are_answered_at_once(runtime: Runtime) -> None:
    sent(runtime, SERVICE, NAMESAKE, HOME)
    assert levels(runtime) == {"9 rue Dune": "unlisted", "1 rue Haute": "unlisted"}
    parted(runtime)
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": "neutral"}
    more = HOME | {"Courriel": "a@example.org"}
    sent(runtime, more)
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": "neutral"}
    assert asked(runtime) == []


def test_who_is_found_to_be_two_before_the_other_is_a_home_is_asked_no_more(
    runtime: Runtime,
) -> None:
    sent(runtime, SERVICE, NAMESAKE)
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": "unlisted"}
    parted(runtime)
    sent(runtime, HOME)
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": "neutral"}
    assert asked(runtime) == []


def test_an_answer_for_both_is_taken_back_for_both(runtime: Runtime) -> None:
    sent(runtime, SERVICE, NAMESAKE, HOME)
    pair = parted(runtime)
    with write(runtime.staff) as session:
        undone = undo_answer(session, runtime.vault, pair.id, who="essai")
        assert undone.hidden
    assert levels(runtime) == {"9 rue Dune": "unlisted", "1 rue Haute": "unlisted"}
    (again,) = asked(runtime)
    assert again.id == pair.id
    parted(runtime)
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": "neutral"}


def test_publishing_one_of_two_leaves_the_question_of_the_other(runtime: Runtime) -> None:
    sent(runtime, SERVICE, NAMESAKE, HOME)
    (pair,) = asked(runtime)
    assert pair.record.street == "1 rue Haute"
    decide(runtime, unprotect, pair.public_id, who="essai", consent=paris_day(), why="accord")
    assert levels(runtime) == {"9 rue Dune": "unlisted", "1 rue Haute": None}
    assert parted(runtime).id == pair.id
    assert levels(runtime) == {"9 rue Dune": "neutral", "1 rue Haute": None}


def test_two_that_were_joined_are_not_found_to_be_two(runtime: Runtime) -> None:
    """Each of two questions of the same three: the second one has no object any more."""
    sent(runtime, SERVICE, NAMESAKE)
    run(runtime, table(NAMESAKE | {"Réf": "3", "Adresse": "5 place du Port"}), source="tiers")
    pairs = asked(runtime)
    assert len(pairs) == 3
    done = [pair for pair in pairs if pair.other and pair.other.street == "9 rue Dune"]
    for each in done:
        with write(runtime.staff) as session:
            join(session, runtime.vault, each.id, who="essai")
    assert asked(runtime) == []
    (left,) = (each for each in pairs if each not in done)
    before = levels(runtime)
    with write(runtime.staff) as session, pytest.raises(ProposalUnknown):
        part(session, runtime.vault, left.id, who="essai")
    assert levels(runtime) == before
