"""Writes anew the marks of published texts that a former release wrote, which found fewer of them.

Without that, a text that names a home in a way that is read since would stay as the home is hidden.
"""

from collections.abc import Iterator, Set
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from app.cataloguing.publishing import mark, published
from app.cataloguing.screening import screen
from app.cataloguing.versions import open_version
from app.models import (
    Resource,
    ResourceEdition,
    ResourceHold,
    ResourceRecord,
    ResourceWithdrawn,
)
from app.models.resource_record import TEXT_MARKS_VERSION
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.marks import Mark
from app.records.naming import hidden_among, named_in
from app.records.unpublishing import TITLE_ALONE, published_version, read_hold, take_down_text
from app.vault.sealing import Vault

AT_ONCE = 50


def count_outdated(session: Session) -> int:
    """Count the resources that visitors read something of by marks of a former release."""
    found = select(func.count()).select_from(ResourceRecord).where(*_outdated())
    return session.scalars(found).one()


def mark_some(session: Session, vault: Vault, _who: str) -> int:
    """Mark some of them anew, in the caller's transaction; return how many.

    One that names somebody hidden waits for two people from now on, as one that is published now.
    """
    hold(session, IMPORT_LOCK)
    some = select(ResourceRecord).where(*_outdated()).order_by(ResourceRecord.id).limit(AT_ONCE)
    records = session.scalars(some).all()
    for record in records:
        hidden: dict[int, set[Mark]] = {}
        for edition, named, judged, found in _named(session, vault, record):
            mark(session, vault, record.id, edition, named, judged)
            if found:
                hidden[edition] = found
        if hidden:
            take_down_text(session, vault, record.id, hidden)
    done = among(ResourceRecord.id, [each.id for each in records])
    session.execute(update(ResourceRecord).where(done).values(marks_version=TEXT_MARKS_VERSION))
    return len(records)


def _outdated() -> tuple[ColumnElement[bool], ...]:
    withdrawn = select(ResourceWithdrawn.public_id)
    read = or_(ResourceRecord.id.in_(select(Resource.id)), ResourceRecord.public_id.in_(withdrawn))
    return ResourceRecord.marks_version < TEXT_MARKS_VERSION, read


def _named(
    session: Session, vault: Vault, record: ResourceRecord
) -> Iterator[tuple[int, Set[Mark], Set[Mark], set[Mark]]]:
    """Yield each edition that visitors read, all that it names, and who of these is hidden.

    Of the hidden those first with which two curateurs let it out.
    """
    title = select(ResourceWithdrawn.title).where(ResourceWithdrawn.public_id == record.public_id)
    if (said := session.scalar(title)) is not None:
        named = named_in((said,))
        judged = _judged(session, vault, record.id, published_version(session, record.id))
        yield TITLE_ALONE, named, judged, hidden_among(session, vault, named) - judged
    read = set(session.scalars(select(Resource.edition).where(Resource.id == record.id)))
    former = select(ResourceEdition.number).where(ResourceEdition.public_id == record.public_id)
    read |= set(session.scalars(former))
    for edition, (version, _) in enumerate(published(session, record.id), 1):
        if edition in read:
            content = open_version(session, vault, record, version).content
            screened = screen(session, vault, content)
            judged = _judged(session, vault, record.id, version)
            yield edition, screened.named, judged, set(screened.hidden - judged)


def _judged(session: Session, vault: Vault, resource: UUID, version: int) -> frozenset[Mark]:
    """Return the marks of a version with which two curateurs let it out."""
    of = (ResourceHold.resource_id == resource, ResourceHold.version == version)
    row = session.scalar(select(ResourceHold).where(*of, ResourceHold.decided_at.is_not(None)))
    return read_hold(vault, row)[1] if row is not None else frozenset()
