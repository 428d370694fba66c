"""Waiting for others who write: how long, and who is said to do so."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.errors import Mesure23Error

_PATIENCE = "patience"
_APPLICATION = "mesure23 "
_WAITING = "mesure23 waits "
_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objid = :lock AND classid = 0 AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_IS_WAITING = text(
    "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND NOT granted AND objid = :lock AND application_name = :name"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


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


def patience_of(session: Session) -> Patience | None:
    """Return how long a session waits; None for as long as it takes."""
    found: Patience | None = session.get_bind().get_execution_options().get(_PATIENCE)
    return found


def tell(session: Session, who: str) -> None:
    """Let those who wait be told who writes, until the transaction ends; who: its author."""
    _set(session, "application_name", _APPLICATION + who)


def say_waiting(session: Session, what: object) -> None:
    """Let a page say that a job waits for others, until it writes itself; what: its id."""
    _set(session, "application_name", f"{_WAITING}{what}")


def awaited_by(session: Session, lock: int, what: object) -> str | None:
    """Return who writes while a job waits for a lock, "" for one that nobody named; None where it
    does not wait. what: its id.
    """
    if not session.scalar(_IS_WAITING, {"lock": lock, "name": f"{_WAITING}{what}"}):
        return None
    return _holder(session, lock)


def _holder(session: Session, lock: int) -> str:
    held_by = session.scalar(_HOLDER, {"lock": lock}) or ""
    return held_by.removeprefix(_APPLICATION.rstrip()).strip()


def wait(session: Session, lock: int) -> None:
    """Take a lock, after whoever has it; raise BeingWritten where patience ends."""
    asked = select(func.pg_advisory_xact_lock(lock))
    patience = patience_of(session)
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
        who = patience.name_of(session, _holder(session, lock))
        raise BeingWritten(who=who) from None
    _set(session, "lock_timeout", "0")


def _set(session: Session, name: str, value: str) -> None:
    """Set what PostgreSQL calls a parameter, until the transaction ends."""
    session.execute(select(func.set_config(name, value, True)))
