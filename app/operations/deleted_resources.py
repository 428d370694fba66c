"""Erases resources so that no restored backup brings them back: the register names their ids.

What is withdrawn or held is as the backup has it, as actors are that were protected after it.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.import_plan import Plan
from app.cataloguing.import_undoing import undo
from app.cataloguing.withdrawing import erase
from app.models import ResourceRecord
from app.operations.erasure_register import append_resource, register_path
from app.platform.database.sessions import among
from app.settings import Settings
from app.vault.sealing import Vault
from app.visibility import OPERATOR, Viewer


def erase_for_good(
    session: Session,
    vault: Vault,
    settings: Settings,
    viewer: Viewer,
    author: Author,
    resource: UUID,
    now: datetime,
) -> None:
    """Leave nothing of a resource, noted in the register; raise as erase(), or RegisterNotWritten.

    Under the import lock of erase(): the register is not written anew meanwhile.
    """
    erase(session, vault, viewer, author, resource, now)
    append_resource(register_path(settings), resource)


def undo_for_good(
    session: Session,
    vault: Vault,
    settings: Settings,
    viewer: Viewer,
    author: Author,
    import_id: UUID,
    now: datetime,
) -> Plan:
    """Undo a catalogue, what that erases noted as above; raise as undo(), or RegisterNotWritten."""
    made = undo(session, vault, viewer, author, import_id, now)
    of_it = among(ResourceRecord.id, [done.id for done in made.done])
    erased = select(ResourceRecord.id).where(of_it, ResourceRecord.status == "erased")
    if gone := session.scalars(erased.order_by(ResourceRecord.id)).all():
        append_resource(register_path(settings), *gone)
    return made


def brought_back(session: Session, gone: Collection[UUID]) -> list[UUID]:
    """Return which of the resources that the register calls erased are back by a backup."""
    back = (among(ResourceRecord.id, gone), ResourceRecord.status != "erased")
    return list(session.scalars(select(ResourceRecord.id).where(*back))) if gone else []


def erase_again(session: Session, vault: Vault, resources: Iterable[UUID], who: str) -> None:
    """Erase resources that were erased before."""
    for resource in resources:
        erase(session, vault, OPERATOR, Author(who), resource, datetime.now(UTC))
