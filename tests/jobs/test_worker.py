"""Workers are killed, asked to end, lose their database: their jobs are done all the same."""

import json
import signal
import time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.jobs.freeing import MOST_TRIES
from app.models.job import Job
from app.platform.database.sessions import write
from app.platform.queue.deferring import defer
from app.runtime.staff import Runtime
from tests.jobs.conftest import HEARTBEAT, Obstacle, Workers, number_of, state_of
from tests.meanwhile import until
from tests.short_lists import APART, csv, run

pytestmark = pytest.mark.slow

KILLS = 200


def of(lines: list[dict[str, Any]], *numbers: int) -> list[dict[str, Any]]:
    """Return what a worker said of some jobs: at night it is given others as well."""
    return [line for line in lines if line.get("id") in numbers]


def test_a_worker_does_what_was_deferred_before_and_after_it_started(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    # Where nobody dies, a worker that a busy machine delays is none that is gone.
    workers.heartbeat = 5
    before = number_of(runtime, Job.RETAIN)
    worker = workers.start()
    until(lambda: state_of(runtime.staff, before) == ("succeeded", 1))
    assert not obstacle.is_there()
    after = number_of(runtime, Job.PURGE)
    took = until(lambda: state_of(runtime.staff, after) == ("succeeded", 1))
    assert took < 20
    code, lines, err = workers.ended(worker)
    assert (code, err) == (0, "")
    assert [(line["job"], line["id"], line["state"]) for line in of(lines, before, after)] == [
        ("retain", before, "started"),
        ("retain", before, "done"),
        ("purge", after, "started"),
        ("purge", after, "done"),
    ]


def test_the_page_for_when_nothing_answers_is_made_as_a_worker_starts_where_there_is_none(
    workers: Workers,
) -> None:
    page = workers.folder / "spare" / "index.html"
    workers.fork()
    until(page.exists)
    assert "119" in page.read_text()


def test_a_worker_starts_where_it_cannot_look_for_that_page(
    runtime: Runtime, workers: Workers
) -> None:
    number = number_of(runtime, Job.RETAIN)
    # As a folder that its account may not enter, which holds back no superuser.
    workers.fork(MESURE23_SPARE_PAGE=str(workers.folder / ("a" * 300)))
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")


def test_a_job_whose_worker_is_killed_is_done_by_the_next_one(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    number = number_of(runtime, Job.RETAIN)
    with obstacle.held():
        worker = workers.fork()
        until(obstacle.blocks)
        worker.kill()
        worker.wait()
    assert state_of(runtime.staff, number) == ("doing", 0)
    workers.fork()
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")
    assert state_of(runtime.staff, number)[1] >= 2
    assert not obstacle.is_there()


def test_a_job_whose_worker_hangs_is_done_by_another(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    number = number_of(runtime, Job.RETAIN)
    with obstacle.held():
        worker = workers.fork()
        until(obstacle.blocks)
        worker.send_signal(signal.SIGSTOP)
    workers.fork()
    until(lambda: state_of(runtime.staff, number)[0] == "doing" and not obstacle.blocks())
    worker.send_signal(signal.SIGCONT)
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")
    assert not obstacle.is_there()


def test_a_worker_whose_sign_of_life_is_late_goes_on_with_its_own_job(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    number = number_of(runtime, Job.RETAIN)
    signs = text("LOCK TABLE jobs.procrastinate_workers IN SHARE ROW EXCLUSIVE MODE")
    with obstacle.held():
        worker = workers.fork()
        until(obstacle.blocks)
        with write(obstacle.owner) as session:
            session.execute(signs)
            time.sleep(8 * HEARTBEAT)
            assert state_of(runtime.staff, number) == ("doing", 0)
    until(lambda: state_of(runtime.staff, number) == ("succeeded", 1))
    assert workers.ended(worker)[0] == 0


def test_a_worker_ends_though_its_job_does_not_and_the_job_is_done_later(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    number = number_of(runtime, Job.RETAIN)
    with obstacle.held():
        worker = workers.fork()
        until(obstacle.blocks)
        code, _, err = workers.ended(worker)
        assert (code, err) == (0, "")
    workers.fork()
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")
    assert not obstacle.is_there()


def test_a_child_ends_with_whoever_started_it(workers: Workers, runtime: Runtime) -> None:
    number = number_of(runtime, Job.PURGE)
    worker = workers.start("--child")
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")
    assert worker.stdin is not None
    # As the system does when the parent is killed.
    worker.stdin.close()
    worker.stdin = None
    worker.communicate(timeout=60)
    assert worker.returncode == 0


def test_what_fails_stays_and_its_line_says_nothing_of_its_arguments(
    runtime: Runtime, workers: Workers
) -> None:
    many = number_of(runtime, Job.PURGE)
    taken = text(
        "UPDATE jobs.procrastinate_jobs SET status = 'doing', attempts = :tries WHERE id = :id"
    )
    insert = text(
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args)"
        """ VALUES ('default', 'former', '{"ids": ["SECRT"]}') RETURNING id"""
    )
    with write(runtime.staff) as session:
        # It ended all the workers that had it.
        session.execute(taken, {"id": many, "tries": MOST_TRIES})
        unknown = session.scalars(insert).one()
    worker = workers.fork()
    until(lambda: state_of(runtime.staff, many)[0] == "failed")
    until(lambda: state_of(runtime.staff, unknown)[0] == "failed")
    code, lines, err = workers.ended(worker)
    assert (code, err) == (0, "")
    assert "SECRT" not in str(lines)
    assert {line.get("error") for line in of(lines, many, unknown)} == {"TaskNotFound"}


def test_one_that_waits_to_be_tried_again_holds_up_no_other(
    runtime: Runtime, workers: Workers
) -> None:
    # No geocoder listens where the worker asks.
    run(runtime, csv(APART))
    failing = number_of(runtime, Job.GEOCODE)
    workers.fork()
    until(lambda: state_of(runtime.staff, failing) == ("todo", 1))
    with write(runtime.staff) as session:
        other = defer(session, Job.GEOCODE, uuid4())
    until(lambda: state_of(runtime.staff, other)[0] == "succeeded")


def test_a_worker_says_that_it_finds_no_database(workers: Workers) -> None:
    worker = workers.start(MESURE23_DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    out, err = worker.communicate(timeout=30)
    (line,) = map(json.loads, out.splitlines())
    assert (worker.returncode, line["event"]) == (1, "command failed")
    assert line["error"] == "OperationalError"
    assert "nobody" not in out
    assert err.startswith("La base de données ne répond pas")


def test_a_worker_whose_connections_end_does_its_job_or_says_that_it_stops(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    number = number_of(runtime, Job.RETAIN)
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database()"
        " AND (application_name = 'mesure23 worker' OR wait_event_type = 'Lock')"
    )
    with obstacle.held():
        worker = workers.fork()
        until(obstacle.blocks)
        with write(obstacle.owner) as session:
            assert session.scalars(cut).one() >= 2
    # As `serve` does, which starts another one if this one gave up.
    until(lambda: worker.poll() is not None or state_of(runtime.staff, number)[0] == "succeeded")
    workers.fork()
    until(lambda: state_of(runtime.staff, number)[0] == "succeeded")
    _, _, err = workers.ended(worker)
    assert "Traceback" not in err
    assert not obstacle.is_there()


@pytest.mark.long
def test_however_often_a_worker_is_killed_in_the_middle_its_job_is_done(
    runtime: Runtime, workers: Workers, obstacle: Obstacle
) -> None:
    worker = workers.fork()
    for _ in range(KILLS):
        obstacle.put()
        with obstacle.held():
            number = number_of(runtime, Job.RETAIN)
            until(obstacle.blocks, 60)
            worker.kill()
            worker.wait()
        worker = workers.fork()
        until(lambda n=number: state_of(runtime.staff, n)[0] == "succeeded", 60)  # type: ignore[misc]
        assert not obstacle.is_there()
