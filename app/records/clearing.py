"""Takes from collections what names somebody who is hidden now; nobody else has these texts."""

from collections.abc import Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ResourceCollection, ResourceCollectionEntry
from app.records.marks import Mark
from app.records.naming import named_in, shown_among


def clear_collections(session: Session, hidden: Set[Mark]) -> None:
    """Remove a collection whose title names somebody, and empty a summary or a note that does.

    hidden: the marks by which texts would give away who is hidden. As texts of resources are taken
    down: in that transaction, and with what some public record shows left aside.
    """
    if not hidden:
        return
    for each in session.scalars(select(ResourceCollection).order_by(ResourceCollection.slug)):
        if _names(session, f"{each.title}\n{each.slug.replace('-', ' ')}", hidden):
            session.delete(each)
        elif _names(session, each.summary, hidden):
            each.summary = ""
    session.flush()
    noted = select(ResourceCollectionEntry).where(ResourceCollectionEntry.note != "")
    for entry in session.scalars(noted):
        if _names(session, entry.note, hidden):
            entry.note = ""
    session.flush()


def _names(session: Session, text: str, hidden: Set[Mark]) -> bool:
    found = named_in((text,)) & hidden
    return bool(found and found - shown_among(session, found))
