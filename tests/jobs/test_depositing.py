"""A worker that is killed while it reads or applies a list: the next one ends in the same state."""

from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from app.jobs import depositing
from app.models import Actor, Revision, SourceRow
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.runtime.staff import Runtime
from geo.address import address_key
from tests import deposited
from tests.deposited import ask_to_apply, counted, row_held, state, writers_held
from tests.jobs.conftest import Workers
from tests.meanwhile import count_blocked, is_blocked, until
from tests.short_lists import APART, ASE, CRIP, SHELTER, csv, run


@pytest.fixture
def deposit(runtime: Runtime) -> UUID:
    """A list that waits to be read."""
    return deposited.deposit(runtime, CRIP, ASE, SHELTER)


@pytest.mark.slow
def test_a_list_whose_worker_is_killed_is_read_and_applied_by_the_next_one(
    runtime: Runtime, workers: Workers, owner: Engine, deposit: UUID
) -> None:
    with row_held(owner, deposit):
        worker = workers.fork()
        until(lambda: is_blocked(runtime.staff), 60)
        worker.kill()
        worker.wait()
    assert state(runtime, deposit) == "checking"
    worker = workers.fork()
    until(lambda: state(runtime, deposit) == "ready", 60)
    with writers_held(owner):
        ask_to_apply(runtime, deposit)
        until(lambda: is_blocked(runtime.staff), 60)
        worker.kill()
        worker.wait()
    assert (state(runtime, deposit), counted(runtime, Actor)) == ("applying", 0)
    worker = workers.fork()
    until(lambda: state(runtime, deposit) == "applied", 60)
    assert (counted(runtime, Actor), counted(runtime, SourceRow)) == (3, 3)
    assert counted(runtime, Revision) >= 3
    _, lines, err = workers.ended(worker)
    assert "Traceback" not in err
    assert not {"Foyer fictif", "Liste", str(deposit)} & set(str(lines).split("'"))


@pytest.mark.slow
def test_a_job_of_a_list_that_is_done_does_nothing_more(
    runtime: Runtime, workers: Workers, deposit: UUID
) -> None:
    workers.fork()
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


@pytest.mark.slow
def test_a_list_whose_worker_loses_its_database_is_applied_once(
    runtime: Runtime, workers: Workers, owner: Engine, deposit: UUID
) -> None:
    worker = workers.fork()
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
    workers.fork()
    until(lambda: state(runtime, deposit) == "applied", 60)
    assert (counted(runtime, Actor), counted(runtime, SourceRow)) == (3, 3)


@pytest.mark.slow
def test_of_two_lists_of_a_source_that_are_applied_at_once_the_second_is_shown_anew(
    runtime: Runtime, owner: Engine, deposit: UUID
) -> None:
    both = [deposit, deposited.deposit(runtime, CRIP, APART)]
    for each in both:
        depositing.check(runtime, each)
        ask_to_apply(runtime, each)
    threads = [Thread(target=depositing.apply, args=(runtime, each)) for each in both]
    with writers_held(owner):
        for thread in threads:
            thread.start()
        until(lambda: count_blocked(runtime.staff) == 2, 60)
    for thread in threads:
        thread.join(60)
    found = {state(runtime, each): deposited.written(runtime, each) for each in both}
    assert found.keys() == {"applied", "ready"}
    # Of the one that lost nothing is written, and its page says what it would change now.
    assert (found["ready"].rows, found["ready"].journal) == ([], [])
    assert found["ready"].lines["missing"] == len(found["applied"].rows) - 1
    assert len(found["applied"].actors) == len(found["applied"].rows)


@pytest.mark.slow
def test_a_list_that_is_imported_while_another_is_applied_waits_for_it(
    runtime: Runtime, owner: Engine, deposit: UUID
) -> None:
    depositing.check(runtime, deposit)
    ask_to_apply(runtime, deposit)
    threads = [
        Thread(target=depositing.apply, args=(runtime, deposit)),
        Thread(target=run, args=(runtime, csv(CRIP, APART)), kwargs={"source": "une autre"}),
    ]
    with writers_held(owner):
        for number, thread in enumerate(threads, 1):
            thread.start()
            until(lambda n=number: count_blocked(runtime.staff) == n, 60)  # type: ignore[misc]
    for thread in threads:
        thread.join(60)
    assert state(runtime, deposit) == "applied"
    assert counted(runtime, SourceRow) == 5
    names = deposited.written(runtime, deposit).actors.keys()
    assert names == {"CRIP d'exemple", "ASE d'exemple", "Foyer fictif", "Association libre"}


def test_no_address_of_a_list_is_remembered_once_its_job_is_done(
    runtime: Runtime, deposit: UUID
) -> None:
    depositing.check(runtime, deposit)
    assert state(runtime, deposit) == "ready"
    assert remembered_addresses() == 0
    ask_to_apply(runtime, deposit)
    depositing.apply(runtime, deposit)
    assert state(runtime, deposit) == "applied"
    assert remembered_addresses() == 0


def remembered_addresses() -> int:
    """Return how many addresses stand in memory."""
    return address_key.cache_info().currsize  # type: ignore[attr-defined, no-any-return]
