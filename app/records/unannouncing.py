"""Takes from readers the events that name somebody, and texts of members that do, in the
transaction that hides them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import (
    AgendaEvent,
    AgendaMark,
    AgendaRecord,
    ClearedAround,
    NetworkMark,
    NetworkMember,
)
from app.models.actor import new_public_id
from app.models.job import Job
from app.platform.database.sessions import among
from app.platform.queue.deferring import defer
from app.records.marks import Mark
from app.records.naming import shown_among


def take_down_events(session: Session, hidden: Mapping[bytes, Mark]) -> None:
    """Take down each event whose text, or whose organiser, gives away who is hidden now.

    hidden: by digest the marks of those. A curateur reads it again before it is published anew. The
    worker notes it in the journal: whoever hides waits for nobody who writes there.
    """
    row = AgendaMark
    rows = session.execute(select(row.record_id, row.digest).where(among(row.digest, hidden))).all()
    if not rows:
        return
    shown = shown_among(session, {hidden[digest] for _, digest in rows})
    named = {record for record, digest in rows if hidden[digest] not in shown}
    masked = update(AgendaRecord).where(among(AgendaRecord.id, named))
    session.execute(masked.values(masked=True))
    if taken := take_down(session, named):
        defer(session, Job.NOTE, *taken)
    had = select(AgendaRecord.id).where(among(AgendaRecord.id, named), AgendaRecord.sequence > 0)
    for each in session.scalars(had).all():
        # Who kept what it said knows it no more, as it comes back without whom it named; also where
        # it was withdrawn before.
        anew = update(AgendaRecord).where(AgendaRecord.id == each)
        session.execute(anew.values(public_id=new_public_id(), sequence=0))


def mask_members(session: Session, hidden: Mapping[bytes, Mark]) -> None:
    """Have other members read no text of whoever names somebody who is hidden now."""
    row = NetworkMark
    named = select(row.account_id, row.digest).where(among(row.digest, hidden))
    if not (rows := session.execute(named).all()):
        return
    shown = shown_among(session, {hidden[digest] for _, digest in rows})
    theirs = {account for account, digest in rows if hidden[digest] not in shown}
    masked = update(NetworkMember).where(among(NetworkMember.account_id, theirs))
    session.execute(masked.values(masked=True))


def take_down(session: Session, records: Iterable[UUID]) -> Sequence[UUID]:
    """Take events from readers, and have them wait for a curateur; return those that readers had.

    What visitors could read lies in the files in clear still, which is owed as of resources.
    """
    shown = delete(AgendaEvent).where(among(AgendaEvent.id, records)).returning(AgendaEvent.id)
    taken = session.scalars(shown).all()
    if taken:
        waiting = update(AgendaRecord).where(among(AgendaRecord.id, taken))
        session.execute(waiting.values(status="proposed"))
        owed = insert(ClearedAround).values(at=datetime.now(UTC))
        session.execute(owed.on_conflict_do_nothing())
    return taken
