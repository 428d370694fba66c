"""Takes from what stands around resources what names somebody who is hidden now: collections, words
that find each other, names of issuing bodies. No text of a resource has these.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from datetime import UTC, datetime
from secrets import token_hex

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import (
    ClearedAround,
    IssuingBody,
    Resource,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceSynonym,
)
from app.platform.database.sessions import among
from app.records.marks import Mark
from app.records.naming import named_in, shown_among
from geo.names import slug


def clear_around(session: Session, hidden: Set[Mark]) -> None:
    """Clear what stands around resources of what names somebody.

    hidden: the marks by which texts would give away who is hidden. As texts of resources are taken
    down: in that transaction, and with what some public record shows left aside. What is cleared
    lies in the files in clear still, which is owed as of a text.
    """
    if hidden:
        cleared = (
            _clear_collections(session, hidden),
            clear_bodies(session, hidden),
            _clear_words(session, hidden),
        )
        if any(cleared):
            owed = insert(ClearedAround).values(at=datetime.now(UTC))
            session.execute(owed.on_conflict_do_nothing())
        session.flush()


def _clear_collections(session: Session, hidden: Set[Mark]) -> bool:
    """Remove a collection whose title names somebody, and empty a summary or a note that does.

    All of them where they name somebody together: they stand on one page. Returns whether any does.
    """
    notes: dict[str, list[ResourceCollectionEntry]] = defaultdict(list)
    entry, found = ResourceCollectionEntry, False
    noted = select(entry).where(entry.note != "").order_by(entry.collection, entry.place)
    for each in session.scalars(noted):
        notes[each.collection].append(each)
    for shown in session.scalars(select(ResourceCollection).order_by(ResourceCollection.slug)):
        if _names(session, f"{shown.title}\n{shown.slug.replace('-', ' ')}", hidden):
            session.delete(shown)
            found = True
            continue
        said = _texts(shown, notes[shown.slug])
        if _names(session, shown.summary, hidden):
            shown.summary = ""
        for each in notes[shown.slug]:
            if _names(session, each.note, hidden):
                each.note = ""
        if _names(session, "\n".join(_texts(shown, notes[shown.slug])), hidden):
            shown.summary = ""
            for each in notes[shown.slug]:
                each.note = ""
        found |= _texts(shown, notes[shown.slug]) != said
    session.flush()
    return found


def _texts(shown: ResourceCollection, entries: Iterable[ResourceCollectionEntry]) -> list[str]:
    return [shown.title, shown.summary, *(each.note for each in entries)]


def clear_bodies(session: Session, hidden: Set[Mark], codes: Iterable[str] | None = None) -> bool:
    """Take names from bodies that name somebody; one that has no other is called by its code.

    codes: of which bodies, None: of all. The name by which a published text is issued has its mark,
    and goes as the text does; of one that was published before that name was given none is known.
    Returns whether any names somebody.
    """
    issuing = set(session.scalars(select(func.unnest(Resource.bodies))))
    every = session.scalars(select(IssuingBody).order_by(IssuingBody.code)).all()
    taken = {each.name for each in every}
    of, found = {each.code for each in every} if codes is None else set(codes), False
    for body in (each for each in every if each.code in of):
        said = (body.code, body.name, body.variants)
        left = [each for each in body.variants if not _names(session, each, hidden)]
        if len(left) < len(body.variants):
            body.variants = left
        if _names(session, body.code.replace("-", " "), hidden):
            _give_another_code(session, body, issuing)
        if body.name not in issuing and _names(session, body.name, hidden):
            says = body.code in taken or _names(session, body.code.replace("-", " "), hidden)
            body.name = _new_code() if says else body.code
        found |= said != (body.code, body.name, body.variants)
    session.flush()
    return found


def _give_another_code(session: Session, body: IssuingBody, issuing: Set[str]) -> None:
    """Give a body a code that says nothing, in the filter of texts that have it as well.

    Not where a published text says that name itself: it was judged with it, or goes with it.
    """
    if body.code in {slug(name) for name in issuing}:
        return
    code = _new_code()
    of_it = Resource.body_codes.contains([body.code])
    renamed = func.array_replace(Resource.body_codes, body.code, code)
    session.execute(update(Resource).where(of_it).values(body_codes=renamed))
    body.code = code


def _new_code() -> str:
    return f"organisme-{token_hex(4)}"


def _clear_words(session: Session, hidden: Set[Mark]) -> bool:
    """Take words from their groups; one that is left alone finds itself. Returns whether any is."""
    words = select(ResourceSynonym.word).order_by(ResourceSynonym.word)
    found = [each for each in session.scalars(words) if _names(session, each, hidden)]
    if found:
        session.execute(delete(ResourceSynonym).where(among(ResourceSynonym.word, found)))
    return bool(found)


def _names(session: Session, text: str, hidden: Set[Mark]) -> bool:
    found = named_in((text,)) & hidden
    return bool(found and found - shown_among(session, found))
