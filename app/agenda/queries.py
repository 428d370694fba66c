"""What is read of the agenda: a selection, one event, what comes next beside what one came for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from app.agenda.criteria import Query
from app.agenda.event import Event, Organiser
from app.agenda.hours import last_day
from app.errors import EventUnknown
from app.models import Commune, Territory
from app.platform.database.sessions import among
from app.resources.cards import Card
from app.resources.page import PUBLIC_ID
from app.resources.queries import read_cards
from app.visibility import PUBLIC, Viewer, published
from geo.names import search_name
from geo.zones import day_by

# Of a list, and of a calendar that a program takes whole.
MOST, MOST_IN_CALENDAR = 200, 500
# Beside an actor or a territory.
MOST_BESIDE = 3
# A calendar goes on to say what was so long ago, so that what was cancelled is not lost.
SINCE, A_DAY = timedelta(days=30), timedelta(days=1)


def select_events(session: Session, viewer: Viewer, query: Query, now: datetime) -> list[Event]:
    """Return the events of a month, or those that are not over, the next first."""
    events = viewer.events()
    seen, asked = events.c, _asked(events, query)
    if query.month is None:
        return _read(session, events, *asked, seen.ends_at >= now, most=MOST)
    first, following = query.month, (query.month + timedelta(days=31)).replace(day=1)
    # Each is of a month by its own clock, which lies within a day of that of Paris.
    begins, ends = (datetime.combine(day, time(), UTC) for day in (first, following))
    near = (seen.begins_at < ends + A_DAY, seen.ends_at > begins - A_DAY)
    found = _read(session, events, *asked, *near, most=MOST)
    return [
        each
        for each in found
        if day_by(each.begins_at, each.own) < following
        and last_day(each.ends_at, each.own) >= first
    ]


def select_for_calendar(
    session: Session, viewer: Viewer, query: Query, now: datetime
) -> list[Event]:
    """Return what a calendar holds: a month back, and all that comes."""
    events = viewer.events()
    recent = events.c.ends_at >= now - SINCE
    return _read(session, events, *_asked(events, query), recent, most=MOST_IN_CALENDAR)


def select_around(
    session: Session, viewer: Viewer, territories: Collection[str], now: datetime
) -> list[Event]:
    """Return the same of some territories and of all of France."""
    events = viewer.events()
    near = or_(events.c.territory_code.is_(None), among(events.c.territory_code, territories))
    recent = events.c.ends_at >= now - SINCE
    return _read(session, events, near, recent, most=MOST_IN_CALENDAR)


def select_newest(
    session: Session, viewer: Viewer, query: Query, now: datetime, most: int
) -> list[Event]:
    """Return those that are not over and were published last, the newest first."""
    events = viewer.events()
    seen = events.c
    found = _every(events).where(*_asked(events, query), seen.ends_at >= now)
    newest = found.order_by(seen.published_at.desc(), seen.public_id).limit(most)
    return [_event(row) for row in session.execute(newest).mappings()]


def read_event(session: Session, viewer: Viewer, event_id: str) -> Event:
    """Return one event; raises the same EventUnknown for a bad, absent or hidden id."""
    # As of resources: what cannot be an id must not answer sooner than others.
    asked = event_id if PUBLIC_ID.fullmatch(event_id) else ""
    events = viewer.events()
    for event in _read(session, events, events.c.public_id == asked, most=1):
        return event
    raise EventUnknown


def read_replay(session: Session, viewer: Viewer, event: Event, now: datetime) -> Card | None:
    """Return the resource that shows an event which is over, if a viewer reads it."""
    if event.replay_id is None or event.ends_at > now or event.cancelled_at:
        return None
    return next(iter(read_cards(session, viewer, [event.replay_id])), None)


def read_some(session: Session, viewer: Viewer, ids: Sequence[str]) -> list[Event]:
    """Return those of some events that a viewer may read, the next first."""
    events = viewer.events()
    return _read(session, events, among(events.c.public_id, ids), most=MOST)


def next_of_territory(session: Session, code: str, now: datetime) -> list[Event]:
    """Return what comes next in a territory, of what visitors read and is not cancelled."""
    return _next(session, PUBLIC.events().c.territory_code == code, now)


def next_of_actor(session: Session, public_id: str, now: datetime) -> list[Event]:
    """Return the same of who organises it."""
    return _next(session, PUBLIC.events().c.actor_id == public_id, now)


def _next(session: Session, of: ColumnElement[bool], now: datetime) -> list[Event]:
    events = PUBLIC.events()
    comes = (of, events.c.ends_at >= now, events.c.cancelled_at.is_(None))
    return _read(session, events, *comes, most=MOST_BESIDE)


def _asked(events: Subquery, query: Query) -> list[ColumnElement[bool]]:
    seen = events.c
    asked: list[ColumnElement[bool]] = []
    if query.territory:
        # What is for all of France is for each territory.
        asked.append(or_(seen.territory_code == query.territory, seen.territory_code.is_(None)))
    if query.form:
        asked.append(seen.form == query.form)
    if query.theme:
        asked.append(seen.themes.contains(literal([query.theme], ARRAY(Text))))
    return asked


# What a professional reads is another object each time.
@lru_cache(maxsize=8)
def _every(seen: Subquery) -> Select[Any]:
    """Return what is read of each event: to name these columns anew takes longer than to read."""
    actor = published().alias("actor_named")
    columns = (actor.c.name.label("actor_name"), actor.c.slug.label("actor_slug"))
    return (
        select(*seen.c, Territory.name.label("territory"), Commune.name.label("town"), *columns)
        .outerjoin(Territory, Territory.code == seen.c.territory_code)
        .outerjoin(Commune, Commune.code == seen.c.commune_code)
        .outerjoin(actor, actor.c.public_id == seen.c.actor_id)
    )


def _read(
    session: Session, events: Subquery, *conditions: ColumnElement[bool], most: int
) -> list[Event]:
    ordered = _every(events).where(*conditions).order_by(events.c.begins_at, events.c.public_id)
    return [_event(row) for row in session.execute(ordered.limit(most)).mappings()]


def _event(row: Mapping[Any, Any]) -> Event:
    said = dict(row)
    actor, name, slug = (said.pop(each) for each in ("actor_id", "actor_name", "actor_slug"))
    organiser = Organiser(name, f"/acteurs/{actor}/{slug}") if actor and name else None
    said["themes"], said["territory"] = tuple(said["themes"]), said["territory"] or ""
    town = said.pop("town")
    if said["place"] and town and search_name(town) not in search_name(said["place"]):
        said["place"] = f"{said['place']}, {town}"
    return Event(organiser=organiser, **said)
