"""A job exists if and only if its transaction commits, and holds nothing but ids."""

import json
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.models.job import Job
from app.platform.database.engines import Databases
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer

WAITING = text("SELECT id, task_name, lock, args FROM jobs.procrastinate_jobs ORDER BY id")


def waiting(databases: Databases) -> list[tuple[object, ...]]:
    with read(databases.staff) as session:
        return [tuple(row) for row in session.execute(WAITING)]


def test_a_job_exists_once_its_transaction_commits(databases: Databases) -> None:
    actor = uuid4()
    with write(databases.staff) as session:
        number = defer(session, Job.GEOCODE, actor, "93")
        assert waiting(databases) == []
    assert waiting(databases) == [(number, "geocode", "geocode", {"ids": [str(actor), "93"]})]


def test_a_job_of_a_transaction_that_fails_never_exists(databases: Databases) -> None:
    def fail() -> None:
        with write(databases.staff) as session:
            defer(session, Job.PURGE)
            session.execute(text("SELECT 1 / 0"))

    with pytest.raises(Exception, match="SQLSTATE 22012"):
        fail()
    assert waiting(databases) == []


@pytest.mark.parametrize("given", ["0612345678", "12 rue des Lilas", "lyon", ""])
def test_nothing_but_ids_and_codes_is_deferred(worker_databases: Databases, given: str) -> None:
    def put() -> None:
        with write(worker_databases.staff) as session:
            defer(session, Job.GEOCODE, given)

    with pytest.raises(ValueError, match="ids and codes only"):
        put()


@pytest.mark.parametrize(
    "args",
    [
        {"ids": ["0612345678"]},
        {"ids": ["12 rue des Lilas"]},
        {"ids": [612345678]},
        {"ids": [["93"]]},
        {"ids": [{"93": "93"}]},
        {"ids": "93"},
        {"ids": [None]},
        {"timestamp": "0612345678"},
        {"name": "93"},
    ],
)
def test_the_table_itself_refuses_more_than_ids(worker_databases: Databases, args: object) -> None:
    insert = text(
        "INSERT INTO jobs.procrastinate_jobs (queue_name, task_name, args)"
        " VALUES ('default', 'geocode', CAST(:args AS jsonb))"
    )

    def put() -> None:
        with write(worker_databases.staff) as session:
            session.execute(insert, {"args": json.dumps(args)})

    with pytest.raises(IntegrityError, match="only_ids"):
        put()


def test_the_public_login_neither_reads_nor_defers(worker_databases: Databases) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        read(worker_databases.public) as one,
    ):
        one.execute(WAITING)

    def put() -> None:
        with write(worker_databases.public) as session:
            session.execute(text("SET TRANSACTION READ WRITE"))
            defer(session, Job.PURGE)

    with pytest.raises(ProgrammingError, match="permission denied"):
        put()
