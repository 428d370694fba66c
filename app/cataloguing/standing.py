"""Where a resource stands: what readers have of it now, and what may still be done with it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.cataloguing.opening import read_version, withdrawn_at
from app.cataloguing.withdrawing import TAKEN_BACK_WITHIN
from app.models import Resource, ResourceHold, ResourceRecord


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
    undecided = (ResourceHold.resource_id == resource, ResourceHold.decided_at.is_(None))
    asked = (
        select(
            Resource.public_id,
            Resource.slug,
            Resource.review_on,
            Resource.link_dead_since,
            read_version().label("version"),
            exists().where(*undecided).label("is_held"),
            withdrawn_at().label("withdrawn_at"),
        )
        .select_from(ResourceRecord)
        .outerjoin(Resource, Resource.id == ResourceRecord.id)
        .where(ResourceRecord.id == resource)
    )
    row = session.execute(asked).one()
    at = row.withdrawn_at
    lately = at is not None and at >= now - TAKEN_BACK_WITHIN
    return Standing(
        f"/ressources/{row.public_id}/{row.slug}" if row.public_id else None,
        row.version,
        row.review_on,
        row.link_dead_since,
        row.is_held,
        lately,
    )
