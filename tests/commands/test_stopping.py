"""What ends a command that waits for another one, at the moments at which it could be missed."""

import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from app.commands.support.signals import Terminated, unwind_on_signals
from app.platform.cluster.server import Cluster
from app.platform.database.engines import Databases
from app.platform.database.sessions import IMPORT_LOCK, hold, write

SIGNALS = [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)]
WAITING = (
    "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
    " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
)
# Long after a command should have ended, it gets what it waits for, so that a test fails and ends.
TOO_LATE = 20.0


@pytest.fixture
def unwinding(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The handlers of a command in this process, and afterwards those of the tests again."""
    former = {each: signal.getsignal(each) for each, _ in SIGNALS}
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    # What a script runs in its background ignores Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    unwind_on_signals()
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


@pytest.fixture
def writer(cluster: Cluster, databases: Databases) -> Iterator[psycopg.Connection]:
    """Another command, that writes and does not end."""
    name = databases.staff.url.database
    assert name is not None
    address = make_url(cluster.url(cluster.superuser, name)).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (IMPORT_LOCK,))
        yield connection


def wait_for(connection: psycopg.Connection, count: int) -> None:
    """Return once so many sessions wait for the lock."""
    deadline = time.monotonic() + TOO_LATE
    while connection.execute(WAITING).fetchone() != (count,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def wait_behind(databases: Databases, meanwhile: Callable[[], None]) -> None:
    """Wait for another command as all that write do."""
    with write(databases.staff) as session:
        session.connection()
        meanwhile()
        hold(session, IMPORT_LOCK)


def in_a_finalizer(number: signal.Signals) -> None:
    """Receive a signal where Python drops what its handler raises."""
    left = set[int]()
    gone = weakref.ref(left, lambda _: signal.raise_signal(number))
    del left
    assert gone() is None


@pytest.fixture
def bounded(writer: psycopg.Connection) -> Iterator[None]:
    """Let what waits for too long have what it waits for."""
    end = threading.Timer(TOO_LATE, writer.close)
    end.start()
    yield
    end.cancel()
    end.join()


@pytest.mark.parametrize(("number", "raised"), SIGNALS)
@pytest.mark.usefixtures("unwinding", "bounded")
def test_a_signal_that_a_finalizer_drops_ends_what_waits_all_the_same(
    databases: Databases,
    writer: psycopg.Connection,
    number: signal.Signals,
    raised: type[BaseException],
) -> None:
    with pytest.raises(raised):
        wait_behind(databases, lambda: in_a_finalizer(number))
    wait_for(writer, 0)


@pytest.mark.parametrize(("number", "raised"), SIGNALS)
@pytest.mark.usefixtures("unwinding", "bounded")
def test_a_signal_between_sending_and_waiting_ends_both_the_command_and_its_statement(
    databases: Databases,
    writer: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    raised: type[BaseException],
) -> None:
    wait = psycopg.generators.execute

    def interrupted(connection: psycopg.pq.abc.PGconn) -> Any:
        if connection.flush() == 0 and sending.is_set():
            sending.clear()
            wait_for(writer, 1)
            signal.raise_signal(number)
        return wait(connection)

    sending = threading.Event()
    monkeypatch.setattr("psycopg._cursor_base.execute", interrupted)
    with pytest.raises(raised):
        wait_behind(databases, sending.set)
    assert not sending.is_set()
    wait_for(writer, 0)


@pytest.mark.slow
def test_what_a_killed_command_had_asked_for_ends_at_the_server(
    databases: Databases, writer: psycopg.Connection
) -> None:
    with databases.staff.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.pgconn.send_query(f"SELECT pg_advisory_lock({IMPORT_LOCK})".encode())
        driver.pgconn.flush()
        wait_for(writer, 1)
        # As the kernel closes what a killed process had open.
        driver.pgconn.finish()
        connection.invalidate()
    wait_for(writer, 0)
