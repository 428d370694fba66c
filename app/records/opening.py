"""The opening of a record by a person of the staff: of a protected one noted first, and short.

The journal is what knows of it: nothing else says that somebody has a record open. One that names a
person opens by itself, and is noted all the same.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, note
from app.models import AuditEntry
from app.platform.database.sessions import read
from app.vault.sealing import Vault

OPEN_FOR = timedelta(minutes=15)


def note_opening(engine: Engine, vault: Vault, author: Author, actor_id: UUID) -> None:
    """Open a record for its author, from now on; committed before anything of it is shown."""
    note(engine, vault, author, Action.OPENED, str(actor_id))


def note_reading(
    engine: Engine, vault: Vault, author: Author, actor_id: UUID, now: datetime
) -> None:
    """Note that somebody reads who is named in a record, once in a quarter of an hour; before it is
    shown.
    """
    with read(engine) as session:
        noted = _noted(session, Action.PERSONS_READ, author.who, actor_id, now)
    if noted is None:
        note(engine, vault, author, Action.PERSONS_READ, str(actor_id))


def open_until(session: Session, who: str, actor_id: UUID, now: datetime) -> datetime | None:
    """Return until when somebody has a record open; None where they have not.

    who: as the journal names them.
    """
    last = _noted(session, Action.OPENED, who, actor_id, now)
    return last + OPEN_FOR if last else None


def _noted(
    session: Session, action: Action, who: str, actor_id: UUID, now: datetime
) -> datetime | None:
    """Return when somebody did so last, within the last quarter of an hour."""
    return session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.at > now - OPEN_FOR,
            AuditEntry.who == who,
            AuditEntry.action == action.value,
            AuditEntry.subject == str(actor_id),
        )
    )
