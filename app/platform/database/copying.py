"""Many new rows at once, by COPY: an INSERT of each one takes several times as long."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

from app.models.base import Base
from app.platform.database.engines import quote_nothing


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
    driver = cast("psycopg.Connection", session.connection().connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in chain([first], given):
                copy.write_row([row[name] for name in columns])
    except psycopg.Error as error:
        quote_nothing(error)
        raise
