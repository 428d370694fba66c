"""Sessions: what one sees, how long, and the one place where something is committed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Engine,
    LargeBinary,
    Text,
    any_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

# Whoever writes actors or their history waits for the others: two lists may write to one actor,
# and hide one another's, and two revisions of an actor would take one number.
IMPORT_LOCK = 230024


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Open a READ ONLY session on one snapshot, so that list, map and counts of a page agree."""
    with Session(_on_one_snapshot(engine)) as session:
        yield session


@contextmanager
def read_once(engine: Engine) -> Iterator[Session]:
    """Open a session for one statement, or for several that need not agree: none waits for BEGIN.

    Of the login that reads only.
    """
    with Session(_without_transaction(engine)) as session:
        yield session


# Made once for each engine: to make them again takes as long as a small statement.
@lru_cache(maxsize=10)
def _on_one_snapshot(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@lru_cache(maxsize=10)
def _without_transaction(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def write(engine: Engine) -> Iterator[Session]:
    """Open a session that commits once, at the end, or not at all."""
    with Session(engine) as session, session.begin():
        yield session


def hold(session: Session, lock: int, on_wait: Callable[[], None] | None = None) -> None:
    """Take an advisory lock, such as the one above, and keep it until the transaction ends.

    on_wait is called once where another transaction has it.
    """
    if on_wait is not None and session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        return
    if on_wait is not None:
        on_wait()
    session.execute(select(func.pg_advisory_xact_lock(lock)))


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return "column is one of values" as one bound array, whatever their number."""
    if isinstance(column.type, LargeBinary):
        # The driver writes each of them with care: that takes longer than the search for them.
        digests = ",".join(f'"\\\\x{value.hex()}"' for value in values)
        array = cast(literal(f"{{{digests}}}", Text), ARRAY(LargeBinary))
        # As rows: as an array, a scan of the table would read that text again for each of its rows.
        return column.in_(select(func.unnest(array)))
    return column == any_(literal(list(values), ARRAY(column.type)))
