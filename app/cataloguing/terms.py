"""Terms of review: what readers have is read again from time to time, and says until when."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.links import counting_dead, ids_of_dead
from app.cataloguing.opening import is_read
from app.cataloguing.proposing import counting as counting_proposed
from app.cataloguing.publishing import NotYourDecision, review_on
from app.cataloguing.versions import act, open_version, to_change
from app.errors import ResourceUnknown
from app.models import Resource, ResourceHold, ResourceRecord
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.unpublishing import published_version
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# So long before its term somebody is asked to read it.
AHEAD = timedelta(days=30)


class Waits(NamedTuple):
    """How much of resources waits for a curateur."""

    held: int
    to_read: int
    due: int
    dead: int
    proposed: int


def _is_due(today: date) -> ColumnElement[bool]:
    return and_(is_read(), ResourceRecord.review_on <= today + AHEAD)


def count_each(session: Session, today: date) -> Waits:
    """Return how much waits, by what it waits for."""
    held = select(func.count()).select_from(ResourceHold).where(ResourceHold.decided_at.is_(None))
    records = select(func.count()).select_from(ResourceRecord)
    waiting = records.where(ResourceRecord.status == "waiting")
    each = (held, waiting, records.where(_is_due(today)), counting_dead(), counting_proposed())
    return Waits(*session.execute(select(*(one.scalar_subquery() for one in each))).one())


def count_waiting(viewer: Viewer, today: date) -> Select[int]:
    """Return the query of how much somebody decides here: nothing where they decide none.

    A resource counts once, whatever it waits for.
    """
    records = select(func.count()).select_from(ResourceRecord)
    if not viewer.publishes_resources:
        return records.where(false())
    undecided = select(ResourceHold.resource_id).where(ResourceHold.decided_at.is_(None))
    held = ResourceRecord.id.in_(undecided)
    dead = and_(is_read(), ResourceRecord.id.in_(ids_of_dead()))
    waiting = records.where(or_(ResourceRecord.status == "waiting", held, _is_due(today), dead))
    return select(waiting.scalar_subquery() + counting_proposed().scalar_subquery())


def reviewed(
    session: Session, vault: Vault, viewer: Viewer, author: Author, resource: UUID, now: datetime
) -> date:
    """Note that what readers have is still right, and return its next term.

    Raises NotYourDecision or ResourceUnknown; the latter also where nobody reads it.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    # In the order of whoever takes texts down.
    hold(session, IMPORT_LOCK)
    record = to_change(session, resource)
    if session.scalar(select(Resource.edition).where(Resource.id == resource)) is None:
        raise ResourceUnknown
    number = published_version(session, resource)
    content = open_version(session, vault, record, number).content
    term = review_on(content, paris_day(now))
    record.review_on = term
    session.execute(update(Resource).where(Resource.id == resource).values(review_on=term))
    act(session, author, resource, number, "reviewed", now)
    add(session, vault, author, Action.RESOURCE_REVIEWED, str(resource), {"version": number})
    return term
