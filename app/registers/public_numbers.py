"""Whose SIRET may be sent to others: that of public actors, and of nobody who is hidden."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ActorFingerprint
from app.platform.database.sessions import among
from app.records.marks import stored_mark
from app.records.viewing import Seen, see
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer


def public_numbers(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> dict[str, Seen]:
    """Return SIRET -> public actor; territory: its code.

    Without each number that somebody hidden has too, by any list, wherever that is: the body of a
    home often has offices under the same one, and who sees it asked for could look the home up.
    """
    seen, hidden = numbered(session, vault, viewer)
    public: dict[str, Seen] = {}
    for number, each in seen:
        if territory in (None, each.record.territory):
            public.setdefault(number, each)
    hidden |= of_homes(session, vault, public.keys() - hidden)
    return {number: each for number, each in public.items() if number not in hidden}


def numbered(
    session: Session, vault: Vault, viewer: Viewer
) -> tuple[list[tuple[str, Seen]], set[str]]:
    """Return public actors, each with its SIRET, and the numbers of those who are not."""
    public: list[tuple[str, Seen]] = []
    hidden: set[str] = set()
    for each in see(session, vault, viewer):
        number = each.record.siret
        if number is None:
            continue
        if each.level is not None or each.record.status != "published":
            hidden.add(number)
        else:
            public.append((number, each))
    return public, hidden


def of_homes(session: Session, vault: Vault, numbers: Collection[str]) -> set[str]:
    """Return the numbers that some list gives for a home, whose record may have another one."""
    if not numbers:
        return set()
    key = index_key(session, vault)
    marks = {stored_mark(("siret", number), key, home=True)[1]: number for number in numbers}
    found = select(ActorFingerprint.digest).where(among(ActorFingerprint.digest, marks))
    return {marks[digest] for digest in session.scalars(found)}
