"""The opening of a record by a person of the staff: of a protected one noted first, and short.

So are those opened that a list hides beside its homes, all of a list at once.

The journal is what knows of it: nothing else says that somebody has a record open. One that names a
person opens by itself, and is noted all the same.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, note
from app.models import AuditEntry
from app.platform.database.sessions import read
from app.vault.sealing import Vault

OPEN_FOR = timedelta(minutes=15)
# A session that nobody ended is over once another one begins.
_SESSION_BEGINS = (Action.SIGNED_IN.value, Action.SIGNED_OUT.value)


def note_opening(engine: Engine, vault: Vault, author: Author, actor_id: UUID) -> None:
    """Open a record for its author, from now on; committed before anything of it is shown."""
    note(engine, vault, author, Action.OPENED, str(actor_id))


def note_beside(engine: Engine, vault: Vault, author: Author, deposit_id: UUID) -> None:
    """Open whom a list hides beside its homes, from now on; before anything of it is shown."""
    note(engine, vault, author, Action.BESIDE_READ, str(deposit_id))


def note_resource(engine: Engine, vault: Vault, author: Author, resource_id: UUID) -> None:
    """Open a resource, or a page that is proposed, that names whom something hides, from now on;
    before any of it is shown.
    """
    note(engine, vault, author, Action.RESOURCE_READ, str(resource_id))


def note_reading(
    engine: Engine, vault: Vault, author: Author, actor_id: UUID, now: datetime
) -> None:
    """Note that somebody reads who is named in a record, once in a quarter of an hour; before it is
    shown.
    """
    with read(engine) as session:
        noted = _noted(session, Action.PERSONS_READ, author.who, now, actor_id)
    if not noted:
        note(engine, vault, author, Action.PERSONS_READ, str(actor_id))


def lines_read(
    session: Session, vault: Vault, who: str, deposit: UUID, now: datetime
) -> list[Mapping[str, Any]]:
    """Return which lines of a deposited list somebody has open, as the journal names them."""
    statement = _by(who, now, Action.LINE_READ).where(AuditEntry.subject == str(deposit))
    columns = statement.add_columns(AuditEntry.id, AuditEntry.detail)
    return [
        vault.open_json(AuditEntry.__tablename__, row.id, "detail", row.detail)
        for row in session.execute(columns)
    ]


def open_until(session: Session, who: str, actor_id: UUID, now: datetime) -> datetime | None:
    """Return until when somebody has a record open; None where they have not.

    who: as the journal names them.
    """
    at = _noted(session, Action.OPENED, who, now, actor_id).get(actor_id)
    return at + OPEN_FOR if at else None


def beside_open_until(
    session: Session, who: str, deposit_id: UUID, now: datetime
) -> datetime | None:
    """Return until when somebody has open whom a list hides beside its homes."""
    at = _noted(session, Action.BESIDE_READ, who, now, deposit_id).get(deposit_id)
    return at + OPEN_FOR if at else None


def is_resource_open(session: Session, who: str, resource_id: UUID, now: datetime) -> bool:
    """Say whether somebody has a resource open that names whom something hides."""
    return bool(_noted(session, Action.RESOURCE_READ, who, now, resource_id))


def open_ones(session: Session, who: str, now: datetime) -> frozenset[UUID]:
    """Return the ids of the actors whose records somebody has open."""
    return frozenset(_noted(session, Action.OPENED, who, now))


def _noted(
    session: Session, action: Action, who: str, now: datetime, subject: UUID | None = None
) -> dict[UUID, datetime]:
    """Return to what somebody did so within the last quarter of an hour, and when last."""
    statement = _by(who, now, action).add_columns(func.max(AuditEntry.at))
    statement = statement.group_by(AuditEntry.subject)
    if subject is not None:
        statement = statement.where(AuditEntry.subject == str(subject))
    return {UUID(each): at for each, at in session.execute(statement)}


def _by(who: str, now: datetime, action: Action) -> Select[Any]:
    """Return to what somebody did so within the last quarter of an hour.

    What they did before they signed out, or in again, is over.
    """
    by_them = (AuditEntry.at > now - OPEN_FOR, AuditEntry.who == who)
    began = (
        select(func.max(AuditEntry.at))
        .where(*by_them, AuditEntry.action.in_(_SESSION_BEGINS))
        .scalar_subquery()
    )
    return (
        select(AuditEntry.subject)
        .where(*by_them, AuditEntry.action == action.value)
        .where(AuditEntry.at > func.coalesce(began, now - OPEN_FOR))
    )
