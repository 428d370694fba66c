"""Engines of the logins: the only module that opens a connection to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool
from sqlalchemy.util.queue import Queue

from app.platform.database.closed import refuse_closed
from app.platform.waiting import at_most

# A server that vanishes without a word (its machine, a cable) is given up within half a minute; by
# the kernel alone, after a quarter of an hour. Connections by a file of this machine have no need.
_GIVING_UP = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


class _Free(Queue[Any]):
    """Connections that are free: a request waits for one no longer than it has left to wait."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if not block or timeout is None:
            return super().get(block, timeout)
        with at_most(timeout) as seconds:
            return super().get(block, seconds)


class _Pool(QueuePool):
    _queue_class = _Free


def make_engine(
    url: str, *, pool_size: int = 5, wait_most: float = 10.0, application: str = "mesure23"
) -> Engine:
    """Return an engine whose errors and logs never carry a parameter or a value of a row.

    wait_most: seconds to wait for a connection of the pool that comes free, of those that a
    request has left.
    """
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=_Pool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_most,
        connect_args={"application_name": application, **_GIVING_UP},
    )
    event.listen(engine, "handle_error", _quote_nothing)
    event.listen(engine, "checkout", refuse_closed)
    return engine


def _quote_nothing(context: ExceptionContext) -> None:
    """Take from an error of the server what quotes a row, a key or a value.

    The detail does ("Failing row contains (…)"), and the message where a value is no integer.
    """
    error, shown = context.original_exception, context.sqlalchemy_exception
    if isinstance(error, psycopg.Error) and quote_nothing(error) and isinstance(shown, DBAPIError):
        shown.args = (f"({type(error).__name__}) {error.args[0]}",)


def quote_nothing(error: psycopg.Error) -> bool:
    """Take the same from an error of the driver; return whether the server had said it."""
    if error.diag.message_primary is None:
        return False
    quotes = (error.sqlstate or "XX")[:2] in {"22", "XX"}
    error.args = (f"SQLSTATE {error.sqlstate}" if quotes else error.diag.message_primary,)
    return True


@dataclass(frozen=True, slots=True)
class Databases:
    """The logins of the service: staff writes, public reads its views and nothing else.

    inbox: adds what visitors write; None where nobody gave its address.
    """

    staff: Engine
    public: Engine
    inbox: Engine | None = None

    def dispose(self) -> None:
        """Close every pooled connection of the engines."""
        for engine in (self.staff, self.public, self.inbox):
            if engine is not None:
                engine.dispose()


@dataclass(frozen=True, slots=True)
class PublicDatabase:
    """The logins of public pages alone, for a process that must not hold that of staff."""

    public: Engine
    inbox: Engine | None = None

    def dispose(self) -> None:
        """Close every pooled connection of the engines."""
        for engine in (self.public, self.inbox):
            if engine is not None:
                engine.dispose()


@contextmanager
def outside_transactions(url: str, lock_timeout: int) -> Iterator[Connection]:
    """Yield a connection on which each statement stands alone, as VACUUM FULL wants it.

    lock_timeout: seconds that a statement waits for a lock.
    """
    engine = make_engine(url, pool_size=1)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{lock_timeout}s'")
            yield connection
    finally:
        engine.dispose()


def role(database: str, login: str) -> str:
    """Return the role of a login of a database: roles belong to the whole cluster."""
    return f"{database}_{login}"


def database_name(engine: Engine) -> str:
    """Return the name of the database that an engine connects to."""
    return engine.url.database or ""


def libpq_address(engine: Engine) -> str:
    """Return what an engine connects to, password and all, as libpq writes it."""
    url = engine.url.set(drivername="postgresql")
    patient = url.update_query_dict({name: str(value) for name, value in _GIVING_UP.items()})
    return patient.render_as_string(hide_password=False)
