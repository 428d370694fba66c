"""A statement that is sent before something else is done, and read after it: what waits for the
disk does so meanwhile, without a thread.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from select import select
from typing import cast

import psycopg
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Engine

from app.platform.database.engines import quote_nothing

_NAME = b"ahead"
_WELL = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class Ahead:
    """One statement, by a connection of its own; each time it is asked it is committed by itself.

    text: with parameters $1, $2, …, of which each is given as text.
    """

    def __init__(self, connection: psycopg.Connection, text: str) -> None:
        self._connection = connection.pgconn
        self._check(self._connection.prepare(_NAME, text.encode()))

    def ask(self, *given: str | None) -> None:
        """Send it; its row is to be read before the next one is sent."""
        values = [None if each is None else each.encode() for each in given]
        self._connection.send_query_prepared(_NAME, values)
        while self._connection.flush():
            select([], [self._connection.socket], [])

    def row(self) -> Sequence[str] | None:
        """Return its one row, each value as text, None of none; raise psycopg.Error."""
        result = self._next()
        while self._next() is not None:
            continue
        if result is None:
            raise psycopg.OperationalError("no answer")
        self._check(result)
        if not result.ntuples:
            return None
        values = (result.get_value(0, column) or b"" for column in range(result.nfields))
        return [each.decode() for each in values]

    def _next(self) -> PGresult | None:
        while self._connection.is_busy():
            select([self._connection.socket], [], [])
            self._connection.consume_input()
        return self._connection.get_result()

    def _check(self, result: PGresult) -> None:
        if result.status not in _WELL:
            error = psycopg.errors.error_from_result(result)
            quote_nothing(error)
            raise error


@contextmanager
def ahead(engine: Engine, text: str) -> Iterator[Ahead]:
    """Open a connection for one statement, and close it."""
    pooled = engine.raw_connection()
    try:
        yield Ahead(cast("psycopg.Connection", pooled.driver_connection), text)
    finally:
        # It knows a statement that nobody else is to find there.
        pooled.invalidate()
