"""A line that may be a known actor becomes what a curateur answers of it, and no undoing shows."""

import pytest
from sqlalchemy import select

from app.lists.missing import missing
from app.lists.review import LineUnknown
from app.models import Actor, ActorProtected
from app.models.deposit import Decision
from app.models.protected import Level
from app.platform.database.sessions import read, write
from app.records import acts
from app.records.edits import correct
from app.records.joining import join
from app.records.proposals import waiting
from app.records.record import Origin
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.lists.answering import HOME, KNOWN, NAMESAKE, OTHER, PHONE, RENAMED, Read, applied
from tests.lists.test_same_actor import line, published, records
from tests.lists.test_undo_sequences import check_same, world

NONE_OF_THEM = 0
pytestmark = pytest.mark.slow


def levels(runtime: Runtime) -> dict[str, tuple[str, Level | None]]:
    """Return street -> state, and how much is hidden, of who is not archived."""
    statement = select(ActorProtected, Actor.status).join(
        Actor, Actor.id == ActorProtected.actor_id
    )
    with read(runtime.staff) as session:
        found = {}
        for each, status in session.execute(statement):
            record = open_record(runtime.vault, each.actor_id, each.record)
            if record.status != "archived":
                found[str(record.street)] = (status, each.level)
        return found


def names(runtime: Runtime) -> list[str]:
    """Return the true names of who is not archived."""
    with read(runtime.staff) as session:
        rows = session.scalars(select(ActorProtected)).all()
        records = [open_record(runtime.vault, each.actor_id, each.record) for each in rows]
    return sorted(each.name for each in records if each.status != "archived")


def asked(runtime: Runtime) -> int:
    with read(runtime.staff) as session:
        found = waiting(session, runtime.vault, OPERATOR)
        return sum(each.about == "same" for each in found)


def absent(runtime: Runtime) -> list[str]:
    with read(runtime.staff) as session:
        return [each.name for each in missing(session, runtime.vault, OPERATOR)]


def edit(runtime: Runtime, name: str, **values: object) -> None:
    with write(runtime.staff) as session:
        public_id = session.scalars(select(Actor.public_id).where(Actor.name == name)).one()
        writer, edit = acts.find(session, runtime.vault, public_id)
        correct(edit, values, Origin(source="staff", day=paris_day(), rank=acts.RANK_OF_STAFF))
        acts.write(session, runtime.vault, writer, edit, "update", "essai")


def test_a_line_that_is_a_missing_actor_updates_it_and_it_is_missing_no_more(
    runtime: Runtime,
) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER))
    assert (found.counts["created"], found.counts["missing"]) == (1, 1)
    before = world(runtime)
    found.answer("Maison des droits", 1)
    assert found.apply() == "applied"
    assert "created" not in found.counts
    assert "missing" not in found.counts
    assert published(runtime) == ["Autre", "Maison des droits"]
    assert (absent(runtime), asked(runtime)) == ([], 0)
    again = Read(runtime, (RENAMED, OTHER))
    assert again.counts == {"read": 3, "unchanged": 2, "rejected": 1}
    between = world(runtime)
    assert found.undo() == "undone"
    check_same(before, between, world(runtime))
    assert published(runtime) == ["Antenne", "Autre"]
    assert Read(runtime, (RENAMED, OTHER)).counts["doubtful"] == 1


def test_a_line_of_a_partial_list_updates_the_actor_that_it_is(runtime: Runtime) -> None:
    applied(runtime, line("Point d’écoute", "6 rue Dite", **PHONE), source="autre")
    found = Read(runtime, (line("Point d’écoute jeunes", "6 rue Dite", **PHONE),), whole=False)
    found.answer("Point d’écoute jeunes", 1)
    assert found.apply() == "applied"
    # Of two lists of one rank the name in place stays.
    assert names(runtime) == ["Point d’écoute"]
    assert asked(runtime) == 0


def test_two_that_a_person_finds_are_public_and_asked_about_no_more(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER))
    found.answer("Maison des droits", NONE_OF_THEM)
    before = world(runtime)
    assert found.apply() == "applied"
    assert published(runtime) == ["Antenne", "Autre", "Maison des droits"]
    assert absent(runtime) == ["Antenne"]
    assert asked(runtime) == 0
    moved = RENAMED | {"Adresse": "3 rue Neuve"}
    following = Read(runtime, (moved, OTHER))
    assert "doubtful" not in following.counts
    assert following.apply() == "applied"
    assert asked(runtime) == 0
    assert following.undo() == "undone"
    between = world(runtime)
    assert found.undo() == "undone"
    check_same(before, between, world(runtime))
    assert published(runtime) == ["Antenne", "Autre"]
    assert Read(runtime, (RENAMED, OTHER)).counts["doubtful"] == 1


def test_a_namesake_of_a_home_that_is_another_is_public_and_the_home_stays_hidden(
    runtime: Runtime,
) -> None:
    applied(runtime, HOME)
    found = Read(runtime, (NAMESAKE,), source="autre")
    found.answer(NAMESAKE["Nom"], NONE_OF_THEM)
    assert found.apply() == "applied"
    assert levels(runtime) == {
        "9 rue Dune": ("published", "neutral"),
        "5 place du Port": ("published", None),
    }
    assert asked(runtime) == 0
    applied(runtime, HOME | {"Courriel": "a@example.org"})
    applied(runtime, NAMESAKE | {"Courriel": "b@example.org"}, source="autre")
    assert levels(runtime)["5 place du Port"] == ("published", None)
    assert asked(runtime) == 0


def test_a_line_that_is_a_protected_actor_publishes_nothing(runtime: Runtime) -> None:
    applied(runtime, HOME)
    found = Read(runtime, (NAMESAKE,), source="autre")
    before = world(runtime)
    found.answer(NAMESAKE["Nom"], 1)
    assert found.apply() == "applied"
    assert set(levels(runtime).values()) == {("published", "neutral")}
    assert len(names(runtime)) == 1
    between = world(runtime)
    assert found.undo() == "undone"
    check_same(before, between, world(runtime))


def test_a_home_that_is_a_public_actor_hides_it(runtime: Runtime) -> None:
    applied(runtime, line("Association Les Embruns", "5 place du Port"), source="autre")
    found = Read(runtime, (HOME,))
    found.answer("Les Embruns", 1)
    assert found.apply() == "applied"
    assert [level for _, level in levels(runtime).values()] == ["neutral"]
    assert len(names(runtime)) == 1


def test_a_home_that_is_another_leaves_its_namesake_public(runtime: Runtime) -> None:
    applied(runtime, line("Association Les Embruns", "5 place du Port"), source="autre")
    found = Read(runtime, (HOME,))
    found.answer("Les Embruns", NONE_OF_THEM)
    assert found.apply() == "applied"
    assert levels(runtime) == {
        "9 rue Dune": ("published", "neutral"),
        "5 place du Port": ("published", None),
    }
    assert asked(runtime) == 0
    applied(runtime, HOME | {"Courriel": "a@example.org"})
    assert levels(runtime)["5 place du Port"] == ("published", None)


def test_a_line_that_nobody_answered_is_hidden_and_asked_about(runtime: Runtime) -> None:
    applied(runtime, HOME)
    found = Read(runtime, (NAMESAKE,), source="autre")
    assert found.apply() == "applied"
    assert levels(runtime)["5 place du Port"][1] == "unlisted"
    assert asked(runtime) == 1


@pytest.mark.parametrize("values", [{"description": "Autre"}, {"status": "archived"}])
def test_an_answer_is_asked_anew_once_the_known_actor_is_another(
    runtime: Runtime, values: dict[str, object]
) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER))
    found.answer("Maison des droits", 1)
    edit(runtime, "Antenne", **values)
    assert found.apply() == "ready"
    row, _ = found.stored()["Maison des droits"]
    # To whoever may not know of the other one it stays accepted.
    assert (row.decision, row.answer, row.reread) == ("accept", None, True)
    assert found.apply() == "applied"
    assert "Maison des droits" not in published(runtime)


def test_an_answer_stands_where_something_else_of_the_list_is_read_anew(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER | {"Courriel": "a@example.org"}))
    found.answer("Maison des droits", 1)
    edit(runtime, "Autre", description="Autre")
    assert found.apply() == "ready"
    row, _ = found.stored()["Maison des droits"]
    assert (row.decision, row.answer, row.reread) == ("accept", 1, False)
    assert found.apply() == "applied"
    assert published(runtime) == ["Autre", "Maison des droits"]


def test_an_answer_is_asked_anew_once_the_known_actor_is_joined_to_another(
    runtime: Runtime,
) -> None:
    applied(runtime, HOME, source="foyers")
    applied(runtime, line("Association Les Embruns", "2 rue Vent"), source="tiers")
    found = Read(runtime, (NAMESAKE,), source="autre")
    found.answer(NAMESAKE["Nom"], 1)
    with write(runtime.staff) as session:
        (pair,) = waiting(session, runtime.vault, OPERATOR)
        join(session, runtime.vault, pair.id, who="essai")
    assert found.apply(rest=False) == "ready"
    row, _ = found.stored()[NAMESAKE["Nom"]]
    assert (row.decision, row.answer, row.reread) == ("accept", None, True)
    assert len(found.others(NAMESAKE["Nom"])) == 1


def test_two_lines_that_are_one_actor_update_it_and_are_known_both(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    second = line("Maison du droit", "1 rue Haute", Courriel="droit@example.org", **PHONE)
    found = Read(runtime, (RENAMED, second, OTHER))
    before = world(runtime)
    for name in ("Maison des droits", "Maison du droit"):
        found.answer(name, 1)
    assert found.apply() == "applied"
    assert len(names(runtime)) == 2
    assert absent(runtime) == []
    again = Read(runtime, (RENAMED, second, OTHER))
    assert again.counts == {"read": 4, "unchanged": 3, "rejected": 1}
    between = world(runtime)
    assert found.undo() == "undone"
    check_same(before, between, world(runtime))


def test_one_of_two_lines_is_the_missing_actor_and_the_other_another(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    second = line("Maison du droit", "1 rue Haute", **PHONE)
    found = Read(runtime, (RENAMED, second, OTHER))
    found.answer("Maison des droits", 1)
    found.answer("Maison du droit", NONE_OF_THEM)
    assert found.apply() == "applied"
    assert published(runtime) == ["Autre", "Maison des droits", "Maison du droit"]
    assert (absent(runtime), asked(runtime)) == ([], 0)


def test_who_is_found_again_is_not_archived_as_missing(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER))
    found.decide("missing", "accept")
    found.answer("Maison des droits", 1)
    assert found.apply() == "applied"
    assert published(runtime) == ["Autre", "Maison des droits"]


def test_of_several_that_a_line_may_be_it_is_the_one_that_was_answered(runtime: Runtime) -> None:
    homes = (HOME, line("Les Embruns", "20 rue Loin", Catégorie="MECS"))
    applied(runtime, *homes, source="foyers")
    found = Read(runtime, (NAMESAKE | {"Courriel": "b@example.org"},), source="autre")
    chosen = found.others(NAMESAKE["Nom"])
    assert len(chosen) == 2
    found.answer(NAMESAKE["Nom"], 2)
    assert found.apply() == "applied"
    with read(runtime.staff) as session:
        rows = {
            each.actor_id: open_record(runtime.vault, each.actor_id, each.record)
            for each in session.scalars(select(ActorProtected))
        }
    assert [bool(rows[each].emails) for each in chosen] == [False, True]
    assert asked(runtime) == 0


def test_what_is_put_off_or_refused_afterwards_has_no_answer(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (RENAMED, OTHER))
    deeds: tuple[Decision | None, ...] = ("later", "reject", None)
    for deed in deeds:
        found.answer("Maison des droits", 1)
        found.decide("Maison des droits", deed)
        row, _ = found.stored()["Maison des droits"]
        assert (row.decision, row.answer) == (deed, None)
    found.answer("Maison des droits", 1)
    found.decide("Maison des droits", "accept")
    assert found.stored()["Maison des droits"][0].answer == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_taken_of_an_actor_is_taken_whichever_other_line_it_is_as_well(
    runtime: Runtime, is_first: bool
) -> None:
    known = line("Relais triple", "7 rue Triple", Site="www.a.example.org", **PHONE)
    applied(runtime, known, source="autre")
    taken = known | {"Site": "www.b.example.org"}
    other = line("Relais triples", "7 rue Triple", Site="", **PHONE)
    found = Read(runtime, (taken, other) if is_first else (other, taken), whole=False)
    found.decide("Relais triple", "accept")
    found.answer("Relais triples", 1)
    assert found.apply() == "applied"
    (record,) = records(runtime).values()
    assert record.website == "https://www.b.example.org"


def test_only_a_doubtful_new_line_is_answered(runtime: Runtime) -> None:
    applied(runtime, KNOWN, OTHER)
    found = Read(runtime, (KNOWN | {"Courriel": "a@example.org"}, OTHER, line("Neuf", "9 rue N")))
    for name in ("Neuf", "Antenne"):
        with pytest.raises(LineUnknown):
            found.answer(name, 1)
