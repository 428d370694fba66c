"""Resources beside what visitors came for: a situation, an actor, a territory, or a collection."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from app.errors import CollectionUnknown
from app.models import ResourceCollection, ResourceCollectionEntry, ResourceOfSituation
from app.resources.cards import Card
from app.resources.content import STORED, SheetPart
from app.resources.forms import Form
from app.resources.queries import read_cards
from app.visibility import PUBLIC

# Of one actor, or one territory.
MOST = 12
# Lines that a situation opens with: what to do at once, and the first things never to do.
MOST_NEVER = 2


@dataclass(frozen=True, slots=True)
class FirstLines:
    """What to do at once and what never, of the first sheet beside a situation.

    validated: whether a body did so; where none did, the page says that it is an example.
    """

    title: str
    path: str
    validated: bool
    now: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CollectionCard:
    """A collection in a list. count: of what visitors may read of it."""

    slug: str
    title: str
    summary: str
    count: int


@dataclass(frozen=True, slots=True)
class Collection:
    """Resources in their order. notes: why one is there, by public id."""

    slug: str
    title: str
    summary: str
    cards: tuple[Card, ...]
    notes: Mapping[str, str]


def of_situation(session: Session, number: int) -> tuple[Card, ...]:
    """Return those that the desk chose for a situation, at most three, in their order."""
    chosen = ResourceOfSituation.__table__.c
    found = select(chosen.public_id).where(chosen.situation == number).order_by(chosen.place)
    return read_cards(session, PUBLIC, session.scalars(found).all())


def first_lines(session: Session, number: int) -> FirstLines | None:
    """Return the lines of the first sheet beside a situation that has some; None where none has."""
    table, published = ResourceOfSituation.__table__, PUBLIC.resources()
    chosen, seen = table.c, published.c
    found = (
        select(seen.title, seen.public_id, seen.slug, seen.validations, seen.content)
        .select_from(table.join(published, seen.public_id == chosen.public_id))
        .where(chosen.situation == number, seen.form == Form.SHEET)
        .order_by(chosen.place)
    )
    for row in session.execute(found):
        own = SheetPart.model_validate(row.content, context=STORED)
        if own.now or own.never:
            path = f"/ressources/{row.public_id}/{row.slug}"
            never = own.never[:MOST_NEVER]
            return FirstLines(row.title, path, bool(row.validations), own.now, never)
    return None


def of_actor(session: Session, public_id: str) -> tuple[Card, ...]:
    """Return what an actor published or does, the newest first."""
    seen = PUBLIC.resources().c
    named = seen.actor_ids.contains(literal([public_id], ARRAY(Text)))
    return _newest(session, select(seen.public_id).where(named))


def of_territory(session: Session, code: str) -> tuple[Card, ...]:
    """Return the studies and the training of a territory, the newest first."""
    seen = PUBLIC.resources().c
    speaks = seen.territories.contains(literal([code], ARRAY(Text)))
    forms = seen.form.in_((Form.TRAINING, Form.STUDY))
    return _newest(session, select(seen.public_id).where(speaks, forms))


def collections(session: Session) -> tuple[CollectionCard, ...]:
    """Return the published collections that have something to read, in their order."""
    one, entry = ResourceCollection.__table__.c, ResourceCollectionEntry.__table__.c
    seen = PUBLIC.resources()
    found = (
        select(one.slug, one.title, one.summary, func.count())
        .join(ResourceCollectionEntry, entry.collection == one.slug)
        .join(seen, seen.c.public_id == entry.public_id)
        .where(one.published)
        .group_by(one.slug, one.title, one.summary, one.place)
        .order_by(one.place, one.title)
    )
    return tuple(CollectionCard(*row) for row in session.execute(found))


def read_collection(session: Session, slug: str) -> Collection:
    """Return a published collection; raises CollectionUnknown."""
    row = session.execute(
        select(ResourceCollection.slug, ResourceCollection.title, ResourceCollection.summary).where(
            ResourceCollection.slug == ("" if "\x00" in slug else slug),
            ResourceCollection.published,
        )
    ).one_or_none()
    if row is None:
        raise CollectionUnknown
    entry = ResourceCollectionEntry.__table__.c
    entries = session.execute(
        select(entry.public_id, entry.note)
        .where(entry.collection == row.slug)
        .order_by(entry.place)
    ).all()
    cards = read_cards(session, PUBLIC, [each.public_id for each in entries])
    shown = {card.public_id for card in cards}
    notes = {each.public_id: each.note for each in entries if each.public_id in shown}
    return Collection(*row, cards, notes)


def _newest(session: Session, found: Select[str]) -> tuple[Card, ...]:
    seen = PUBLIC.resources().c
    newest = found.order_by(seen.year.desc().nulls_last(), seen.public_id).limit(MOST)
    return read_cards(session, PUBLIC, session.scalars(newest).all())
