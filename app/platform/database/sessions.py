"""Sessions: what one sees, how long, and the one place where something is committed."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    Engine,
    LargeBinary,
    Text,
    Uuid,
    any_,
    cast,
    column,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.platform.database.patience import patience_of, say_waiting, tell, wait

# Whoever writes actors or their history waits for the others: two lists may write to one actor,
# and hide one another's, and two revisions of an actor would take one number.
IMPORT_LOCK = 230024
_SNAPSHOT = "made on this snapshot"
T = TypeVar("T")
# By the dialect, which an engine has in common with those that were made of it by options.
_THEN: WeakKeyDictionary[Dialect, Callable[[], object]] = WeakKeyDictionary()


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
    if then := _THEN.get(engine.dialect):
        then()


def after_writes(engine: Engine, then: Callable[[], object] | None) -> None:
    """Have something done whenever what an engine wrote is committed; it raises nothing.

    So with an engine that was made of it by options, as the desk has. None: nothing more.
    """
    _THEN.pop(engine.dialect, None)
    if then is not None:
        _THEN[engine.dialect] = then


def hold(
    session: Session,
    lock: int,
    on_wait: Callable[[], None] | None = None,
    *,
    who: str = "",
    what: object = "",
) -> None:
    """Take an advisory lock, such as the one above, and keep it until the transaction ends.

    on_wait is called once where another transaction has it. who: the author of what will take
    long, whom those who wait are told. what: the job that waits, of which a page may say so.
    Raises BeingWritten where patience ends.
    """
    looks = on_wait is not None or what or patience_of(session) is not None
    if not (looks and session.scalar(select(func.pg_try_advisory_xact_lock(lock)))):
        if on_wait is not None:
            on_wait()
        if what:
            say_waiting(session, what)
        wait(session, lock)
    if who:
        tell(session, who)


def written(table: type[Any]) -> ColumnElement[Any]:
    """Return what grows whenever somebody writes one of the rows of a statement: nobody takes a
    transaction's number but once.
    """
    return func.sum(cast(cast(column("xmin", _selectable=table.__table__), Text), BigInteger))


def among(
    column: InstrumentedAttribute[Any] | ColumnElement[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """Return "column is one of values" as one bound array, whatever their number."""
    if isinstance(column.type, LargeBinary):
        # The driver writes each of them with care: that takes longer than the search for them.
        digests = ",".join(f'"\\\\x{value.hex()}"' for value in values)
        array = cast(literal(f"{{{digests}}}", Text), ARRAY(LargeBinary))
        # As rows: as an array, a scan of the table would read that text again for each of its rows.
        return column.in_(select(func.unnest(array)))
    return column == any_(literal(list(values), ARRAY(column.type)))


def among_ids(column: InstrumentedAttribute[Any], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Return the same for thousands of ids, written as PostgreSQL reads them: the driver is slow.

    As rows, as above.
    """
    written = ",".join(f"{each.int:032x}" for each in ids)
    array = cast(literal(f"{{{written}}}", Text), ARRAY(Uuid))
    return column.in_(select(func.unnest(array)))


def among_pairs(
    first: ColumnElement[Any] | InstrumentedAttribute[Any],
    second: ColumnElement[Any] | InstrumentedAttribute[Any],
    pairs: Collection[tuple[Any, Any]],
) -> ColumnElement[bool]:
    """Return the same for pairs of values of two columns, as two bound arrays."""
    arrays = func.unnest(
        literal([each for each, _ in pairs], ARRAY(first.type)),
        literal([each for _, each in pairs], ARRAY(second.type)),
    )
    given = arrays.table_valued("first", "second").render_derived()
    return tuple_(first, second).in_(select(given.c.first, given.c.second))
