"""Sessions: what one sees, how long, and the one place where something is committed."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Engine,
    LargeBinary,
    Text,
    Uuid,
    any_,
    cast,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import Mesure23Error

# Whoever writes actors or their history waits for the others: two lists may write to one actor,
# and hide one another's, and two revisions of an actor would take one number.
IMPORT_LOCK = 230024
_SNAPSHOT = "made on this snapshot"
_PATIENCE = "patience"
_APPLICATION = "mesure23 "
_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objid = :lock AND classid = 0 AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
T = TypeVar("T")


class BeingWritten(Mesure23Error):
    """{who} écrit des fiches en ce moment. Rien de ce que vous demandez n’est encore fait."""

    status = 409
    title = "Quelqu’un d’autre écrit"
    advice = "Attendez une minute, puis recommencez."


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for others who write. name_of: says by its author whose deed is waited for,
    "" for one that nobody named.
    """

    seconds: float
    name_of: Callable[[Session, str], str]


def waiting_at_most(engine: Engine, patience: Patience) -> Engine:
    """Return an engine of which a session waits so long for others; else as long as they take."""
    return engine.execution_options(**{_PATIENCE: patience})


@contextmanager
def read(engine: Engine) -> Iterator[Session]:
    """Open a READ ONLY session on one snapshot, so that list, map and counts of a page agree."""
    with Session(_on_one_snapshot(engine), info={_SNAPSHOT: {}}) as session:
        yield session
        if session.in_transaction():
            # After a ROLLBACK the driver forgets every statement that it prepared.
            session.connection().connection.commit()


def once(session: Session, key: Hashable, make: Callable[[], T]) -> T:
    """Return what was made for a key on the snapshot of a session; made anew where it has none."""
    made: dict[Hashable, T] | None = session.info.get(_SNAPSHOT)
    if made is None:
        return make()
    if key not in made:
        made[key] = make()
    return made[key]


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


def hold(
    session: Session, lock: int, on_wait: Callable[[], None] | None = None, *, who: str = ""
) -> None:
    """Take an advisory lock, such as the one above, and keep it until the transaction ends.

    on_wait is called once where another transaction has it. who: the author of what will take
    long, whom those who wait are told. Raises BeingWritten where patience ends.
    """
    if not session.scalar(select(func.pg_try_advisory_xact_lock(lock))):
        if on_wait is not None:
            on_wait()
        _wait(session, lock)
    if who:
        _set(session, "application_name", _APPLICATION + who)


def _wait(session: Session, lock: int) -> None:
    asked = select(func.pg_advisory_xact_lock(lock))
    patience: Patience | None = session.get_bind().get_execution_options().get(_PATIENCE)
    if patience is None:
        session.execute(asked)
        return
    try:
        with session.begin_nested():
            _set(session, "lock_timeout", f"{round(patience.seconds * 1000)}ms")
            session.execute(asked)
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise
        held_by = session.scalar(_HOLDER, {"lock": lock}) or ""
        who = patience.name_of(session, held_by.removeprefix(_APPLICATION.rstrip()).strip())
        raise BeingWritten(who=who) from None
    _set(session, "lock_timeout", "0")


def _set(session: Session, name: str, value: str) -> None:
    """Set what PostgreSQL calls a parameter, until the transaction ends."""
    session.execute(select(func.set_config(name, value, True)))


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return "column is one of values" as one bound array, whatever their number."""
    if isinstance(column.type, LargeBinary):
        # The driver writes each of them with care: that takes longer than the search for them.
        digests = ",".join(f'"\\\\x{value.hex()}"' for value in values)
        array = cast(literal(f"{{{digests}}}", Text), ARRAY(LargeBinary))
        # As rows: as an array, a scan of the table would read that text again for each of its rows.
        return column.in_(select(func.unnest(array)))
    return column == any_(literal(list(values), ARRAY(column.type)))


def among_ids(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return the same for thousands of ids, written as PostgreSQL reads them: the driver is slow.

    As rows, as above.
    """
    written = ",".join(f"{each.int:032x}" for each in ids)
    array = cast(literal(f"{{{written}}}", Text), ARRAY(Uuid))
    return column.in_(select(func.unnest(array)))
