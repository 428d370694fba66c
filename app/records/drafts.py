"""Forms that somebody began: sealed as records are, and offered to their author alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import DeskDraft
from app.records.entered import FIELDS, Entered
from app.vault.sealing import Vault

TABLE, COLUMN = DeskDraft.__tablename__, "content"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was entered, when, and over which version; 0 of an actor to be created."""

    entered: Mapping[str, str]
    based_on: int
    at: datetime


def store(
    session: Session,
    vault: Vault,
    account: UUID,
    actor: UUID | None,
    entered: Entered,
    based_on: int,
    now: datetime,
) -> None:
    """Store what a person entered of an actor, in the place of what they had entered before."""
    forget(session, account, actor)
    draft = uuid4()
    content = vault.seal_json(
        TABLE, draft, COLUMN, {"entered": dict(entered), "based_on": based_on}
    )
    row = {"id": draft, "account_id": account, "actor_id": actor, "content": content, "at": now}
    # Two windows may store at once: the first one's stays until the next time.
    session.execute(insert(DeskDraft).values(row).on_conflict_do_nothing())


def find(session: Session, vault: Vault, account: UUID, actor: UUID | None) -> Draft | None:
    """Return what a person had entered of an actor; None where they had not."""
    stored = session.scalars(select(DeskDraft).where(*_of(account, actor))).one_or_none()
    if stored is None:
        return None
    opened = vault.open_json(TABLE, stored.id, COLUMN, stored.content)
    entered = {name: str(opened["entered"].get(name, "")) for name in FIELDS}
    return Draft(entered, int(opened["based_on"]), stored.at)


def forget(session: Session, account: UUID, actor: UUID | None) -> None:
    """Forget what a person had entered of an actor."""
    session.execute(delete(DeskDraft).where(*_of(account, actor)))


def _of(account: UUID, actor: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return (DeskDraft.account_id == account, DeskDraft.actor_id.is_not_distinct_from(actor))
