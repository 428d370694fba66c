"""Issuing bodies as an authority: each by one name and one code, whichever name a text uses."""

from collections.abc import Iterable

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import IssuingBody
from geo.names import slug
from geo.text import fold


def authority(session: Session, names: Iterable[str]) -> dict[str, str]:
    """Return code -> name of bodies that a published text names; one that nobody knew is added."""
    bodies = _known(session)
    found: dict[str, str] = {}
    for name in names:
        if (body := bodies.get(fold(name))) is not None:
            found[body.code] = body.name
        elif code := slug(name):
            row = insert(IssuingBody).values(code=code, name=name).on_conflict_do_nothing()
            session.execute(row)
            found[code] = name
    return found


def as_published(session: Session, names: Iterable[str]) -> list[str]:
    """Return the names under which bodies would be published; adds none."""
    bodies = _known(session)
    known = (bodies.get(fold(name)) for name in names)
    return [each.name for each in known if each is not None]


def _known(session: Session) -> dict[str, Row[str, str, list[str]]]:
    # No object is made of each: a catalogue asks for all of them at each of its lines.
    rows = select(IssuingBody.code, IssuingBody.name, IssuingBody.variants)
    return {
        fold(name): each for each in session.execute(rows) for name in (each.name, *each.variants)
    }
