"""Whom a list closes by itself, since nothing names them any more."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lists.reading import Reading
from app.models import Source, SourceRecord
from app.platform.database.sessions import among
from importers.matching import Matching


def closed_by(session: Session, reading: Reading, matching: Matching[UUID]) -> set[UUID]:
    """Return the actors that nothing names any more, and that a register had named.

    Of those that lists alone had named none is closed: whoever sends one may have forgotten them.
    """
    gone = set(matching.missing.values())
    elsewhere = select(SourceRecord.actor_id).where(
        among(SourceRecord.actor_id, gone),
        SourceRecord.source_id != reading.source,
        SourceRecord.missing_since.is_(None),
    )
    gone -= set(session.scalars(elsewhere))
    if reading.upload.register is not None:
        return gone
    of_registers = (
        select(SourceRecord.actor_id)
        .join(Source, Source.id == SourceRecord.source_id)
        .where(among(SourceRecord.actor_id, gone), Source.register.is_not(None))
    )
    return set(session.scalars(of_registers))
