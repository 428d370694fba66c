"""Lists that are read, applied and undone: what may not be lost of them, and steps to stop at."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Engine, func, select, text

from app.jobs import depositing, undoing
from app.lists import deposits, review
from app.models import (
    Actor,
    ActorProtected,
    AuditEntry,
    Batch,
    Deposit,
    DepositLine,
    Revision,
    SourceFile,
    SourceRecord,
    SourceRow,
)
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.records.sealed import open_record
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.short_lists import csv, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"
SOURCE = "Liste"
Deed = Literal["check", "apply", "undo"]
# What each deed ends as.
ENDS: dict[Deed, str] = {"check": "ready", "apply": "applied", "undo": "undone"}
# What stands while it is done.
RUNS: dict[Deed, str] = {"check": "checking", "apply": "applying", "undo": "undoing"}


def deposit(runtime: Runtime, *lines: str, source: str = SOURCE) -> UUID:
    """Send a list that waits to be read."""
    with write(runtime.staff) as session:
        given = sent(csv(*lines), source=source, who=WHO)
        return deposits.deposit(session, runtime.vault, given, "93")[0]


def ask_to_apply(runtime: Runtime, deposit: UUID) -> None:
    """Accept all lines of a list, of whoever is missing too, and let the worker apply it."""
    with write(runtime.staff) as session:
        seen = session.get_one(Deposit, deposit).at
        review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
        missing = DepositLine.outcome == "missing"
        review.decide(session, OPERATOR, deposit, "accept", WHO, review.these(
            session.scalars(select(DepositLine.id).where(missing)).all()
        ))  # fmt: skip
        deposits.ask_to_apply(session, deposit, seen, WHO)


def ask_to_undo(runtime: Runtime, deposit: UUID) -> None:
    with write(runtime.staff) as session:
        found = deposits.find_for_job(session, runtime.vault, deposit)
        assert found is not None
        deposits.ask_to_undo(session, runtime.vault, found, found.since, WHO)


def ask(runtime: Runtime, deposit: UUID, deed: Deed) -> None:
    """Ask for a deed; that a list is read is asked for by its deposit."""
    if deed == "apply":
        ask_to_apply(runtime, deposit)
    elif deed == "undo":
        ask_to_undo(runtime, deposit)


def do(runtime: Runtime, deposit: UUID, deed: Deed) -> None:
    """Do in this process what was asked for."""
    {"check": depositing.check, "apply": depositing.apply, "undo": undoing.undo}[deed](
        runtime, deposit
    )


def state(runtime: Runtime, deposit: UUID) -> str:
    with read(runtime.staff) as session:
        return session.get_one(Deposit, deposit).state


def is_done(runtime: Runtime, deposit: UUID, deed: Deed) -> bool:
    """Say whether a deed is done, and its job says so."""
    job = text(
        "SELECT status::text FROM jobs.procrastinate_jobs"
        " WHERE task_name = :deed AND args -> 'ids' ? :id ORDER BY id DESC LIMIT 1"
    )
    with read(runtime.staff) as session:
        ended = session.scalar(job, {"deed": deed, "id": str(deposit)})
        return session.get_one(Deposit, deposit).state == ENDS[deed] and ended == "succeeded"


def is_begun(runtime: Runtime, deed: Deed) -> bool:
    """Say whether a worker does a job of this name."""
    job = text(
        "SELECT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs"
        " WHERE task_name = :deed AND status = 'doing')"
    )
    with read(runtime.staff) as session:
        return bool(session.scalar(job, {"deed": deed}))


def error(runtime: Runtime, deposit: UUID) -> str | None:
    with read(runtime.staff) as session:
        return session.get_one(Deposit, deposit).error


def counted(runtime: Runtime, model: type) -> int:
    with read(runtime.staff) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


@dataclass(frozen=True)
class Written:
    """What is written of a deposit and of all actors, by their true names, not by ids.

    files: status of each. lines: of the page of the deposit, by what they do. rows: outcomes of the
    lines of its file. ties: how many of each actor. history: of each actor, number and cause.
    """

    state: str
    files: Counter[str]
    lines: Counter[str]
    rows: list[tuple[int, str]]
    actors: dict[str, Any]
    ties: Counter[str]
    history: dict[str, list[tuple[int, str]]]
    journal: list[str]


def written(runtime: Runtime, deposit: UUID) -> Written:
    """Read all that a deed of a deposit may not half do."""
    with read(runtime.staff) as session:
        names: dict[UUID, str] = {}
        actors: dict[str, Any] = {}
        first = (
            select(Revision.actor_id, func.min(Revision.at).label("at"))
            .group_by(Revision.actor_id)
            .subquery()
        )
        statement = (
            select(ActorProtected, Actor.status)
            .join(Actor)
            .join(first, first.c.actor_id == Actor.id)
            .order_by(first.c.at)
        )
        for each, status in session.execute(statement):
            record = open_record(runtime.vault, each.actor_id, each.record)
            # Who was archived as a list was undone is made anew by the next one.
            times = sum(name.partition(" (")[0] == record.name for name in actors)
            name = f"{record.name} ({times + 1})" if times else record.name
            names[each.actor_id] = name
            actors[name] = (record.model_dump(mode="json"), status, each.level)
        history: dict[str, list[tuple[int, str]]] = {}
        revisions = select(Revision.actor_id, Revision.number, Batch.cause).join(Batch)
        for actor, number, cause in session.execute(revisions.order_by(Revision.number)):
            history.setdefault(names[actor], []).append((number, cause))
        of_file = SourceRow.source_file_id == deposit
        rows = select(SourceRow.line, SourceRow.outcome).where(of_file).order_by(SourceRow.line)
        entries = select(AuditEntry).where(AuditEntry.subject == str(deposit))
        journal = sorted(session.scalars(entries), key=lambda each: each.number)
        lines = select(DepositLine.outcome).where(DepositLine.file_id == deposit)
        return Written(
            session.get_one(Deposit, deposit).state,
            Counter(session.scalars(select(SourceFile.status))),
            Counter(session.scalars(lines)),
            [(row.line, row.outcome) for row in session.execute(rows)],
            actors,
            Counter(names[each] for each in session.scalars(select(SourceRecord.actor_id)) if each),
            history,
            [each.action for each in journal],
        )


@contextmanager
def row_held(owner: Engine, deposit: UUID) -> Iterator[None]:
    """Hold the row of a deposit, so that the job waits where it notes where that stands."""
    with write(owner) as session:
        session.execute(select(Deposit).where(Deposit.file_id == deposit).with_for_update())
        yield


@contextmanager
def writers_held(owner: Engine) -> Iterator[None]:
    """Be who writes actors, so that the job waits before it does."""
    with write(owner) as session:
        hold(session, IMPORT_LOCK)
        yield


@contextmanager
def table_held(owner: Engine, table: str, mode: str = "SHARE ROW EXCLUSIVE") -> Iterator[None]:
    """Hold a table, so that the job waits where it writes to it first; others read it."""
    with write(owner) as session:
        session.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))
        yield


@contextmanager
def job_held(owner: Engine, deed: Deed) -> Iterator[None]:
    """Hold the row of the job that runs, so that its end is not written."""
    running = text(
        "SELECT id FROM jobs.procrastinate_jobs"
        " WHERE task_name = :name AND status = 'doing' FOR UPDATE"
    )
    with write(owner) as session:
        session.execute(running, {"name": deed}).one()
        yield
