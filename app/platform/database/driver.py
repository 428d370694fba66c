"""Statements as the driver takes them, and what they read as the driver has it.

SQLAlchemy puts a statement together; to have it run one, and wrap what comes back, takes longer
than the driver does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Self, cast

import psycopg
from sqlalchemy import CompoundSelect, Engine, Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from app.platform.database import slow
from app.platform.database.engines import quote_nothing

# Parameters as PostgreSQL numbers them: the driver would look for names in the text of each
# statement that is run, and ours are long.
DIALECT = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as PostgreSQL takes it; order: the names of its parameters $1, $2, …"""

    text: str
    order: tuple[str, ...]
    parameters: Mapping[str, Any]

    @property
    def values(self) -> list[Any]:
        """Return the values of its parameters, in their order."""
        return [self.parameters[name] for name in self.order]

    def given(self, values: Mapping[str, Any]) -> Self:
        """Return the same with values for some of its parameters."""
        return replace(self, parameters={**self.parameters, **values})


def compiled(statement: Statement) -> Written:
    """Return a statement as PostgreSQL takes it, with its parameters."""
    made = statement.compile(dialect=DIALECT)
    return Written(str(made), tuple(made.positiontup or ()), made.params)


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
        found = _execute(connection, written).pgresult
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
    if isinstance(statement, Written):
        return _run(session, statement).fetchall()
    # Not by the session, which would look for objects in each row.
    with session.connection().execute(statement) as result:
        return list(result.cursor.fetchall()) if result.cursor else []


def read_records(
    session: Session, statement: Written | Statement, **given: object
) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a statement by the names of their columns; given: more parameters."""
    if not isinstance(statement, Written):
        rows = session.connection().execute(statement, given).mappings().all()
        return cast("Sequence[Mapping[str, Any]]", rows)
    cursor = _run(session, statement.given(given) if given else statement)
    result = cursor.pgresult
    # Not by the cursor's description, which makes an object of each column.
    names = [(result.fname(n) or b"").decode() for n in range(result.nfields)] if result else []
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _run(session: Session, written: Written) -> psycopg.RawCursor[tuple[Any, ...]]:
    connection = cast("psycopg.Connection", session.connection().connection.driver_connection)
    try:
        return _execute(connection, written)
    except psycopg.Error as error:
        quote_nothing(error)
        raise


def _execute(
    connection: psycopg.Connection, written: Written
) -> psycopg.RawCursor[tuple[Any, ...]]:
    started = perf_counter()
    found = psycopg.RawCursor(connection).execute(written.text, written.values)
    slow.note(perf_counter() - started)
    return found
