"""What the ties of a source were before a file changed them, so that its import can be undone."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, insert, literal, or_, select, union, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.models import Actor, ActorFingerprint, FormerTie, SourceRecord
from app.platform.database.sessions import among, among_ids

_OF_TIE = ("content", "actor_id", "last_file_id", "missing_since")
_BEFORE = [getattr(FormerTie, name) for name in _OF_TIE]
_NOW = [getattr(SourceRecord, name) for name in _OF_TIE]


def note_before(session: Session, source: UUID, file: UUID) -> None:
    """Store the ties of a source as they are, before a file changes some of them."""
    now = select(literal(file), SourceRecord.identity, *_NOW).where(
        SourceRecord.source_id == source
    )
    session.execute(insert(FormerTie).from_select(["file_id", "identity", *_OF_TIE], now))


def leave_changed(session: Session, source: UUID, file: UUID) -> None:
    """Of what was stored before a file, leave what it changed; add the identities that are new."""
    here = FormerTie.file_id == file
    same = (here, *_is_now(source))
    known = exists().where(here, FormerTie.identity == SourceRecord.identity)
    new = select(literal(file), SourceRecord.identity, SourceRecord.actor_id).where(
        SourceRecord.source_id == source, ~known
    )
    columns = ["file_id", "identity", "next_actor_id"]
    session.execute(insert(FormerTie).from_select(columns, new))
    unchanged = (
        before.is_not_distinct_from(now) for before, now in zip(_BEFORE, _NOW, strict=True)
    )
    session.execute(delete(FormerTie).where(*same, *unchanged))
    session.execute(update(FormerTie).where(*same).values(next_actor_id=SourceRecord.actor_id))


def restore(session: Session, source: UUID, file: UUID, left: Collection[UUID]) -> None:
    """Make the ties that a file changed what they were before it.

    left: actors whose ties stay. So does one that was given to another actor since.
    """
    stays = [*left, *_joined_since(session, file)]
    of_file = (FormerTie.file_id == file, *(_is_none_of(each, stays) for each in _ACTORS))
    written = (*of_file, *_is_now(source), SourceRecord.actor_id == FormerTie.next_actor_id)
    # Who was given an identity since theirs is another one's, which stays so, has no other.
    its = aliased(FormerTie)
    is_lost = (its.file_id == file, among_ids(its.next_actor_id, stays))
    other = (its.actor_id == SourceRecord.actor_id, *is_lost)
    given = (*written, FormerTie.actor_id.is_(None))
    session.execute(delete(SourceRecord).where(*given, ~exists().where(*other)))
    was = {name: getattr(its, name) for name in _OF_TIE}
    session.execute(update(SourceRecord).where(*given, *other).values(was))
    before = dict(zip(_OF_TIE, _BEFORE, strict=True))
    session.execute(
        update(SourceRecord).where(*written, FormerTie.actor_id.is_not(None)).values(before)
    )
    lost = select(literal(source), FormerTie.identity, *_BEFORE).where(
        *of_file, FormerTie.next_actor_id.is_(None)
    )
    columns = ["source_id", "identity", *_OF_TIE]
    session.execute(insert_once(SourceRecord).from_select(columns, lost).on_conflict_do_nothing())


def forget_former_ties(session: Session, files: Collection[UUID]) -> None:
    """Take what was stored before files: their import cannot be undone any more."""
    session.execute(delete(FormerTie).where(among(FormerTie.file_id, files)))


_ACTORS = (FormerTie.actor_id, FormerTie.next_actor_id)


def _is_now(source: UUID) -> tuple[ColumnElement[bool], ...]:
    return (SourceRecord.source_id == source, SourceRecord.identity == FormerTie.identity)


def _is_none_of(
    column: InstrumentedAttribute[UUID | None], actors: Collection[UUID]
) -> ColumnElement[bool]:
    return or_(column.is_(None), ~among_ids(column, actors))


def _joined_since(session: Session, file: UUID) -> list[UUID]:
    """Return the actors of ties by whom nothing is found any more, since they are others now."""
    named = union(*(select(each).where(FormerTie.file_id == file) for each in _ACTORS))
    marked = exists().where(ActorFingerprint.actor_id == Actor.id)
    archived = select(Actor.id).where(Actor.status == "archived", Actor.id.in_(named), ~marked)
    return list(session.scalars(archived))
