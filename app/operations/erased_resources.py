"""What somebody asked to erase, in resources: a text that says it goes, and waits for a curateur.

Names of issuing bodies that other texts name, and synonyms, stay: they are words, and no one's.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.models import (
    AgendaEvent,
    Base,
    LetterIssue,
    Resource,
    ResourceCollection,
    ResourceCollectionEntry,
    ResourceEdition,
    ResourceRecord,
    ResourceWithdrawn,
)
from app.platform.database.sessions import among
from app.records.erased import GONE, Erased
from app.records.unannouncing import take_down
from app.records.unlettering import take_down_issues
from app.records.unpublishing import forget_bodies

# Sealed columns that hold the whole content of a resource, as forms and pages read it.
CONTENTS = {("resource_version", "content"), ("resource_import", "plan")}
# With a hole in it, one of these leads nowhere, or to somebody else.
_WHOLE = {"url", "mailbox", "doi", "isbn", "nor", "hal"}
_TEXTS = (
    *(
        "title",
        "subtitle",
        "bodies",
        "persons",
        "method",
        "url",
        "summary",
        "proof_by",
        "proof_url",
    ),
    *("validations", "content", "body"),
)
# Of an event, whose other fields are words of lists, days and a clock.
_OF_EVENT = ("title", "text", "place", "url", "reason")
_IN_COLLECTIONS: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (ResourceCollection, ("summary",)),
    (ResourceCollectionEntry, ("note",)),
)


def cleaned(value: Any, erased: Erased, name: str = "") -> Any:
    """Return the content of a resource without what was erased; it stays one that can be read."""
    if isinstance(value, str):
        text = erased.text(value)
        return None if text != value and name in _WHOLE else text
    if isinstance(value, dict):
        return {each: cleaned(one, erased, each) for each, one in value.items()}
    if isinstance(value, list):
        left = [cleaned(each, erased, name) for each in value]
        # Of a list of names, one that is gone leaves no hole.
        return [each for each in left if each != GONE]
    return value


def take_out(session: Session, erased: Erased, *, writes: bool) -> Iterator[str]:
    """Yield the table of each open row that says what was erased; where it writes, take it away.

    What is published is no more, as if it had been asked for again: its versions are cleaned with
    all that is sealed.
    """
    columns = (getattr(Resource, name) for name in _TEXTS)
    rows = session.execute(select(Resource.id, *columns)).all()
    said = [resource for resource, *texts in rows if _says(texts, erased)]
    yield from (Resource.__tablename__ for _ in said)
    editions = select(ResourceEdition.public_id, ResourceEdition.number, ResourceEdition.content)
    former = [row for row in session.execute(editions) if _says(row.content, erased)]
    yield from (ResourceEdition.__tablename__ for _ in former)
    titles = session.execute(select(ResourceWithdrawn.public_id, ResourceWithdrawn.title))
    withdrawn = [public_id for public_id, title in titles if _says(title, erased)]
    yield from (ResourceWithdrawn.__tablename__ for _ in withdrawn)
    if writes:
        for row in former:
            of_row = ResourceEdition.public_id == row.public_id
            session.execute(
                delete(ResourceEdition).where(of_row, ResourceEdition.number == row.number)
            )
        session.execute(delete(Resource).where(among(Resource.id, said)))
        forget_bodies(session, curated=True)
        asked = update(ResourceRecord).where(among(ResourceRecord.id, said))
        session.execute(asked.values(status="waiting"))
        session.execute(
            delete(ResourceWithdrawn).where(among(ResourceWithdrawn.public_id, withdrawn))
        )
    yield from _events(session, erased, writes=writes)
    yield from _letters(session, erased, writes=writes)
    for model, names in _IN_COLLECTIONS:
        for found in session.scalars(select(model)):
            left = {name: erased.text(getattr(found, name)) for name in names}
            if any(getattr(found, name) != text for name, text in left.items()):
                yield model.__tablename__
                for name, text in left.items() if writes else ():
                    setattr(found, name, text)
    for collection in session.scalars(select(ResourceCollection)):
        # Its address says its title in words.
        if _says([collection.title, collection.slug.replace("-", " ")], erased):
            yield ResourceCollection.__tablename__
            if writes:
                session.delete(collection)


def _events(session: Session, erased: Erased, *, writes: bool) -> Iterator[str]:
    """Do the same of events of the agenda."""
    row = AgendaEvent
    rows = session.execute(select(row.id, row.title, row.text, row.place, row.reason)).all()
    said = [event for event, *texts in rows if _says(texts, erased)]
    yield from (row.__tablename__ for _ in said)
    if writes:
        take_down(session, said)


def _letters(session: Session, erased: Erased, *, writes: bool) -> Iterator[str]:
    """Do the same of letters; what they lead to is read anew for each reader."""
    rows = session.execute(select(LetterIssue.id, LetterIssue.blocks)).all()
    said = [letter for letter, blocks in rows if _says(blocks, erased)]
    yield from (LetterIssue.__tablename__ for _ in said)
    if writes:
        take_down_issues(session, said)


def events_of(session: Session, names: Collection[str], *, writes: bool) -> int:
    """Take down the events that an erased actor organises; return how many readers had.

    names: its public ids.
    """
    theirs = select(AgendaEvent.id).where(among(AgendaEvent.actor_id, names))
    said = session.scalars(theirs).all()
    if writes:
        take_down(session, said)
    return len(said)


def event_left(value: dict[str, Any], erased: Erased) -> dict[str, Any]:
    """Return what is said of an event without what was erased, nor where who was erased meets."""
    left = value | {name: cleaned(value[name], erased, name) for name in _OF_EVENT}
    if value["actor"] and erased.is_actor(value["actor"]):
        left |= {"actor": None, "place": ""}
    return left


def _says(value: Any, erased: Erased) -> bool:
    return bool(cleaned(value, erased) != value)
