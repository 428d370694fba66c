"""Collections as the desk arranges them: resources in an order, each with why it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.audit.journal import Author
from app.cataloguing.arranging import check_seen, let_change, note, only_read
from app.cataloguing.placing import MOST
from app.errors import CollectionUnknown, Mesure23Error
from app.models import Resource, ResourceCollection, ResourceCollectionEntry
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.names import slug

TITLE_MAX, SUMMARY_MAX, NOTE_MAX = 200, 1_000, 300


class TitleNeeded(Mesure23Error):
    """Une collection a un titre."""

    status = 422
    title = "Titre à remplir"
    advice = "Écrivez son titre, puis enregistrez de nouveau."


class CollectionGone(Mesure23Error):
    """Quelqu’un a supprimé cette collection : rien n’est enregistré."""

    status = 409
    title = "Supprimée entre-temps"
    advice = "Ce que vous écriviez est ci-dessous : créez-la de nouveau, ou quittez cette page."


class Entry(NamedTuple):
    """A resource of a collection."""

    public_id: str
    note: str = ""
    title: str = ""
    audience: str = "public"


@dataclass(frozen=True, slots=True)
class Arranged:
    """A collection; count: of its resources."""

    slug: str
    title: str
    summary: str
    published: bool
    count: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A collection as a form says it."""

    title: str
    summary: str
    published: bool
    entries: tuple[Entry, ...] = ()

    @property
    def state(self) -> tuple[object, ...]:
        """Return what tells it from another one."""
        entries = [(each.public_id, each.note) for each in self.entries]
        return (self.title, self.summary, self.published, entries)

    @property
    def texts(self) -> dict[str, str]:
        """Return its texts, each by a name of its own."""
        notes = {f"note {each.public_id}": each.note for each in self.entries}
        return {"title": self.title, "summary": self.summary, **notes}


def every(session: Session) -> list[Arranged]:
    """Return every collection in its order."""
    table, entry = ResourceCollection, ResourceCollectionEntry
    counted = select(func.count()).where(entry.collection == table.slug).scalar_subquery()
    columns = (table.slug, table.title, table.summary, table.published, counted)
    rows = session.execute(select(*columns).order_by(table.place, table.slug))
    return [Arranged(*row) for row in rows]


def read(session: Session, of: str) -> tuple[Arranged, tuple[Entry, ...]]:
    """Return a collection with what it holds; raise CollectionUnknown."""
    found = session.get(ResourceCollection, of)
    if found is None:
        raise CollectionUnknown
    entry = ResourceCollectionEntry
    rows = (
        select(entry.public_id, entry.note, Resource.title, Resource.audience)
        .join(Resource, Resource.public_id == entry.public_id)
        .where(entry.collection == of)
        .order_by(entry.place)
    )
    entries = tuple(Entry(*row) for row in session.execute(rows))
    said = (found.slug, found.title, found.summary, found.published)
    return Arranged(*said, len(entries)), entries


def as_it_is(session: Session, of: str) -> Wanted:
    """Return a collection as its form would say it; raise CollectionUnknown."""
    found, entries = read(session, of)
    return Wanted(found.title, found.summary, found.published, entries)


def create_again(
    session: Session, vault: Vault, viewer: Viewer, author: Author, wanted: Wanted
) -> str:
    """Add a collection as a form says it, of one that is gone; raise as change() does."""
    slug = create(session, vault, viewer, author, wanted.title)
    change(session, vault, viewer, author, slug, wanted)
    return slug


def create(session: Session, vault: Vault, viewer: Viewer, author: Author, title: str) -> str:
    """Add a collection that no reader sees yet; return its slug."""
    let_change(session, vault, viewer, {"title": title})
    if not title:
        raise TitleNeeded
    taken = set(session.scalars(select(ResourceCollection.slug)))
    base = slug(title) or "collection"
    named = (base if number == 1 else f"{base}-{number}" for number in count(1))
    own = next(each for each in named if each not in taken)
    last = select(func.coalesce(func.max(ResourceCollection.place), 0) + 1)
    place = session.scalars(last).one()
    row = {"slug": own, "title": title, "place": place}
    session.execute(insert(ResourceCollection).values(row))
    note(session, vault, author, "collection", str(place))
    return own


def change(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    of: str,
    wanted: Wanted,
    seen: str | None = None,
) -> None:
    """Write a collection as a form says it, whole; what readers have no more is left out.

    seen: digest of what its form showed. Raises NotYourDecision, TextNames, TitleNeeded,
    CollectionUnknown or ArrangedMeanwhile.
    """
    let_change(session, vault, viewer, wanted.texts)
    if not wanted.title:
        raise TitleNeeded
    found = session.get(ResourceCollection, of, with_for_update=True)
    if found is None:
        raise CollectionUnknown
    check_seen(seen, as_it_is(session, of).state, wanted.state)
    found.title, found.summary, found.published = wanted.title, wanted.summary, wanted.published
    session.flush()
    notes = {each.public_id: each.note for each in wanted.entries}
    _put(session, of, [(each, notes[each]) for each in only_read(session, notes)][:MOST])
    note(session, vault, author, "collection", str(found.place))


def remove(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    of: str,
    seen: str | None = None,
) -> None:
    """Remove a collection; its resources stay where they are.

    seen: digest of what its page showed. Raises NotYourDecision or ArrangedMeanwhile.
    """
    let_change(session, vault, viewer, {})
    if session.get(ResourceCollection, of) is not None:
        check_seen(seen, as_it_is(session, of).state, ())
    gone = delete(ResourceCollection).where(ResourceCollection.slug == of)
    for place in session.scalars(gone.returning(ResourceCollection.place)).all():
        note(session, vault, author, "collection retirée", str(place))


def _put(session: Session, of: str, entries: Sequence[tuple[str, str]]) -> None:
    gone = ResourceCollectionEntry.collection == of
    session.execute(delete(ResourceCollectionEntry).where(gone))
    rows = [
        {"collection": of, "place": place, "public_id": each, "note": why}
        for place, (each, why) in enumerate(entries, 1)
    ]
    if rows:
        session.execute(insert(ResourceCollectionEntry), rows)
