"""What undoing a list does to its actors, as its reader may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.imports.beside_showing import Beside, beside
from app.desk.imports.showing import Named
from app.desk.shell.gate import Desk
from app.lists import undoing
from app.lists.deposit_page import MOST
from app.records.viewing import see_these
from app.vault.sealing import Vault
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class ShownUndo:
    """What becomes of the actors of an undone list; left, closed, hidden: some of them by name."""

    counts: Mapping[str, int]
    left: list[Named]
    closed: list[Named]
    hidden: list[Named]


def still_archived(
    session: Session, vault: Vault, file: UUID, stored: Mapping[str, Any]
) -> list[UUID]:
    """Return the actors that an undone list had archived, and that nobody opened again."""
    # Of an actor that was erased since no id is left.
    left = [UUID(each) for each in stored.get("names", {}).get("left", ()) if each]
    return undoing.closed_by(session, vault, file, left)


def shown_undo(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    stored: Mapping[str, Any],
    file: UUID | None = None,
) -> ShownUndo:
    """Return what undoing a list does by the names that its reader may read now; stored: as JSON.

    file: of one that is undone. Of whom it had archived, those stand there that still are.
    """
    counts = {name: count for name, count in stored.items() if name != "names"}
    names: dict[str, Iterable[str]] = {
        # Those beside homes are named where somebody opens them.
        about: some
        for about, some in stored["names"].items()
        if about != "beside"
    }
    if file is not None:
        closed = still_archived(session, vault, file, stored)
        counts["closed"], names["closed"] = len(closed), map(str, closed[:MOST])
    # Of whoever is left all are stored, so that none of them is opened again.
    names = {about: [each for each in some if each][:MOST] for about, some in names.items()}
    ids = {UUID(each) for some in names.values() for each in some}
    seen = see_these(session, vault, viewer, ids)
    named = {
        about: [
            Named(actor.record.name, actor.public_id)
            for each in some
            if (actor := seen.get(UUID(each)))
        ]
        for about, some in names.items()
    }
    return ShownUndo(counts, named["left"], named["closed"], named["hidden"])


def stays_beside(
    session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID, stored: Mapping[str, Any]
) -> Beside:
    """Return who stays hidden beside the homes of an undone list, as its reader may see them."""
    # Of one that a former release undid, they are not stored.
    names: Mapping[str, Iterable[str]] = stored.get("names", {})
    found = [{"actor": each} for each in names.get("beside", ())]
    return beside(session, desk, signed, deposit_id, found)
