"""Sealed records as a viewer may read them: app/visibility.py says whose, this opens them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected
from app.models.protected import Level
from app.platform.database.sessions import among
from app.records.causes import Cause
from app.records.joined import joined_to
from app.records.record import ActorRecord, is_hidden
from app.records.sealed import open_causes, open_record
from app.vault.sealing import Vault
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Seen:
    """An actor by its true record. level, causes: how much of it is hidden, and why."""

    actor_id: UUID
    public_id: str
    record: ActorRecord
    level: Level | None
    causes: tuple[Cause, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether something of it waits for a person to be published."""
        return is_hidden(self.level, self.record.status)


def see(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    *conditions: ColumnElement[bool],
    order_by: Iterable[Any] = (),
) -> Iterator[Seen]:
    """Yield the actors that a viewer may read whole; conditions, order_by: of their columns."""
    statement = (
        viewer.sealed()
        .add_columns(ActorProtected.level, ActorProtected.causes, Actor.public_id)
        .where(*conditions)
        .order_by(*order_by)
    )
    for actor_id, record, level, causes, public_id in session.execute(statement):
        yield Seen(
            actor_id,
            public_id,
            open_record(vault, actor_id, record),
            level,
            open_causes(vault, actor_id, causes),
        )


def see_these(
    session: Session, vault: Vault, viewer: Viewer, actors: Iterable[UUID]
) -> dict[UUID, Seen]:
    """Return those of the actors that a viewer may read whole."""
    found = see(session, vault, viewer, among(Actor.id, set(actors)))
    return {each.actor_id: each for each in found}


def see_survivors(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    actors: Iterable[UUID],
    looked_at: set[UUID] | None = None,
) -> dict[UUID, Seen]:
    """Return each actor, or the one that it was joined to, as far as a viewer may read it.

    looked_at: is given all whose change may change that.
    """
    wanted = set(actors)
    known = see_these(session, vault, viewer, wanted)
    joins = _joins(session, vault, known)
    while True:
        ends = {each: _end(each, joins) for each in wanted}
        further = set(ends.values()) - known.keys()
        more = see_these(session, vault, viewer, further)
        if not more:
            if looked_at is not None:
                looked_at |= wanted | known.keys() | further
            return {each: known[end] for each, end in ends.items() if end in known}
        known |= more
        joins |= _joins(session, vault, more)


def _joins(session: Session, vault: Vault, seen: Mapping[UUID, Seen]) -> dict[UUID, UUID]:
    archived = {actor: one.causes for actor, one in seen.items() if one.record.status == "archived"}
    return joined_to(session, vault, archived)


def _end(actor: UUID, joins: Mapping[UUID, UUID]) -> UUID:
    """Return the actor that one was joined to, as far as is known yet."""
    passed = {actor}
    while (other := joins.get(actor)) and other not in passed:
        passed.add(actor := other)
    return actor
