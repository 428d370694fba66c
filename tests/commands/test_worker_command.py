"""The worker that `mesure23 serve` starts: whatever is killed, its job is done."""

import re
import signal

import psutil
import pytest
from sqlalchemy import text

from app.models.job import Job
from app.platform.cluster.directory import owner_of
from app.platform.cluster.processes import postmaster
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.runtime.staff import open_runtime
from app.settings import Settings
from tests.commands.conftest import Installation, line_of
from tests.forking import Forked
from tests.meanwhile import until

pytestmark = pytest.mark.slow
QUICK = "0.25"
LONGEST = 60.0


def workers_of(process: Forked) -> list[psutil.Process]:
    """Return the workers that a service started."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [each for each in children if not is_over(each) and "--child" in said(each)]


def said(process: psutil.Process) -> list[str]:
    """Return the words that a process was started with, none of one that ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def is_over(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def check_a_job_is_done(settings: Settings) -> None:
    """Defer a job, and wait until somebody has done it."""
    status = text("SELECT status::text FROM jobs.procrastinate_jobs WHERE id = :id")
    with open_runtime(settings) as runtime:
        with write(runtime.staff) as session:
            number = defer(session, Job.RETAIN)

        def is_done() -> bool:
            with read(runtime.staff) as session:
                return bool(session.scalar(status, {"id": number}) == "succeeded")

        until(is_done, LONGEST)


@pytest.fixture
def settings(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in installation.settings.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_whatever_is_killed_the_next_job_is_done(
    installation: Installation, settings: Settings
) -> None:
    service, _ = installation.serve(MESURE23_WORKER_HEARTBEAT=QUICK)
    check_a_job_is_done(settings)

    [worker] = workers_of(service)
    worker.kill()
    check_a_job_is_done(settings)
    until(lambda: workers_of(service) not in ([], [worker]), LONGEST)

    data = (installation.home / "var" / "postgres").resolve() / "data"
    server = postmaster(data, owner_of(data))
    assert server is not None
    server.kill()
    until(lambda: is_over(server), LONGEST)
    check_a_job_is_done(settings)

    [worker] = workers_of(service)
    service.kill()
    service.communicate(timeout=30)
    until(lambda: is_over(worker), 15)
    service, _ = installation.serve(MESURE23_WORKER_HEARTBEAT=QUICK)
    check_a_job_is_done(settings)

    [worker] = workers_of(service)
    service.send_signal(signal.SIGTERM)
    out, err = service.communicate(timeout=30)
    assert (service.returncode, "Traceback" in err) == (0, False)
    assert set(re.findall(r'"state": "([a-z ]+)"', out)) <= {"started", "done", "to retry"}
    assert is_over(worker)


def test_a_service_that_only_reads_starts_none(installation: Installation) -> None:
    service, _ = installation.serve(MESURE23_WORKER_HEARTBEAT=QUICK)
    until(lambda: len(workers_of(service)) == 1, LONGEST)
    reader = installation.start("serve", "--public", PORT="0", MESURE23_WORKER_HEARTBEAT=QUICK)
    assert line_of(reader).startswith("Mesure 23")
    # In the time in which the other one starts another, this one has not.
    [worker] = workers_of(service)
    worker.kill()
    until(lambda: workers_of(service) not in ([], [worker]), LONGEST)
    assert workers_of(reader) == []
    for each in (reader, service):
        each.terminate()
        each.communicate(timeout=60)
