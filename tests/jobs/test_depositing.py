"""A worker that is killed while it reads or applies a list: the next one ends in the same state."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text

from app.lists import deposits, review
from app.models import Actor, Deposit, Revision, SourceRow
from app.models.job import Job
from app.platform.database.engines import make_engine
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.platform.queue.deferring import defer
from app.runtime.staff import Runtime
from app.visibility import OPERATOR
from tests.jobs.conftest import Workers
from tests.meanwhile import is_blocked, until
from tests.short_lists import ASE, CRIP, SHELTER, csv, sent

WHO = "0b0d0c4e-8f0b-4f0e-9a55-0f5e2a3f1f10"


@pytest.fixture
def owner(runtime: Runtime) -> Iterator[Engine]:
    engine = make_engine(runtime.owner_url)
    yield engine
    engine.dispose()


@pytest.fixture
def deposit(runtime: Runtime) -> UUID:
    """A list that waits to be read."""
    upload = sent(csv(CRIP, ASE, SHELTER), source="Liste", who=WHO)
    with write(runtime.staff) as session:
        deposit, _ = deposits.deposit(session, runtime.vault, upload, "93")
    return deposit


def state(runtime: Runtime, deposit: UUID) -> str:
    with read(runtime.staff) as session:
        return session.get_one(Deposit, deposit).state


def counted(runtime: Runtime, model: type) -> int:
    with read(runtime.staff) as session:
        return session.scalars(select(func.count()).select_from(model)).one()


@contextmanager
def row_held(owner: Engine, deposit: UUID) -> Iterator[None]:
    """Hold the row of a deposit, so that the job waits where it notes how far it is."""
    with write(owner) as session:
        session.execute(select(Deposit).where(Deposit.file_id == deposit).with_for_update())
        yield


@contextmanager
def writers_held(owner: Engine) -> Iterator[None]:
    """Be who writes actors, so that the job waits before it does."""
    with write(owner) as session:
        hold(session, IMPORT_LOCK)
        yield


def ask_to_apply(runtime: Runtime, deposit: UUID) -> None:
    with write(runtime.staff) as session:
        seen = session.get_one(Deposit, deposit).at
        review.accept_rest(session, OPERATOR, deposit, WHO, erasing=True)
        deposits.ask_to_apply(session, deposit, seen, WHO)


def test_a_list_whose_worker_is_killed_is_read_and_applied_by_the_next_one(
    runtime: Runtime, workers: Workers, owner: Engine, deposit: UUID
) -> None:
    with row_held(owner, deposit):
        worker = workers.start()
        until(lambda: is_blocked(runtime.staff), 60)
        worker.kill()
        worker.wait()
    assert state(runtime, deposit) == "checking"
    worker = workers.start()
    until(lambda: state(runtime, deposit) == "ready", 60)
    with writers_held(owner):
        ask_to_apply(runtime, deposit)
        until(lambda: is_blocked(runtime.staff), 60)
        worker.kill()
        worker.wait()
    assert (state(runtime, deposit), counted(runtime, Actor)) == ("applying", 0)
    worker = workers.start()
    until(lambda: state(runtime, deposit) == "applied", 60)
    assert (counted(runtime, Actor), counted(runtime, SourceRow)) == (3, 3)
    assert counted(runtime, Revision) >= 3
    _, lines, err = workers.ended(worker)
    assert "Traceback" not in err
    assert not {"Foyer fictif", "Liste", str(deposit)} & set(str(lines).split("'"))


def test_a_job_of_a_list_that_is_done_does_nothing_more(
    runtime: Runtime, workers: Workers, deposit: UUID
) -> None:
    workers.start()
    until(lambda: state(runtime, deposit) == "ready", 60)
    ask_to_apply(runtime, deposit)
    until(lambda: state(runtime, deposit) == "applied", 60)
    before = counted(runtime, Revision)
    statement = text("SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'succeeded'")
    with read(runtime.staff) as session:
        done = session.scalars(statement).one()
    with write(runtime.staff) as session:
        for job in (Job.CHECK, Job.APPLY):
            defer(session, job, deposit)

    def both_done() -> bool:
        with read(runtime.staff) as session:
            return bool(session.scalars(statement).one() >= done + 2)

    until(both_done)
    assert (state(runtime, deposit), counted(runtime, Revision)) == ("applied", before)


def test_a_list_whose_worker_loses_its_database_is_applied_once(
    runtime: Runtime, workers: Workers, owner: Engine, deposit: UUID
) -> None:
    worker = workers.start()
    until(lambda: state(runtime, deposit) == "ready", 60)
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database()"
        " AND (application_name = 'mesure23 worker' OR wait_event_type = 'Lock')"
    )
    with writers_held(owner):
        ask_to_apply(runtime, deposit)
        until(lambda: is_blocked(runtime.staff), 60)
        with write(owner) as session:
            assert session.scalars(cut).one() >= 1
    # As `serve` does, which starts another one if this one gave up.
    until(lambda: worker.poll() is not None or state(runtime, deposit) == "applied", 60)
    workers.start()
    until(lambda: state(runtime, deposit) == "applied", 60)
    assert (counted(runtime, Actor), counted(runtime, SourceRow)) == (3, 3)
