"""Whose SIRET may be sent to others: that of public actors, and of nobody who is hidden."""

from sqlalchemy.orm import Session

from app.records.hidden_numbers import numbers_of_hidden
from app.records.viewing import Seen, see
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
    hidden |= numbers_of_hidden(session, vault, public.keys() - hidden)
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
