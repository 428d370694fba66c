"""Whose address may be asked of a geocoder, and has not been asked as it is now.

Only addresses that are already public are asked: a protected one, or one of a category that nobody
knows, never leaves the service.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor, Geocoding
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.placing import question, question_digest
from app.records.sheets import is_protected
from app.records.writing import Writer
from geo.geocoder import Query


@dataclass(frozen=True, slots=True)
class Asked:
    """An actor, and the query for its address."""

    actor_id: UUID
    query: Query


def waiting(
    session: Session, key: bytes, writer: Writer, only: Collection[UUID] | None = None
) -> Iterator[Asked]:
    """Yield the public actors, or only some, whose address was never asked as it is now."""
    statement = (
        select(Actor.id, Geocoding.question)
        .outerjoin(Geocoding, Geocoding.actor_id == Actor.id)
        .where(~Actor.protected, Actor.status != "archived")
        .where(func.coalesce(Actor.precision, "commune") == "commune")
    )
    if only is not None:
        statement = statement.where(among(Actor.id, only))
    asked = dict(session.execute(statement).all())
    for actor_id, edit in writer.stored(asked).items():
        if may_be_asked(edit) and question_digest(key, edit.record) != asked[actor_id]:
            yield Asked(actor_id, Query(str(actor_id), *question(edit.record)))


def still_waiting(writer: Writer, batch: Iterable[Asked]) -> list[Asked]:
    """Return those of a batch that no import has hidden or moved since they were listed."""
    todo = list(batch)
    stored = writer.stored(each.actor_id for each in todo)
    return [each for each in todo if is_current(stored.get(each.actor_id), each.query)]


def is_current(edit: Edit | None, query: Query) -> bool:
    """Return whether an actor may be asked for, and is where it was when query was made."""
    asked = (query.street, query.postcode, query.city, query.citycode)
    return edit is not None and may_be_asked(edit) and question(edit.record) == asked


def may_be_asked(edit: Edit) -> bool:
    """Return whether an actor's address may be sent to a geocoder, and gives one something to find.

    Asked again of its causes: the column `protected` only narrowed the search.
    """
    return may_be_sent(edit) and bool(edit.record.street) and edit.record.lon is None


def may_be_sent(edit: Edit) -> bool:
    """Return whether nothing hides an actor, so that its address may leave the service."""
    return not is_protected(edit.level, edit.record.status)
