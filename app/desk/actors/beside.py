"""What stands beside the form of an actor: what the public would read of it, as it will look."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.shell.gate import Desk
from app.records.correcting import Wish, Wrong
from app.records.previewing import Written, corrected, created, public_row
from app.records.sheets import Sheet
from app.search.actor_schemas import ActorCard
from app.search.cards import cards
from app.visibility import Viewer
from importers import vocabulary

_UNREAD = "La fiche se montre ici dès que le nom, la catégorie et le lieu sont compris."
_UNPUBLISHED = "Rien : cet acteur n’est pas publié."
_DRAFT = "Un brouillon : le public ne le lit qu’une fois publié."
_LEVELS = {
    None: "",
    "held": "Son adresse est cachée : le public n’en lit pas plus.",
    "neutral": "Ce lieu est protégé : le public n’en lit pas plus.",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """A card as the public reads it, None where there is none to read, and a sentence about it."""

    card: ActorCard | None
    says: str


def written_of(
    session: Session, desk: Desk, viewer: Viewer, sheet: Sheet | None, wish: Wish
) -> Written | None:
    """Return an actor as a form would leave it; None where it cannot be understood yet."""
    try:
        if sheet is None:
            return created(session, desk.vault, viewer, wish, desk.now())
        return corrected(session, desk.vault, viewer, sheet, wish, desk.now())
    except Wrong:
        return None


def beside(session: Session, desk: Desk, written: Written | None) -> Beside:
    """Return what the public would read of an actor, by the code of its own pages."""
    if written is None:
        return Beside(None, _UNREAD)
    row = public_row(session, written)
    if row is None:
        return Beside(None, _UNPUBLISHED)
    (card,) = cards(session, vocabulary.load(), [row], desk.now())
    level = _LEVELS.get(written.edit.level, "")
    return Beside(card, level or (_DRAFT if row["status"] == "draft" else ""))
