"""Where a resource stands: what readers have of it now, and what may still be done with it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cataloguing.withdrawing import TAKEN_BACK_WITHIN
from app.models import Resource, ResourceAct, ResourceHold, ResourceRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a resource beside its versions.

    read_path: of its page, None where readers have none. read_version: published last, None: never.
    """

    read_path: str | None
    read_version: int | None
    review_on: date | None
    link_dead_since: date | None
    is_held: bool
    may_take_back: bool


def read(session: Session, resource: UUID, now: datetime) -> Standing:
    """Return where a resource stands."""
    read_of = (Resource.public_id, Resource.slug, Resource.review_on, Resource.link_dead_since)
    row = session.execute(select(*read_of).where(Resource.id == resource)).one_or_none()
    acts = (
        select(ResourceAct.act, ResourceAct.version, ResourceAct.at)
        .where(ResourceAct.resource_id == resource, ResourceAct.act.in_(("published", "withdrawn")))
        .order_by(ResourceAct.at.desc())
    )
    found = session.execute(acts).all()
    published = next((each.version for each in found if each.act == "published"), None)
    withdrawn = next((each.at for each in found if each.act == "withdrawn"), None)
    undecided = (ResourceHold.resource_id == resource, ResourceHold.decided_at.is_(None))
    held = session.scalar(select(ResourceHold.id).where(*undecided).limit(1)) is not None
    is_withdrawn = session.get_one(ResourceRecord, resource).status == "withdrawn"
    lately = withdrawn is not None and withdrawn >= now - TAKEN_BACK_WITHIN
    return Standing(
        f"/ressources/{row.public_id}/{row.slug}" if row else None,
        published,
        row.review_on if row else None,
        row.link_dead_since if row else None,
        held,
        is_withdrawn and lately,
    )
