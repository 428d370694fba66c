"""Many rows at once: a statement for each one takes several times as long."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from time import perf_counter
from typing import Any, cast

import psycopg
from psycopg import sql
from pydantic_core import to_json
from sqlalchemy.orm import Session

from app.models.base import Base
from app.platform.database import slow
from app.platform.database.engines import quote_nothing


class RowsMissing(Exception):
    """A row is gone that was to be written anew."""


def copy_in(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add rows to a table in the caller's transaction; all have the keys of the first one.

    The database alone gives defaults, and not those that a model makes in Python. An array is a
    list, a point EWKT. Raises psycopg.Error, which quotes no value.
    """
    given = iter(rows)
    if (first := next(given, None)) is None:
        return
    columns = tuple(first)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model.__tablename__), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with _driver(session) as driver, driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in chain([first], given):
            copy.write_row([row[name] for name in columns])


def update_in(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that are there anew, by one statement: its triggers run once.

    All rows have the keys of the first one, which begin with that of the table. Values are as in
    copy_in. Raises psycopg.Error, which quotes no value, and RowsMissing.
    """
    if not rows:
        return
    table = sql.Identifier(model.__tablename__)
    key, *columns = map(sql.Identifier, rows[0])
    statement = sql.SQL(
        "UPDATE {table} SET {values} FROM json_populate_recordset(NULL::{table}, %s::json) AS new"
        " WHERE {table}.{key} = new.{key}"
    ).format(
        table=table,
        key=key,
        values=sql.SQL(", ").join(sql.SQL("{} = new.{}").format(*[each] * 2) for each in columns),
    )
    # A key that a row lacks would be written as null.
    whole = [{name: _written(row[name]) for name in rows[0]} for row in rows]
    with _driver(session) as driver:
        done = driver.execute(statement, (to_json(whole, fallback=str).decode(),))
    if done.rowcount != len(rows):
        raise RowsMissing


def _written(value: object) -> object:
    """Return a value as JSON has it for PostgreSQL."""
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


@contextmanager
def _driver(session: Session) -> Iterator[psycopg.Connection]:
    """The connection of a session; what goes wrong there quotes no value, what is slow is logged.

    A COPY lasts for as long as its rows are made.
    """
    driver = cast("psycopg.Connection", session.connection().connection.driver_connection)
    started = perf_counter()
    try:
        yield driver
    except psycopg.Error as error:
        quote_nothing(error)
        raise
    slow.note(perf_counter() - started)
