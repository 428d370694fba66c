"""Why an actor is protected: by what it is, or by what it shares with a protected one.

A shelter is found again through its neighbour's record as surely as through its own. So whatever
shares one of its marks starts protected too, and so do those that share with these in turn, until
somebody decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.marks import SHARED_KINDS, Mark
from app.records.record import ActorRecord
from importers import vocabulary


def own_reason(record: ActorRecord) -> str | None:
    """Return why an actor is protected by what it is, or None."""
    category = vocabulary.load().categories[record.category]
    if not category.publishable:
        return "unknown"
    return "category" if category.protected and not record.consent_on else None


@dataclass(slots=True)
class Candidate:
    """An actor about to be written. reason: why it is protected, or None."""

    reason: str | None
    decided: bool
    marks: set[Mark] = field(default_factory=set)


def spread(session: Session, candidates: dict[UUID, Candidate]) -> set[UUID]:
    """Set reason "shared" where it is due; return stored actors, not written now, to hide as well.

    An actor whose publication was decided is left alone, and hides nobody.
    """
    by_mark: dict[Mark, set[UUID]] = defaultdict(set)
    for actor_id, candidate in candidates.items():
        for mark in _shared(candidate.marks):
            by_mark[mark].add(actor_id)
    hidden: set[UUID] = set()
    frontier = {
        mark
        for candidate in candidates.values()
        if candidate.reason
        for mark in _shared(candidate.marks)
    } | _already_hiding(session, by_mark, candidates.keys())
    done: set[Mark] = set()
    while frontier:
        done |= frontier
        reached: set[Mark] = set()
        for mark in frontier:
            for actor_id in by_mark[mark]:
                candidate = candidates[actor_id]
                if candidate.reason is None and not candidate.decided:
                    candidate.reason = "shared"
                    reached |= set(_shared(candidate.marks))
        stored = _unprotected_with(session, frontier) - candidates.keys() - hidden
        hidden |= stored
        reached |= _marks_of(session, stored)
        frontier = reached - done
    return hidden


def _shared(found: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in found if mark[0] in SHARED_KINDS]


def _marks_of(session: Session, actors: Iterable[UUID]) -> set[Mark]:
    return _read(session, _stored_marks().where(among(ActorFingerprint.actor_id, actors)))


def _already_hiding(session: Session, wanted: Iterable[Mark], written_now: Set[UUID]) -> set[Mark]:
    """Return those marks that a stored protected actor bears, other than those written now."""
    statement = (
        select(ActorFingerprint.actor_id, ActorFingerprint.kind, ActorFingerprint.digest)
        .join(Actor, Actor.id == ActorFingerprint.actor_id)
        .where(
            Actor.protected,
            ActorFingerprint.kind.in_(SHARED_KINDS),
            among(ActorFingerprint.digest, (value for _, value in wanted)),
        )
    )
    return {
        (kind, value)
        for actor_id, kind, value in session.execute(statement)
        if actor_id not in written_now
    }


def _read(session: Session, statement: Select[str, bytes]) -> set[Mark]:
    return {(kind, value) for kind, value in session.execute(statement)}


def _unprotected_with(session: Session, wanted: Iterable[Mark]) -> set[UUID]:
    statement = (
        select(ActorFingerprint.actor_id)
        .join(Actor, Actor.id == ActorFingerprint.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            ~Actor.protected,
            ActorProtected.decided_on.is_(None),
            ActorFingerprint.kind.in_(SHARED_KINDS),
            among(ActorFingerprint.digest, (value for _, value in wanted)),
        )
    )
    return set(session.scalars(statement))


def _stored_marks() -> Select[str, bytes]:
    return select(ActorFingerprint.kind, ActorFingerprint.digest).where(
        ActorFingerprint.kind.in_(SHARED_KINDS)
    )
