"""Takes from what stands around resources what names somebody who is hidden now: collections, words
that find each other, other names of issuing bodies. No text of a resource has these.
"""

from collections.abc import Set

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models import (
    IssuingBody,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceSynonym,
)
from app.platform.database.sessions import among
from app.records.marks import Mark
from app.records.naming import named_in, shown_among

# A word that is looked for leads to nobody without one of these.
LEADING = r"[0-9@./]"


def clear_around(session: Session, hidden: Set[Mark]) -> None:
    """Clear what stands around resources of what names somebody.

    hidden: the marks by which texts would give away who is hidden. As texts of resources are taken
    down: in that transaction, and with what some public record shows left aside.
    """
    if hidden:
        _clear_collections(session, hidden)
        _clear_bodies(session, hidden)
        _clear_words(session, hidden)
        session.flush()


def _clear_collections(session: Session, hidden: Set[Mark]) -> None:
    """Remove a collection whose title names somebody, and empty a summary or a note that does."""
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


def _clear_bodies(session: Session, hidden: Set[Mark]) -> None:
    """Take other names from bodies; the text that is published by such a name has its mark."""
    named = select(IssuingBody).where(func.cardinality(IssuingBody.variants) > 0)
    for body in session.scalars(named.order_by(IssuingBody.code)):
        left = [each for each in body.variants if not _names(session, each, hidden)]
        if len(left) < len(body.variants):
            body.variants = left


def _clear_words(session: Session, hidden: Set[Mark]) -> None:
    """Take words from their groups; one that is left alone finds itself."""
    words = select(ResourceSynonym.word).where(ResourceSynonym.word.regexp_match(LEADING))
    found = [each for each in session.scalars(words) if _names(session, each, hidden)]
    if found:
        session.execute(delete(ResourceSynonym).where(among(ResourceSynonym.word, found)))


def _names(session: Session, text: str, hidden: Set[Mark]) -> bool:
    found = named_in((text,)) & hidden
    return bool(found and found - shown_among(session, found))
