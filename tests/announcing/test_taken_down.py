"""What becomes of events as somebody whom they name is hidden, and what the journal says of it."""

from uuid import UUID

from sqlalchemy import select, text

from app.agenda.queries import read_event
from app.announcing import writing
from app.audit.journal import Author
from app.models import (
    Actor,
    AgendaRecord,
    AuditEntry,
    Role,
    Withdrawal,
)
from app.platform.database.sessions import read, write
from app.records.acts import protect
from app.runtime.staff import Runtime
from app.visibility import PUBLIC, Viewer
from tests.makers import decide
from tests.makers_agenda import (
    announced,
    cancelled,
    changed,
    drafted,
    publish,
    read_by_visitors,
    record_of,
    withdrawn,
)
from tests.short_lists import csv, ids, run

REFERENT, WHO = Viewer.staff(Role.REFERENT_DEPARTEMENT, ["93"]), Author("autre", "referent")


def actor_of(runtime: Runtime, name: str) -> UUID:
    with read(runtime.staff) as session:
        return session.scalars(select(Actor.id).where(Actor.name == name)).one()


def newcomer(runtime: Runtime, number: int) -> tuple[str, UUID]:
    """An association that nothing hides yet, at a door of its own."""
    name = f"Association nouvelle {number}"
    line = f"{name};Association;{number} rue Ouverte;93300;Aubervilliers;01 99 {number} 00 98;"
    run(runtime, csv(line), source=name)
    return ids(runtime)[name], actor_of(runtime, name)


def waiting(runtime: Runtime) -> str:
    """The public id of the one event that waits for a curateur."""
    with read(runtime.staff) as session:
        waits = select(AgendaRecord.public_id).where(AgendaRecord.status == "proposed")
        return session.scalars(waits).one()


def in_the_journal(runtime: Runtime, record: UUID) -> list[str]:
    """What the journal says that the service did to an event, once the worker has done its jobs."""
    with write(runtime.staff) as session:
        taken = text(
            "DELETE FROM jobs.procrastinate_jobs WHERE task_name = 'note' RETURNING args->'ids'"
        )
        for given in session.scalars(taken).all():
            writing.note_taken(session, runtime.vault, map(UUID, given))
        noted = select(AuditEntry.action).where(AuditEntry.subject == str(record))
        by_itself = noted.where(AuditEntry.who == writing.BY_ITSELF.who)
        return list(session.scalars(by_itself.order_by(AuditEntry.number)))


def test_an_event_that_names_an_actor_is_taken_down_as_it_is_hidden(runtime: Runtime) -> None:
    named, _ = newcomer(runtime, 41)
    public_id = announced(runtime, title="Nommé", text="Au 41 rue Ouverte.")
    announced(runtime, title="Autre")
    drafted(runtime, title="Brouillon", text="Au 41 rue Ouverte.")
    decide(runtime, protect, named, who="essai", why="essai")
    found = read_by_visitors(runtime)
    assert "Nommé" not in found
    assert "Autre" in found
    again = waiting(runtime)
    assert again != public_id
    record = record_of(runtime, again)
    assert (record.masked, record.sequence) == (True, 0)
    with read(runtime.staff) as session:
        masked = session.scalars(select(AgendaRecord).where(AgendaRecord.masked)).all()
        assert {each.status for each in masked} == {"proposed", "draft"}
        noted = session.scalars(select(Withdrawal).where(Withdrawal.what == "event")).all()
        assert str(record.id) in {each.subject for each in noted}
    assert in_the_journal(runtime, record.id) == ["event_taken"]


def test_what_was_withdrawn_comes_back_at_another_address_once_its_organiser_is_hidden(
    runtime: Runtime,
) -> None:
    named, actor = newcomer(runtime, 45)
    former = announced(runtime, actor=actor, place="Salle des fêtes, Pantin")
    record = record_of(runtime, former).id
    withdrawn(runtime, former)
    draft = drafted(runtime, actor=actor)
    decide(runtime, protect, named, who="essai", why="essai")
    with read(runtime.staff) as session:
        again = session.get_one(AgendaRecord, record)
        assert again.public_id != former
        assert (again.status, again.masked, again.sequence) == ("draft", True, 0)
    # Whoever writes what nobody read finds it where it was.
    assert record_of(runtime, draft).masked
    # Readers had lost it before.
    assert in_the_journal(runtime, record) == []


def test_an_event_whose_link_names_an_actor_is_taken_down_as_it_is_hidden(
    runtime: Runtime,
) -> None:
    named, _ = newcomer(runtime, 44)
    announced(runtime, title="Lié", url="https://exemple.fr/44-rue-ouverte-aubervilliers")
    announced(runtime, title="Autre")
    decide(runtime, protect, named, who="essai", why="essai")
    found = read_by_visitors(runtime)
    assert "Lié" not in found
    assert "Autre" in found


def test_an_event_of_an_actor_is_taken_down_as_it_is_hidden_and_then_names_nobody(
    runtime: Runtime,
) -> None:
    named, actor = newcomer(runtime, 42)
    public_id = announced(runtime, actor=actor, place="Salle des fêtes, Pantin")
    assert named in read_by_visitors(runtime)
    decide(runtime, protect, named, who="essai", why="essai")
    assert read_by_visitors(runtime) == ""
    former, public_id = public_id, waiting(runtime)
    publish(runtime, public_id)
    found = read_by_visitors(runtime)
    assert public_id in found
    assert former not in found
    assert "Salle des fêtes" not in found
    assert named not in found
    with read(runtime.databases.public) as session:
        event = read_event(session, PUBLIC, public_id)
    assert (event.place, event.organiser) == (None, None)


def test_what_is_cancelled_and_taken_down_comes_back_cancelled(runtime: Runtime) -> None:
    named, _ = newcomer(runtime, 43)
    public_id = announced(runtime, text="Au 43 rue Ouverte.")
    cancelled(runtime, public_id, "Intervenante absente.")
    decide(runtime, protect, named, who="essai", why="essai")
    public_id = waiting(runtime)
    changed(runtime, public_id, text="Ailleurs.")
    publish(runtime, public_id)
    with read(runtime.databases.public) as session:
        event = read_event(session, PUBLIC, public_id)
    assert event.cancelled_at is not None
    assert event.reason == "Intervenante absente."
    assert record_of(runtime, public_id).status == "cancelled"
