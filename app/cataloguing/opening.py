"""Which resources somebody may open at the desk.

A curateur opens all of them. Anybody else opens what they wrote themselves, and what visitors read
as it is: the text of a colleague may name whom only a curateur may read of.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    not_,
    select,
)
from sqlalchemy.orm import Session

from app.errors import ResourceUnknown
from app.models import Resource, ResourceAct, ResourceRecord, ResourceVersion
from app.platform.database.sessions import among
from app.visibility import Viewer


def find(session: Session, viewer: Viewer, who: str, public_id: str) -> tuple[ResourceRecord, int]:
    """Return a resource by the id of its address, and the last version that somebody may read.

    who: as history names whoever asks. Raises ResourceUnknown.
    """
    wanted = (ResourceRecord.public_id == public_id, ResourceRecord.status != "erased")
    asked = select(ResourceRecord, readable(viewer, who)).where(*wanted)
    row = session.execute(asked).one_or_none() if viewer.writes_resources else None
    if row is None or row[1] is None:
        raise ResourceUnknown
    return row[0], row[1]


def public_id_of(session: Session, resource: UUID) -> str:
    """Return the id of a resource in addresses."""
    return session.get_one(ResourceRecord, resource).public_id


def public_ids_of(session: Session, resources: Sequence[UUID]) -> dict[UUID, str]:
    """Return the ids in addresses of those of some resources that are not erased."""
    named = select(ResourceRecord.id, ResourceRecord.public_id)
    there = (among(ResourceRecord.id, resources), ResourceRecord.status != "erased")
    rows = session.execute(named.where(*there)) if resources else ()
    return {row.id: row.public_id for row in rows}


def readable(viewer: Viewer, who: str) -> SQLColumnExpression[int]:
    """Return the last version of a resource_record that somebody may read; null where none.

    Their own, or what readers have: whoever corrected either may have read what it names.
    """
    if viewer.publishes_resources:
        return ResourceRecord.latest
    own = (ResourceVersion.resource_id == ResourceRecord.id, ResourceVersion.who == who)
    last = select(func.max(ResourceVersion.number)).where(*own).correlate(ResourceRecord)
    return func.greatest(last.scalar_subquery(), case((is_read(), read_version())))


def written_by(who: str) -> ColumnElement[bool]:
    """Return whether somebody wrote the last version of a resource_record."""
    last = ResourceVersion.number == ResourceRecord.latest
    own = (ResourceVersion.resource_id == ResourceRecord.id, last, ResourceVersion.who == who)
    return exists().where(*own).correlate(ResourceRecord)


def taken_over_from(who: str) -> ColumnElement[bool]:
    """Return whether a colleague goes on with what somebody wrote, and nobody reads any of it."""
    own = (ResourceVersion.resource_id == ResourceRecord.id, ResourceVersion.who == who)
    wrote = exists().where(*own).correlate(ResourceRecord)
    unread = and_(not_(is_read()), ResourceRecord.status != "erased")
    return and_(wrote, not_(written_by(who)), unread)


def is_read() -> ColumnElement[bool]:
    """Return whether readers have a resource_record now."""
    return exists().where(Resource.id == ResourceRecord.id).correlate(ResourceRecord)


def read_version() -> ScalarSelect[int]:
    """Return the version of a resource_record that was published last."""
    published = (ResourceAct.resource_id == ResourceRecord.id, ResourceAct.act == "published")
    # Of two of one moment as unpublishing.published_version() has it.
    order = (ResourceAct.at.desc(), ResourceAct.version.desc())
    newest = select(ResourceAct.version).where(*published).order_by(*order)
    return newest.limit(1).correlate(ResourceRecord).scalar_subquery()


def withdrawn_at() -> ScalarSelect[datetime]:
    """Return when a resource_record was withdrawn; null once it came back, or waits for two people.

    Somebody may ask for a newer version meanwhile, or get it back.
    """
    withdrawn = func.max(ResourceAct.at).filter(ResourceAct.act == "withdrawn")
    since = func.max(ResourceAct.at).filter(ResourceAct.act.in_(("published", "held")))
    left = (ResourceRecord.status.in_(("withdrawn", "waiting", "draft")), not_(is_read()))
    asked = select(withdrawn).where(ResourceAct.resource_id == ResourceRecord.id, *left)
    return asked.having(since <= withdrawn).correlate(ResourceRecord).scalar_subquery()
