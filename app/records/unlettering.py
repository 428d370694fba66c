"""Takes from readers the letters that name somebody, in the transaction that hides them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import ClearedAround, Letter, LetterIssue, LetterMark
from app.platform.database.sessions import among
from app.records.marks import Mark
from app.records.naming import shown_among


def take_down_letters(session: Session, hidden: Mapping[bytes, Mark]) -> None:
    """Take down each letter whose words give away who is hidden now; it is sent to nobody more.

    hidden: by digest the marks of those. Nobody reads its words any more: they are written anew.
    """
    row = LetterMark
    rows = session.execute(select(row.letter_id, row.digest).where(among(row.digest, hidden))).all()
    if not rows:
        return
    shown = shown_among(session, {hidden[digest] for _, digest in rows})
    named = {letter for letter, digest in rows if hidden[digest] not in shown}
    masked = update(Letter).where(among(Letter.id, named))
    session.execute(masked.values(masked=True))
    take_down_issues(session, named)


def take_down_issues(session: Session, letters: Iterable[UUID]) -> int:
    """Take letters from readers, and send them to nobody more; return how many readers had.

    One that waits is a draft again. What visitors could read lies in the files in clear still.
    """
    ids = [*letters]
    gone = delete(LetterIssue).where(among(LetterIssue.id, ids)).returning(LetterIssue.id)
    taken = session.scalars(gone).all()
    for before, after in (("waiting", "draft"), ("going", "withdrawn"), ("sent", "withdrawn")):
        were = update(Letter).where(among(Letter.id, ids), Letter.status == before)
        session.execute(were.values(status=after))
    if taken:
        owed = insert(ClearedAround).values(at=datetime.now(UTC))
        session.execute(owed.on_conflict_do_nothing())
    return len(taken)
