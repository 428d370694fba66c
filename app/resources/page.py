"""One resource, as its own page shows it: the edition in force, a former one, or what is left."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ResourceUnknown
from app.models import ResourceWithdrawn
from app.platform.database.sessions import among
from app.resources.content import Content, SheetPart, read_stored
from app.resources.queries import names_of, read_all
from app.resources.resource import Resource
from app.visibility import Viewer
from geo.zones import paris_day

PUBLIC_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a resource that was withdrawn."""

    title: str
    withdrawn_on: date


def read_resource(session: Session, viewer: Viewer, resource_id: str) -> Resource:
    """Return the edition in force; raises the same ResourceUnknown for a bad, absent or hidden id.

    What is for professionals alone exists for nobody else.
    """
    # What cannot be an id is asked for as well, as nobody's: it must not answer sooner than others.
    asked = resource_id if PUBLIC_ID.fullmatch(resource_id) else ""
    for found in read_all(session, viewer, [asked]):
        for resource in found:
            return resource
    raise ResourceUnknown


def read_edition(session: Session, viewer: Viewer, resource_id: str, number: int) -> Resource:
    """Return an edition by its number: a former one, or the one in force; raises ResourceUnknown.

    What is held or withdrawn has no editions left.
    """
    current = read_resource(session, viewer, resource_id)
    if number == current.edition:
        return current
    seen = viewer.editions().c
    found = select(seen.content, seen.published_at, seen.ended_at).where(
        seen.public_id == current.public_id, seen.number == number
    )
    row = session.execute(found).one_or_none()
    if row is None:
        raise ResourceUnknown
    content = read_stored(row.content)
    names = names_of(session, content.territories)
    return Resource(
        public_id=current.public_id,
        slug=current.slug,
        edition=number,
        published_at=row.published_at,
        changed_on=paris_day(row.published_at),
        content=content,
        ended_at=row.ended_at,
        places=tuple(names.get(code, code) for code in content.territories),
    )


def read_cited(session: Session, viewer: Viewer, content: Content) -> Mapping[str, str]:
    """Return the paths of those that a sheet names as its sources, by public id.

    Of what the viewer may not see not even the id is shown: it would say that there is something.
    """
    own = content.own
    sources = own.sources if isinstance(own, SheetPart) else ()
    ids = [each.resource_id for each in sources if each.resource_id]
    if not ids:
        return {}
    seen = viewer.resources().c
    found = select(seen.public_id, seen.slug).where(among(seen.public_id, ids))
    return {
        row.public_id: f"/ressources/{row.public_id}/{row.slug}" for row in session.execute(found)
    }


def read_withdrawn(session: Session, resource_id: str) -> Withdrawn | None:
    """Return title and day of what everybody could read and was withdrawn; None of all else."""
    asked = resource_id if PUBLIC_ID.fullmatch(resource_id) else ""
    row = session.get(ResourceWithdrawn, asked)
    return Withdrawn(row.title, row.withdrawn_on) if row else None
