"""What stands beside the form of an actor: what the public would read of it, as it will look."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.desk.shell.gate import Desk
from app.records.correcting import Wish, Wrong
from app.records.entered import Entered
from app.records.previewing import Written, corrected, created, public_row
from app.records.sheets import Sheet
from app.records.wording import said
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
    """A card as the public reads it, None where there is none to read, and a sentence about it.

    missions: what the public reads that it does. by_default: those that follow from
    the category, since nobody chose any.
    """

    card: ActorCard | None
    says: str
    missions: str = ""
    by_default: str = ""


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


def beside(session: Session, desk: Desk, written: Written | None, entered: Entered) -> Beside:
    """Return what the public would read of an actor, by the code of its own pages."""
    by_default = "" if entered["functions"] else _missions_of(written, entered)
    if written is None:
        return Beside(None, _UNREAD, by_default=by_default)
    row = public_row(session, written)
    if row is None:
        return Beside(None, _UNPUBLISHED, by_default=by_default)
    (card,) = cards(session, vocabulary.load(), [row], desk.now())
    level = _LEVELS.get(written.edit.level, "")
    says = level or (_DRAFT if row["status"] == "draft" else "")
    return Beside(card, says, said("functions", row["functions"]), by_default)


def _missions_of(written: Written | None, entered: Entered) -> str:
    """Return the missions that an actor would have, in words."""
    if written is not None:
        return said("functions", written.edit.record.functions)
    category = vocabulary.load().categories.get(entered["category"])
    return said("functions", category.functions) if category else ""
