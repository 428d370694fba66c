"""What lists propose and may not do: a consent to publish, two actors that may be one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Actor, ActorProtected, Proposal
from app.models.proposal import About
from app.records.record import ActorRecord
from app.records.sealed import open_record
from app.vault.digests import digest
from app.vault.sealing import Vault


class ProposalUnknown(Mesure23Error):
    """Cette proposition n'existe pas, ou quelqu'un l'a déjà décidée. « mesure23 proposals » affiche
    celles qui attendent.
    """


@dataclass(frozen=True, slots=True)
class Proposed:
    """Something to propose of an actor. subject: what makes it the same proposal another time."""

    about: About
    actor_id: UUID
    subject: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that nobody decided yet, of an actor by its true record."""

    id: UUID
    about: About
    actor_id: UUID
    public_id: str
    record: ActorRecord
    detail: dict[str, Any]
    made_at: datetime


def perhaps_same(actor: UUID, other: UUID, name: str, because: str) -> Proposed:
    """Return the proposal that an actor is another one; name: the true name of the other."""
    subject = "/".join(sorted((str(actor), str(other))))
    detail = {"name": name, "other": str(other), "because": because}
    return Proposed("same", actor, subject, detail)


def propose(session: Session, vault: Vault, key: bytes, found: Iterable[Proposed]) -> None:
    """Store proposals, each once; one that was decided is not made again."""
    rows = []
    for each in found:
        proposal_id = uuid4()
        rows.append(
            {
                "id": proposal_id,
                "about": each.about,
                "actor_id": each.actor_id,
                "subject": digest(key, f"proposal {each.about}", each.subject),
                "detail": vault.seal_json("proposal", proposal_id, "detail", each.detail),
            }
        )
    if rows:
        session.execute(insert(Proposal).on_conflict_do_nothing(), rows)


def waiting(session: Session, vault: Vault, territory: str | None = None) -> Iterator[Waiting]:
    """Yield what waits for a person, oldest first; territory: code of a département."""
    statement = (
        select(Proposal, Actor.public_id, ActorProtected.record)
        .join(Actor, Actor.id == Proposal.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Proposal.actor_id)
        .where(Proposal.decided_at.is_(None))
        .order_by(Proposal.made_at, Proposal.id)
    )
    if territory is not None:
        statement = statement.where(Actor.territory_code == territory)
    for proposal, public_id, record in session.execute(statement):
        yield Waiting(
            proposal.id,
            proposal.about,
            proposal.actor_id,
            public_id,
            open_record(vault, proposal.actor_id, record),
            vault.open_json("proposal", proposal.id, "detail", proposal.detail),
            proposal.made_at,
        )


def is_open(session: Session, proposal_id: UUID, about: About) -> bool:
    """Return whether a proposal of that heading waits for a person."""
    statement = select(Proposal.id).where(
        Proposal.id == proposal_id, Proposal.about == about, Proposal.decided_at.is_(None)
    )
    return session.scalar(statement) is not None


def decide(session: Session, proposal_id: UUID, *, accepted: bool, who: str) -> None:
    """Note what a person decided of a proposal; raises ProposalUnknown."""
    statement = (
        update(Proposal)
        .where(Proposal.id == proposal_id, Proposal.decided_at.is_(None))
        .values(decided_at=func.now(), accepted=accepted, who=who)
        .returning(Proposal.id)
    )
    if session.scalar(statement) is None:
        raise ProposalUnknown


def close(session: Session, actor_id: UUID, about: About, *, accepted: bool, who: str) -> None:
    """Note that a person decided all that is proposed of an actor under one heading."""
    session.execute(
        update(Proposal)
        .where(
            Proposal.actor_id == actor_id, Proposal.about == about, Proposal.decided_at.is_(None)
        )
        .values(decided_at=func.now(), accepted=accepted, who=who)
    )
