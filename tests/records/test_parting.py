"""What a person decided of a pair can be taken back, and closes what it settles."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select, text
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Proposal, Provenance, Report, SourceRecord, SourceRow
from app.platform.database.sessions import read, write
from app.records.acts import protect, unprotect
from app.records.joining import join, part
from app.records.parting import JoinedSince, NotJoined, undo_join
from app.records.proposals import Waiting, perhaps_same, propose, waiting
from app.records.sealed import open_causes, open_provenance, open_record
from app.reports.receiving import report_of
from app.runtime.staff import Runtime
from app.vault.digests import index_key
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import ids, run

pytestmark = pytest.mark.slow
HEAD = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"
FIRST = "Antenne;Association;1 rue Haute;93000;Bobigny;01 99 00 00 01;a@example.org"
SECOND = "Maison des droits;Association;1 rue Haute;93000;Bobigny;01 99 00 00 01;b@example.org"
HOME = "Les Lilas;MECS;1 rue Haute;93000;Bobigny;01 99 00 00 01;"


def listed(*lines: str) -> bytes:
    return "\r\n".join((HEAD, *lines)).encode("cp1252")


def open_pairs(runtime: Runtime) -> list[Waiting]:
    with read(runtime.staff) as session:
        found = waiting(session, runtime.vault, OPERATOR)
        return [each for each in found if each.about == "same"]


def state(runtime: Runtime) -> dict[str, object]:
    """Return all that is known of each actor, by its internal id, but for its public id."""
    with Session(runtime.staff) as session:
        found = session.execute(
            select(Actor, ActorProtected).join(ActorProtected, ActorProtected.actor_id == Actor.id)
        ).all()
        lines = session.execute(
            select(SourceRecord.identity, SourceRecord.actor_id, SourceRecord.missing_since)
        ).all()
        rows = session.execute(select(SourceRow.id, SourceRow.actor_id)).all()
    known: dict[str, object] = {
        str(actor.id): (
            open_record(runtime.vault, actor.id, sealed.record),
            set(open_causes(runtime.vault, actor.id, sealed.causes)),
            (sealed.level, actor.status, actor.name, actor.address, actor.email, actor.phones),
        )
        for actor, sealed in found
    }
    return known | {"lines": sorted(map(tuple, lines)), "rows": sorted(map(tuple, rows))}


def joined(runtime: Runtime, proposal: UUID) -> None:
    with write(runtime.staff) as session:
        join(session, runtime.vault, proposal, who="essai")


def undone(runtime: Runtime, proposal: UUID) -> None:
    with write(runtime.staff) as session:
        undo_join(session, runtime.vault, proposal, who="essai")


@pytest.mark.parametrize("second", [SECOND, HOME])
def test_a_join_that_is_undone_leaves_both_as_they_were(runtime: Runtime, second: str) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(second))
    before = state(runtime)
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    assert open_pairs(runtime) == []
    assert state(runtime) != before
    undone(runtime, pair.id)
    assert state(runtime) == before
    (again,) = open_pairs(runtime)
    assert again.id == pair.id
    joined(runtime, pair.id)
    undone(runtime, pair.id)
    assert state(runtime) == before
    with pytest.raises(NotJoined):
        undone(runtime, pair.id)
    run(runtime, listed(second))
    assert state(runtime)["lines"] == before["lines"]


@pytest.mark.parametrize("judged", ["no", "seen", "agreed"])
def test_what_was_judged_of_one_hides_it_for_the_other(runtime: Runtime, judged: str) -> None:
    def described(line: str, text: str) -> bytes:
        return f"{HEAD};Description\r\n{line};{text}".encode("cp1252")

    says = "Propose un hébergement d'urgence"
    run(runtime, described(FIRST, "" if judged == "no" else says))
    if judged != "no":
        consent = paris_day() if judged == "agreed" else None
        decide(runtime, unprotect, ids(runtime)["Antenne"], who="essai", consent=consent, why="vu")
    run(runtime, described(SECOND, says))
    (pair,) = open_pairs(runtime)
    with write(runtime.staff) as session:
        done = join(session, runtime.vault, pair.id, who="essai")
    assert done.hidden
    undone(runtime, pair.id)
    with Session(runtime.staff) as session:
        antenne = session.scalars(select(Actor.id).where(Actor.name == "Antenne")).one()
        assert session.get_one(ActorProtected, antenne).level is None


def test_lines_lead_to_the_actor_that_stays(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    with Session(runtime.staff) as session:
        led = set(session.scalars(select(SourceRow.actor_id)))
        stays = session.scalars(select(Actor.id).where(Actor.status == "published")).one()
    assert led == {stays}


def test_what_was_written_since_a_join_stays(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    decide(runtime, protect, ids(runtime)["Maison des droits"], who="essai", why="menaces")
    run(runtime, listed(SECOND.replace("b@", "c@")))
    undone(runtime, pair.id)
    with Session(runtime.staff) as session:
        sealed = session.scalars(select(ActorProtected)).all()
        known = {
            record.name: (record.emails, {each.why for each in causes if not each.dismissed_on})
            for each in sealed
            for record in [open_record(runtime.vault, each.actor_id, each.record)]
            for causes in [open_causes(runtime.vault, each.actor_id, each.causes)]
        }
    assert known["Antenne"] == (("c@example.org",), {"decision"})
    assert "Antenne" not in ids(runtime)


def test_provenance_is_that_of_before(runtime: Runtime) -> None:
    def provenance() -> dict[str, object]:
        with Session(runtime.staff) as session:
            return {
                str(each.actor_id): open_provenance(runtime.vault, each.actor_id, each.fields)
                for each in session.scalars(select(Provenance))
            }

    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    before = provenance()
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    undone(runtime, pair.id)
    assert provenance() == before


def test_of_two_joins_the_last_one_is_undone_first(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    third = SECOND.replace("Maison des droits", "Point d'accueil")
    run(runtime, listed(third))
    (later,) = open_pairs(runtime)
    # The one that was known first stays, so that both lead to it: any order is right.
    joined(runtime, later.id)
    undone(runtime, later.id)
    undone(runtime, pair.id)
    assert len(open_pairs(runtime)) == 2


def test_an_actor_that_was_joined_to_another_one_since_is_not_parted_first(
    runtime: Runtime,
) -> None:
    run(runtime, listed(FIRST), source="A")
    run(runtime, listed(SECOND), source="B")
    run(runtime, listed(SECOND.replace("Maison", "La maison")), source="C")
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    with write(runtime.staff) as session:
        names = dict(session.execute(select(Actor.name, Actor.id)).all())
        stays = perhaps_same(names["Maison des droits"], names["Antenne"], "même lieu")
        propose(session, runtime.vault, index_key(session, runtime.vault), [stays])
    (other,) = open_pairs(runtime)
    joined(runtime, other.id)
    with pytest.raises(JoinedSince):
        undone(runtime, pair.id)


def test_publishing_one_that_may_be_another_says_that_they_are_two(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    decide(runtime, unprotect, pair.public_id, who="essai", consent=None, why="deux services")
    assert open_pairs(runtime) == []
    assert set(ids(runtime)) == {"Antenne", "Maison des droits"}
    with Session(runtime.staff) as session:
        decided = session.scalars(select(Proposal)).one()
    assert (decided.accepted, decided.who) == (False, "essai")


def test_hiding_a_place_closes_what_was_said_of_its_accord(runtime: Runtime) -> None:
    data = f"{HEAD};Accord de publication\r\n{HOME};12/03/2026".encode("cp1252")
    run(runtime, data)
    with read(runtime.staff) as session:
        (asked,) = waiting(session, runtime.vault, OPERATOR)
    decide(runtime, protect, asked.public_id, who="essai", why="menaces")
    with read(runtime.staff) as session:
        assert waiting(session, runtime.vault, OPERATOR) == []


def test_an_accord_of_one_that_was_joined_is_asked_of_the_one_that_stays(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    head = f"{HEAD};Accord de publication"
    run(runtime, f"{head}\r\n{HOME};12/03/2026".encode("cp1252"))
    (pair,) = open_pairs(runtime)
    joined(runtime, pair.id)
    with read(runtime.staff) as session:
        (asked,) = waiting(session, runtime.vault, OPERATOR)
    assert asked.about == "consent"
    assert ids(runtime) == {"Lieu d'accueil – Seine-Saint-Denis": asked.public_id}


def test_a_pair_that_a_person_parted_cannot_be_undone(runtime: Runtime) -> None:
    run(runtime, listed(FIRST))
    run(runtime, listed(SECOND))
    (pair,) = open_pairs(runtime)
    with write(runtime.staff) as session:
        part(session, runtime.vault, pair.id, who="essai")
    with pytest.raises(NotJoined):
        undone(runtime, pair.id)


def two(runtime: Runtime) -> UUID:
    """Two public actors of two lists; return the proposal that the second one is the first."""
    run(runtime, listed(FIRST), source="A")
    run(runtime, listed(SECOND), source="B")
    with write(runtime.staff) as session:
        names = dict(session.execute(select(Actor.name, Actor.id)).all())
        found = perhaps_same(names["Maison des droits"], names["Antenne"], "même lieu")
        propose(session, runtime.vault, index_key(session, runtime.vault), [found])
    (pair,) = open_pairs(runtime)
    return pair.id


def addresses(runtime: Runtime) -> dict[str, str]:
    """Return what the public login reads of former addresses."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT public_id, target FROM former_address"))
        return {row.public_id: row.target for row in rows}


def test_an_address_leads_to_the_one_that_stays_and_back(runtime: Runtime) -> None:
    pair = two(runtime)
    before = ids(runtime)
    joined(runtime, pair)
    assert addresses(runtime) == {before["Maison des droits"]: before["Antenne"]}
    undone(runtime, pair)
    assert addresses(runtime) == {}
    assert ids(runtime) == before


def test_errors_that_wait_lead_to_the_one_that_stays_and_back(runtime: Runtime) -> None:
    pair = two(runtime)
    with write(runtime.staff) as session:
        actors = {each.name: each for each in session.scalars(select(Actor))}
        waits, decided = (
            report_of(
                *(session, runtime.vault, actors["Maison des droits"], "phone", ""),
                datetime.now(UTC),
            )
            for _ in range(2)
        )
        over = session.get_one(Report, decided)
        over.decided_at, over.accepted = datetime.now(UTC), False
        first, second = (actors[name].id for name in ("Antenne", "Maison des droits"))

    def of_whom() -> dict[UUID, UUID | None]:
        with read(runtime.staff) as session:
            return dict(session.execute(select(Report.id, Report.actor_id)).all())

    joined(runtime, pair)
    assert of_whom() == {waits: first, decided: second}
    undone(runtime, pair)
    assert of_whom() == {waits: second, decided: second}


@pytest.mark.parametrize("hidden", ["before", "after"])
@pytest.mark.parametrize("name", ["Antenne", "Maison des droits"])
def test_no_address_leads_from_or_to_a_hidden_one(runtime: Runtime, hidden: str, name: str) -> None:
    pair, before = two(runtime), ids(runtime)
    if hidden == "before":
        decide(runtime, protect, before[name], who="essai", why="menaces")
    joined(runtime, pair)
    if hidden == "after":
        decide(runtime, protect, before["Antenne"], who="essai", why="menaces")
    assert addresses(runtime) == {}
    with Session(runtime.staff) as session:
        stays = session.scalars(select(Actor).where(Actor.status == "published")).one()
    assert (stays.protected, stays.public_id in before.values()) == (True, False)
    decide(runtime, unprotect, stays.public_id, who="essai", consent=paris_day(), why="vu")
    assert ids(runtime).keys() == {"Antenne"}
    assert addresses(runtime) == {}


def test_what_led_to_one_that_is_joined_leads_on_and_back(runtime: Runtime) -> None:
    run(runtime, listed(FIRST), source="A")
    run(runtime, listed(SECOND), source="B")
    run(runtime, listed(SECOND.replace("Maison", "La maison")), source="C")
    known = ids(runtime)
    names = ("La maison des droits", "Maison des droits", "Antenne")
    with write(runtime.staff) as session:
        found = dict(session.execute(select(Actor.public_id, Actor.id)).all())
        order = [found[known[each]] for each in names]
        session.execute(delete(Proposal))
        pairs = [perhaps_same(order[0], order[1], "x"), perhaps_same(order[1], order[2], "x")]
        propose(session, runtime.vault, index_key(session, runtime.vault), pairs)
        of = {each.actor_id: each.id for each in session.scalars(select(Proposal))}
    joined(runtime, of[order[0]])
    joined(runtime, of[order[1]])
    third, second, first = (known[each] for each in names)
    assert addresses(runtime) == {third: first, second: first}
    undone(runtime, of[order[1]])
    assert addresses(runtime) == {third: second}
    undone(runtime, of[order[0]])
    assert addresses(runtime) == {}
    assert ids(runtime) == known


def test_an_undoing_reads_the_history_of_those_alone_that_were_joined(runtime: Runtime) -> None:
    pair = two(runtime)
    sent: list[str] = []
    joined(runtime, pair)

    def note(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    event.listen(runtime.staff, "before_cursor_execute", note)
    undone(runtime, pair)
    event.remove(runtime.staff, "before_cursor_execute", note)
    asked = [each.partition("WHERE")[2] for each in sent if "FROM revision" in each]
    assert asked
    assert [each for each in asked if "actor_id" not in each] == []
