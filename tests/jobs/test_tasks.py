"""What the tasks do to the data, by a real worker."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from app.models import Role
from app.models.job import Job
from app.operations.erasure import owed
from app.operations.waiting import waiting
from app.platform.database.sessions import read
from app.records.acts import protect
from app.runtime.staff import Runtime
from tests.jobs.conftest import Workers, number_of, state_of
from tests.makers import decide
from tests.meanwhile import until
from tests.short_lists import APART, csv, ids, run


@pytest.fixture
def hidden(runtime: Runtime) -> Runtime:
    """A service that was public, and is protected since."""
    run(runtime, csv(APART))
    decide(runtime, protect, ids(runtime)["Association libre"], who="essai", why="menaces")
    assert debts(runtime) == 1
    return runtime


def debts(runtime: Runtime) -> int:
    with Session(runtime.staff) as session:
        return len(owed(session))


@pytest.mark.slow
def test_a_protection_is_purged_where_the_owner_is_there(hidden: Runtime, workers: Workers) -> None:
    workers.heartbeat = 5
    number = number_of(hidden, Job.PURGE)
    worker = workers.fork()
    until(lambda: state_of(hidden.staff, number) == ("succeeded", 1), 60)
    assert debts(hidden) == 0
    code, _, err = workers.ended(worker)
    assert (code, err) == (0, "")


@pytest.mark.slow
def test_without_the_owner_the_debt_stays_and_is_said(hidden: Runtime, workers: Workers) -> None:
    workers.heartbeat = 5
    number = number_of(hidden, Job.PURGE)
    worker = workers.fork(MESURE23_OWNER_DATABASE_URL="")
    until(lambda: state_of(hidden.staff, number) == ("succeeded", 1))
    assert debts(hidden) == 1
    _, lines, _ = workers.ended(worker)
    assert {line["why"] for line in lines if line["event"] == "owed"} == {"OwnerMissing"}
    with read(hidden.staff) as session:
        tasks = waiting(session, hidden.vault, Role.CURATEUR, (), datetime.now(UTC), who="x")
    assert [task.command for task in tasks if task.command] == ["mesure23 purge"]
