"""What of resources is masked at the desk: a text that names somebody hidden is opened first, as
the sheet of a protected actor is, and that is noted. Whoever wrote it reads it as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.opening import is_read, read_version
from app.cataloguing.screening import screen, screen_texts
from app.cataloguing.versions import Step, Stored
from app.models import ResourceRecord
from app.records.opening import is_resource_open
from app.records.unpublishing import Remark
from app.vault.sealing import Vault

MASKED = "Titre masqué"


def is_masked(session: Session, vault: Vault, who: str, stored: Stored, now: datetime) -> bool:
    """Say whether somebody has to open a version before they read it."""
    if stored.who == who or _is_read(session, stored):
        return False
    if not any(map(_names, screen(session, vault, stored.content).remarks)):
        return False
    return not is_resource_open(session, who, stored.id, now)


def masked_titles(session: Session, vault: Vault, titles: Mapping[str, str]) -> set[str]:
    """Return which of some titles name somebody hidden, by what they are called."""
    if not titles:
        return set()
    return {each.field for each in screen_texts(session, vault, titles) if _names(each)}


def masked_notes(
    session: Session, vault: Vault, who: str, resource: UUID, steps: Sequence[Step], now: datetime
) -> set[int]:
    """Return the places of those steps whose notes somebody has to open a resource for."""
    others = ((at, each) for at, each in enumerate(steps) if each.note and each.who != who)
    found = masked_titles(session, vault, {str(at): each.note for at, each in others})
    return (
        {*map(int, found)} if found and not is_resource_open(session, who, resource, now) else set()
    )


def _names(remark: Remark) -> bool:
    return remark.why in ("hidden", "erased")


def _is_read(session: Session, stored: Stored) -> bool:
    """Say whether readers have a version: it shows them all that it says."""
    if stored.edition is None:
        return False
    read = select(read_version()).where(ResourceRecord.id == stored.id, is_read())
    return session.scalar(read) == stored.number
