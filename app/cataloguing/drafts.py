"""Forms of resources that somebody began: sealed, and offered to their author alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import ResourceDraft
from app.vault.sealing import Vault

TABLE, COLUMN = ResourceDraft.__tablename__, "content"
Sent = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form sent, name by name, when, and over which version; 0 of a new resource."""

    form: str
    sent: Sent
    based_on: int
    at: datetime


def store(
    session: Session,
    vault: Vault,
    account: UUID,
    resource: UUID | None,
    form: str,
    sent: Sent,
    based_on: int,
    now: datetime,
) -> None:
    """Store what a person entered of a resource, in the place of what they had entered before."""
    forget(session, account, resource)
    draft = uuid4()
    given = {"form": form, "sent": {name: list(each) for name, each in sent.items()}}
    content = vault.seal_json(TABLE, draft, COLUMN, given | {"based_on": based_on})
    row = {"id": draft, "account_id": account, "resource_id": resource, "content": content}
    # Two windows may store at once: the first one's stays until the next time.
    session.execute(insert(ResourceDraft).values(**row, at=now).on_conflict_do_nothing())


def find(session: Session, vault: Vault, account: UUID, resource: UUID | None) -> Draft | None:
    """Return what a person had entered of a resource; None where they had not."""
    stored = session.scalars(select(ResourceDraft).where(*_of(account, resource))).one_or_none()
    if stored is None:
        return None
    opened = vault.open_json(TABLE, stored.id, COLUMN, stored.content)
    return Draft(opened["form"], opened["sent"], int(opened["based_on"]), stored.at)


def forget(session: Session, account: UUID, resource: UUID | None) -> None:
    """Forget what a person had entered of a resource."""
    session.execute(delete(ResourceDraft).where(*_of(account, resource)))


def _of(account: UUID, resource: UUID | None) -> tuple[ColumnElement[bool], ...]:
    return (
        ResourceDraft.account_id == account,
        ResourceDraft.resource_id.is_not_distinct_from(resource),
    )
