"""Statements as the driver takes them, and what they read as the driver has it.

SQLAlchemy puts a statement together; to have it run one, and wrap what comes back, takes longer
than the driver does.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from sqlalchemy import CompoundSelect, Engine, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from app.platform.database.engines import quote_nothing

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
# The same as the driver takes it, and its parameters.
Written = tuple[str, Mapping[str, Any]]


def compiled(statement: Statement) -> Written:
    """Return a statement as the driver takes it, with its parameters."""
    made = statement.compile(dialect=DIALECT)
    return str(made), made.params


def read_text(session: Session, written: Written) -> bytes | None:
    """Return the one value of a statement, UTF-8; None where it has no row."""
    found = _run(session, written).pgresult
    # The bytes as they came: to decode 100 kB and encode them again would cost as much as all
    # the rest of the request.
    return found.get_value(0, 0) if found is not None else None


def read_text_alone(engine: Engine, written: Written) -> bytes | None:
    """Return the same of a statement that stands alone, in no session: that takes as long again.

    Of the login that reads only.
    """
    pooled = engine.raw_connection()
    connection = cast("psycopg.Connection", pooled.driver_connection)
    try:
        # No BEGIN to wait for.
        connection.autocommit = True
        found = connection.execute(*written).pgresult
        connection.autocommit = False
    except BaseException as error:
        # It may be broken, or begin no transaction, and nobody else is to get it.
        pooled.invalidate()
        if isinstance(error, psycopg.Error):
            quote_nothing(error)
        raise
    pooled.close()
    return found.get_value(0, 0) if found is not None else None


def read_rows(session: Session, statement: Written | Statement) -> list[tuple[Any, ...]]:
    """Return the rows of a statement as the driver has them.

    To make others of some thousand takes as long as to read them.
    """
    if isinstance(statement, tuple):
        return _run(session, statement).fetchall()
    # Not by the session, which would look for objects in each row.
    with session.connection().execute(statement) as result:
        return list(result.cursor.fetchall()) if result.cursor else []


def read_records(
    session: Session, statement: Written | Statement, **given: object
) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a statement by the names of their columns; given: more parameters."""
    if not isinstance(statement, tuple):
        rows = session.connection().execute(statement, given).mappings().all()
        return cast("Sequence[Mapping[str, Any]]", rows)
    text, parameters = statement
    cursor = _run(session, (text, {**parameters, **given}))
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _run(session: Session, written: Written) -> psycopg.Cursor[tuple[Any, ...]]:
    connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
    try:
        return connection.execute(*written)
    except psycopg.Error as error:
        quote_nothing(error)
        raise
