"""What is new of a search: first seen since its reader was last told, and read by them now.

Who becomes hidden, or is withdrawn, is no news, nor is who is published again. A protected actor is
none either: it appears on the day on which another one disappears, and would tell who that was.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    Select,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.agenda.criteria import Query as EventQuery
from app.agenda.queries import MOST_IN_CALENDAR, select_newest
from app.alerting.keeping import SUSPENDS, query_of
from app.alerting.searches import Wanted, read_wanted
from app.errors import Mesure23Error
from app.models import (
    Account,
    Actor,
    AgendaRecord,
    Alert,
    FirstSeen,
    NetworkMember,
    ResourceRecord,
    Territory,
)
from app.models.alert import Domain, Rhythm
from app.platform.database.sessions import among, among_ids
from app.resources.index import Index
from app.resources.queries import read_cards
from app.resources.results import select_ids
from app.search.criteria import Search
from app.search.newest import first_seen
from app.vault.sealing import NotOpened, Vault
from app.visibility import Viewer, published
from app.visible.hiding import asked_to_hide
from app.visible.members import is_one
from importers import vocabulary

# Of one mail.
MOST = 20
# Noted at once, from here on the database counts what there is anew.
MANY = 500
EACH: Mapping[Rhythm, timedelta] = {
    "aussitot": timedelta(0),
    "semaine": timedelta(days=7),
    "mois": timedelta(days=30),
}
# Whose ids are of something that is, whatever became of it.
_HAVING: Mapping[Domain, InstrumentedAttribute[str]] = {
    "acteurs": Actor.public_id,
    "ressources": ResourceRecord.public_id,
    "agenda": AgendaRecord.public_id,
}
ReadIndex = Callable[[Session], Index]
# What is new of a search is little, or all there is: a plan that is made for any takes five times
# as long as one for what is asked.
_BY_VALUES = text("SET LOCAL plan_cache_mode = force_custom_plan")


@dataclass(frozen=True, slots=True)
class Item:
    """One new thing. path: below the public pages, or below the desk of whoever is signed in."""

    title: str
    what: str
    path: str
    is_public: bool = True


@dataclass(frozen=True, slots=True)
class News:
    """What is new: the newest of it, and how many in all."""

    items: Sequence[Item] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Between:
    """When something was first seen: after the one, and no later than the other."""

    since: datetime
    until: datetime


def note(session: Session, now: datetime) -> None:
    """Note whom and what members may read that nobody had seen, and forget ids that are no more."""
    member = Viewer.written_to(None, now)
    actor, resource, event = published(), member.resources(), member.events()
    noted = 0
    for domain, found in (
        ("acteurs", select(actor.c.public_id).where(~actor.c.protected)),
        ("ressources", select(resource.c.public_id)),
        ("agenda", select(event.c.public_id)),
    ):
        read = found.subquery("read")
        known = and_(FirstSeen.domain == domain, FirstSeen.public_id == read.c.public_id)
        new = select(literal(domain), read.c.public_id, literal(now)).where(
            ~select(FirstSeen.public_id).where(known).exists()
        )
        columns = ["domain", "public_id", "at"]
        added = insert(FirstSeen).from_select(columns, new).on_conflict_do_nothing()
        noted += cast("CursorResult[Any]", session.execute(added)).rowcount
    if noted >= MANY:
        # Who sends a list is told of it within minutes, before the database counts by itself: it
        # would look through all that is new for each search.
        session.execute(text("SELECT count_first_seen()"))
    for domain, having in _HAVING.items():
        there = select(having).where(having == FirstSeen.public_id).exists()
        session.execute(delete(FirstSeen).where(FirstSeen.domain == domain, ~there))


def due(session: Session, vault: Vault, now: datetime, index: ReadIndex) -> tuple[list[UUID], int]:
    """Return the alerts of members of which something is new, and how many do not open any more.

    Equal searches are looked for once; of those without news nothing before is looked at again.
    """
    wanted: dict[tuple[Domain, str], list[Alert]] = defaultdict(list)
    failed = 0
    for row in session.scalars(_due(now)):
        try:
            wanted[row.domain, query_of(vault, row)].append(row)
        except NotOpened:
            failed += 1
    found: list[UUID] = []
    nothing: list[UUID] = []
    session.execute(_BY_VALUES)
    for (domain, query), rows in wanted.items():
        between = Between(min(row.since for row in rows), now)
        try:
            asked = read_wanted(session, domain, query)
        except Mesure23Error:
            failed += len(rows)
            continue
        newest = _newest(session, asked, between, index)
        for row in rows:
            has_news = newest is not None and newest > row.since
            (found if has_news else nothing).append(row.id)
    session.execute(update(Alert).where(among_ids(Alert.id, nothing)).values(since=now))
    return found, failed


def read_news(
    session: Session, viewer: Viewer, wanted: Wanted, between: Between, index: ReadIndex
) -> News:
    """Return what is new of a search for somebody, as it is at this moment."""
    if isinstance(wanted.asked, Search):
        return _actors(session, wanted.asked, between)
    seen = _seen(session, wanted.domain, between)
    if not seen:
        return News()
    if isinstance(wanted.asked, EventQuery):
        given = (session, viewer, wanted.asked, between.until, MOST_IN_CALENDAR)
        events = [each for each in select_newest(*given) if each.public_id in seen]
        coming = [each for each in events if each.cancelled_at is None]
        items = [
            Item(each.title, f"{each.label}, {each.day}", each.path, each.audience == "public")
            for each in coming[:MOST]
        ]
        return News(items, len(coming))
    # Remembered for all mails of a round: what one may read of it is read at this moment.
    selected = [
        each for each in select_ids(session, viewer, wanted.asked, index, None) if each in seen
    ]
    resource = viewer.resources().c
    audiences = select(resource.public_id, resource.audience)
    rows = session.execute(audiences.where(among(resource.public_id, selected)))
    readable = {row.public_id: row.audience for row in rows}
    ids = [each for each in selected if each in readable]
    items = [
        Item(
            card.title,
            card.form_label,
            card.path if readable[card.public_id] == "public" else f"/ressources/{card.public_id}",
            readable[card.public_id] == "public",
        )
        for card in read_cards(session, viewer, ids[:MOST])
    ]
    return News(items, len(ids))


def _due(now: datetime) -> Select[Alert]:
    """Return the alerts of who is a member now that are due, where anything at all is new."""
    late = (
        and_(Alert.rhythm == rhythm, Alert.sent_at <= now - each) for rhythm, each in EACH.items()
    )
    newer = select(FirstSeen.domain).where(
        FirstSeen.domain == Alert.domain, FirstSeen.at > Alert.since, FirstSeen.at <= now
    )
    return (
        select(Alert)
        .join(NetworkMember, NetworkMember.account_id == Alert.account_id)
        .join(Account, Account.id == Alert.account_id)
        .where(is_one(now), Alert.going_at.is_(None), Alert.refusals < SUSPENDS)
        .where(or_(*late), newer.exists())
        .order_by(Alert.since, Alert.id)
    )


def _newest(
    session: Session, wanted: Wanted, between: Between, index: ReadIndex
) -> datetime | None:
    """Return when what is newest of a search was first seen, of what any member may be sent."""
    if isinstance(wanted.asked, Search):
        found = _selected(wanted.asked, between).with_only_columns(func.max(FirstSeen.at))
        return session.scalar(found)
    seen = _seen(session, wanted.domain, between)
    viewer = Viewer.written_to(None, between.until)
    if isinstance(wanted.asked, EventQuery):
        given = (session, viewer, wanted.asked, between.until, MOST_IN_CALENDAR)
        ids: Iterable[str] = (each.public_id for each in select_newest(*given))
    else:
        ids = select_ids(session, viewer, wanted.asked, index, None)
    return max((seen[each] for each in ids if each in seen), default=None)


def _seen(session: Session, domain: Domain, between: Between) -> dict[str, datetime]:
    found = select(FirstSeen.public_id, FirstSeen.at).where(
        FirstSeen.domain == domain, FirstSeen.at > between.since, FirstSeen.at <= between.until
    )
    return {row.public_id: row.at for row in session.execute(found)}


def _actors(session: Session, search: Search, between: Between) -> News:
    actor = published()
    seat = select(Territory.name).where(Territory.code == actor.c.territory_code)
    column = actor.c
    columns = (column.public_id, column.slug, column.name, column.category)
    found = (
        _selected(search, between)
        .with_only_columns(
            *columns,
            seat.scalar_subquery().label("territory"),
            func.count().over().label("total"),
        )
        .order_by(FirstSeen.at.desc(), column.public_id)
        .limit(MOST)
    )
    session.execute(_BY_VALUES)
    labels, rows = vocabulary.load().categories, session.execute(found).all()
    items = [
        Item(
            row.name,
            f"{labels[row.category].label}, {row.territory}",
            f"/acteurs/{row.public_id}/{row.slug}",
        )
        for row in rows
    ]
    return News(items, rows[0].total if rows else 0)


def _selected(search: Search, between: Between) -> Select[Any]:
    """Return the actors of a search that were first seen then, but whom their operator is about to
    hide: a mail lies in a mailbox for long.
    """
    seen = FirstSeen.at
    found = first_seen(search).where(seen > between.since, seen <= between.until)
    return found.where(FirstSeen.public_id.not_in(_asked_to_hide()))


# To make it again for each mail would take a fifth of it.
@cache
def _asked_to_hide() -> Select[str]:
    row = aliased(Actor)
    return select(row.public_id).where(asked_to_hide(row.id))
