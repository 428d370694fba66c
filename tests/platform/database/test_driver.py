"""Statements that stand alone: no transaction, and no connection that nobody can use any more."""

from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.platform.database.driver import Written, read_text_alone
from app.platform.database.engines import Databases
from app.platform.database.sessions import read

COUNTED = Written("SELECT (1 + $1::int)::text", ("one",), {"one": "1"})


def alone(text: str) -> Written:
    """Return a statement without parameters."""
    return Written(text, (), {})


def test_no_row_is_nothing(worker_databases: Databases) -> None:
    public = worker_databases.public
    assert read_text_alone(public, COUNTED) == b"2"
    assert read_text_alone(public, alone("SELECT 'a' WHERE false")) is None


def test_what_follows_reads_in_a_transaction_again(worker_databases: Databases) -> None:
    read_text_alone(worker_databases.public, COUNTED)
    with read(worker_databases.public) as session:
        shown = "SELECT current_setting('transaction_isolation')"
        assert session.scalar(text(shown)) == "repeatable read"
        first = session.scalar(text("SELECT now()"))
        assert session.scalar(text("SELECT now()")) == first
    assert worker_databases.public.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_an_error_says_no_value_and_ends_its_connection(worker_databases: Databases) -> None:
    public = worker_databases.public
    with pytest.raises(psycopg.Error) as raised:
        read_text_alone(public, COUNTED.given({"one": "12 rue du Refuge"}))
    assert "Refuge" not in str(raised.value)
    assert public.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert read_text_alone(public, COUNTED) == b"2"


PID = alone("SELECT pg_backend_pid()::text")


def end(admin: Connection, pid: int) -> None:
    """Close a connection as a restart of the server does."""
    assert admin.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_connections_that_the_server_closed_in_the_pool_cost_no_answer(
    worker_databases: Databases, admin: Connection
) -> None:
    public = worker_databases.public
    with ExitStack() as sessions:
        several = [sessions.enter_context(read(public)) for _ in range(3)]
        used = {each.scalar(text("SELECT pg_backend_pid()")) for each in several}
    for pid in used:
        end(admin, pid)
    with ExitStack() as sessions:
        several = [sessions.enter_context(read(public)) for _ in range(2)]
        now = {each.scalar(text("SELECT pg_backend_pid()")) for each in several}
        assert not now & used
        found = read_text_alone(public, PID)
    assert found is not None
    assert int(found) not in used


def test_one_that_is_lost_in_use_costs_one_answer(
    worker_databases: Databases, admin: Connection
) -> None:
    public = worker_databases.public
    with read(public) as session:
        used = session.scalar(text("SELECT pg_backend_pid()"))
        end(admin, used)
        with pytest.raises(DBAPIError):
            session.scalar(text("SELECT 1"))
        session.rollback()
    assert read_text_alone(public, PID) != str(used).encode()


def test_what_is_no_error_of_the_database_ends_its_connection_too(
    worker_databases: Databases,
) -> None:
    public = worker_databases.public
    used = read_text_alone(public, PID)
    with pytest.raises(UnicodeEncodeError):
        read_text_alone(public, alone("SELECT '\ud800'"))
    assert public.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert read_text_alone(public, PID) != used
