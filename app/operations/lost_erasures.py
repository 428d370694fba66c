"""What the register of erasures lost and its database knows: added to it again."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.models import AuditEntry, ErasedMark, ErasureRequest, ResourceRecord
from app.operations.erasure_register import (
    Noted,
    append,
    append_account,
    append_resource,
    ids_of,
    register_path,
    register_paths,
)
from app.settings import Settings
from app.vault.sealing import Vault


@dataclass(frozen=True, slots=True)
class Lost:
    """Requests, and ids of deleted accounts and of erased resources, without their line."""

    requests: tuple[ErasureRequest, ...]
    accounts: frozenset[UUID]
    resources: frozenset[UUID]

    def __len__(self) -> int:
        return len(self.requests) + len(self.accounts) + len(self.resources)


def lost(session: Session, settings: Settings) -> Lost:
    """Return what of the database its register lacks; raise RegisterNotRead.

    Of deleted accounts the journal tells: months that were cut from it are older than any backup.
    """
    # First: each has its line before it is committed.
    requests = session.scalars(select(ErasureRequest)).all()
    deleted = select(AuditEntry.subject).where(AuditEntry.action == Action.ACCOUNT_DELETED.value)
    accounts = frozenset(map(UUID, session.scalars(deleted)))
    erased = select(ResourceRecord.id).where(ResourceRecord.status == "erased")
    resources = frozenset(session.scalars(erased))
    there = ids_of(*register_paths(settings))
    return Lost(
        tuple(each for each in requests if each.id not in there.requests),
        accounts - there.accounts,
        resources - there.resources,
    )


def note_again(session: Session, vault: Vault, settings: Settings) -> None:
    """Add to the register what it lost.

    Raises RegisterNotRead, RegisterNotWritten, KeyMissing or NotOpened.
    """
    path, found = register_path(settings), lost(session, settings)
    for account in found.accounts:
        append_account(path, account)
    append_resource(path, *found.resources)
    for each in found.requests:
        why = vault.open("erasure_request", each.id, "why", each.why)
        marks = select(ErasedMark).where(ErasedMark.request_id == each.id)
        listed = tuple((row.purpose, row.digest.hex()) for row in session.scalars(marks))
        said = why.decode("utf-8", "surrogatepass")
        append(path, vault, Noted(each.id, each.at.isoformat(), each.who, said, listed))
