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


def shown_undo(
    session: Session, vault: Vault, viewer: Viewer, stored: Mapping[str, Any]
) -> ShownUndo:
    """Return what was stored of an undone list by the names that its reader may read now."""
    names: Mapping[str, Iterable[str]] = {
        # Those beside homes are named where somebody opens them.
        about: some
        for about, some in stored["names"].items()
        if about != "beside"
    }
    # Of an actor that was erased since no id is left.
    ids = {UUID(each) for some in names.values() for each in some if each}
    seen = see_these(session, vault, viewer, ids)
    named = {
        about: [
            Named(actor.record.name, actor.public_id)
            for each in some
            if each and (actor := seen.get(UUID(each)))
        ]
        for about, some in names.items()
    }
    counts = {name: count for name, count in stored.items() if name != "names"}
    # Some were opened again by a person.
    opened = {each.public_id for each in seen.values() if each.record.status != "archived"}
    closed = [each for each in named["closed"] if each.public_id not in opened]
    counts["closed"] -= len(named["closed"]) - len(closed)
    return ShownUndo(counts, named["left"], closed, named["hidden"])


def stays_beside(
    session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID, stored: Mapping[str, Any]
) -> Beside:
    """Return who stays hidden beside the homes of an undone list, as its reader may see them."""
    # Of one that a former release undid, they are not stored.
    names: Mapping[str, Iterable[str]] = stored.get("names", {})
    found = [{"actor": each} for each in names.get("beside", ())]
    return beside(session, desk, signed, deposit_id, found)
