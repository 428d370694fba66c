"""History tells enough to undo what it tells: numbers, batches, values and origins before."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Batch, Provenance, Revision, SourceFile
from app.operations.erasure import purge
from app.platform.database.engines import make_engine
from app.platform.database.sessions import write
from app.records.acts import protect, unprotect
from app.records.history import Entry, History
from app.runtime.staff import Runtime
from geo.zones import paris_day
from tests.makers import decide
from tests.short_lists import APART, CRIP, NEIGHBOUR, SHELTER, csv, ids, run

CONSENT = date(2026, 11, 2)


def revisions(runtime: Runtime) -> list[Revision]:
    with Session(runtime.staff) as session:
        return list(session.scalars(select(Revision).order_by(Revision.actor_id, Revision.number)))


def changes(runtime: Runtime, revision: Revision) -> dict[str, list[Any]]:
    found = runtime.vault.open_json("revision", revision.id, "change", revision.change)
    return dict(found)


@pytest.mark.slow
def test_revisions_of_an_actor_are_numbered_whatever_writes_them(runtime: Runtime) -> None:
    run(runtime, csv(APART))
    run(runtime, csv(APART.replace("00 99", "00 98")))
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces")
    purge(runtime.staff, runtime.owner_url, runtime.vault, who="essai", patience=120)
    found = [(each.number, each.action) for each in revisions(runtime)]
    assert found == [(1, "create"), (2, "update"), (3, "protect"), (4, "purge")]


@pytest.mark.slow
def test_a_batch_says_what_its_revisions_belong_to(runtime: Runtime) -> None:
    run(runtime, csv(CRIP, APART))
    run(runtime, csv(CRIP, APART))
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces")
    purge(runtime.staff, runtime.owner_url, runtime.vault, who="essai", patience=120)
    with Session(runtime.staff) as session:
        files = session.scalars(select(SourceFile.id).order_by(SourceFile.received_at)).all()
        rows = session.execute(
            select(Batch.cause, Batch.source_file_id, Revision.action)
            .join(Revision, Revision.batch_id == Batch.id)
            .order_by(Revision.at, Revision.number)
        ).all()
    # The second list changed nothing, and left nothing to undo.
    assert [tuple(row) for row in rows] == [
        ("import", files[0], "create"),
        ("import", files[0], "create"),
        ("edit", None, "protect"),
        ("purge", None, "purge"),
    ]


@pytest.mark.slow
def test_what_is_hidden_beside_belongs_to_the_same_batch(runtime: Runtime) -> None:
    run(runtime, csv(NEIGHBOUR))
    run(runtime, csv(SHELTER), source="autre liste")
    found = {each.action: each.batch_id for each in revisions(runtime) if each.number > 1}
    created = {each.batch_id for each in revisions(runtime) if each.action == "create"}
    assert found["protect"] in created
    assert len(created) == 2


def test_two_entries_of_one_actor_in_one_call_are_refused(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    (created,) = revisions(runtime)
    twice = [Entry(created.actor_id, "update"), Entry(created.actor_id, "purge")]
    with pytest.raises(ValueError, match="once"), write(runtime.staff) as session:
        History(session, runtime.vault, "essai", "edit").note(twice)
    assert [each.action for each in revisions(runtime)] == ["create"]


def state(runtime: Runtime) -> dict[str, Any]:
    """Return the sealed record and the provenance of the only actor, opened, and its reason."""
    with Session(runtime.staff) as session:
        sealed, provenance = session.execute(
            select(ActorProtected, Provenance).join(
                Provenance, Provenance.actor_id == ActorProtected.actor_id
            )
        ).one()
    opened = runtime.vault.open_json
    return {
        "record": opened("actor_protected", sealed.actor_id, "record", sealed.record),
        "provenance": opened("provenance", sealed.actor_id, "fields", provenance.fields),
        "level": sealed.level,
        "causes": opened("actor_protected", sealed.actor_id, "causes", sealed.causes or b""),
    }


def undone(after: dict[str, Any], change: dict[str, list[Any]]) -> dict[str, Any]:
    """Return the state before a change, from the state after it and what history tells."""
    before = {**after, "record": dict(after["record"]), "provenance": dict(after["provenance"])}
    for name, (value, _, origin) in change.items():
        if name in ("level", "causes"):
            before[name] = value
            continue
        before["record"][name] = value
        before["provenance"].pop(name, None)
        if origin:
            before["provenance"][name] = origin
    return before


def test_a_revision_tells_all_that_was_before_it(runtime: Runtime) -> None:
    run(runtime, csv(SHELTER))
    states = [state(runtime)]
    run(runtime, csv(SHELTER.replace("foyer@", "accueil@").replace("00 10", "00 12")))
    states.append(state(runtime))
    (public_id,) = ids(runtime).values()
    decide(runtime, unprotect, public_id, who="essai", consent=CONSENT, why="accord écrit")
    states.append(state(runtime))
    (public_id,) = ids(runtime).values()
    decide(runtime, protect, public_id, who="essai", why="menaces")
    states.append(state(runtime))
    changed_fields = [changes(runtime, each) for each in revisions(runtime)]
    for number in (3, 2, 1):
        assert undone(states[number], changed_fields[number]) == states[number - 1]
    assert changed_fields[2]["level"] == ["neutral", None, None]
    assert changed_fields[3]["consent_on"][:2] == ["2026-11-02", None]


def test_a_batch_is_never_changed(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    owner = make_engine(runtime.owner_url)
    for statement in (update(Batch).values(id=UUID(int=0)), delete(Batch)):
        with owner.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(statement)
        with runtime.staff.connect() as connection, pytest.raises(DBAPIError, match="denied"):
            connection.execute(statement)
    owner.dispose()


def test_two_revisions_of_an_actor_never_have_one_number(runtime: Runtime) -> None:
    run(runtime, csv(CRIP))
    (first,) = revisions(runtime)
    columns = {each.name: getattr(first, each.name) for each in Revision.__table__.columns}
    again = Revision(**columns | {"id": UUID(int=1)})
    with Session(runtime.staff) as session:
        assert session.scalars(select(Actor.id)).one() == first.actor_id
        session.add(again)
        with pytest.raises(DBAPIError, match="uq_revision_actor_id"):
            session.flush()


def test_what_staff_change_asks_the_worker_and_what_a_list_changes_does_not(
    runtime: Runtime,
) -> None:
    asked = text("SELECT task_name, args FROM jobs.procrastinate_jobs ORDER BY id")

    def jobs() -> list[tuple[str, Any]]:
        with Session(runtime.staff) as session:
            return [tuple(row) for row in session.execute(asked)]

    run(runtime, csv(APART))
    # Whoever writes, those who changed are compared with all others, and once.
    compared: tuple[str, Any] = ("compare", {})
    assert jobs() == [compared]
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces")
    assert jobs() == [compared, ("purge", {})]
    (public_id,) = ids(runtime).values()
    decide(runtime, unprotect, public_id, who="essai", consent=paris_day(), why="accord")
    actor = str(revisions(runtime)[0].actor_id)
    assert jobs() == [compared, ("purge", {}), ("geocode", {"ids": [actor]})]
