"""Which archived actors a person joined to another one, as their history says.

Their causes do not tell: who only waited to be told apart from another one, and was closed
meanwhile, is still an actor of its own.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, Proposal, Revision
from app.platform.database.sessions import among
from app.records.causes import Cause, doubles
from app.records.edits import Edit
from app.records.stored import read_edits
from app.vault.sealing import Vault


def joined_to(
    session: Session, vault: Vault, known: Mapping[UUID, Iterable[Cause]]
) -> dict[UUID, UUID]:
    """Return each of some actors that was joined to another one -> that one; known: their causes.

    One that was joined and is two again, or that somebody published since, is joined no more.
    """
    perhaps = {actor: others for actor, causes in known.items() if (others := doubles(causes))}
    if not perhaps:
        return {}
    statement = (
        select(Revision.actor_id, Revision.id, Revision.why)
        .join(Actor, Actor.id == Revision.actor_id)
        .where(among(Revision.actor_id, perhaps), Actor.status == "archived")
        .order_by(Revision.number)
    )
    found: dict[UUID, UUID] = {}
    for actor, revision, why in session.execute(statement):
        reason = vault.open_json("revision", revision, "why", why)
        # Of one that was erased no id is left.
        if (other := reason.get("joined")) and UUID(other) in perhaps[actor]:
            found[actor] = UUID(other)
        elif "apart" in reason:
            found.pop(actor, None)
    return found


def with_survivors(session: Session, vault: Vault, key: bytes, actor: UUID) -> dict[UUID, Edit]:
    """Return an actor, the one that it was joined to, and so on: the last one is public.

    key: of the digests.
    """
    found = read_edits(session, vault, key, [actor])
    while other := joined_to(session, vault, {actor: found[actor].causes}).get(actor):
        if other in found:
            break
        found |= read_edits(session, vault, key, [other])
        actor = other
    return found


def two_of(session: Session, vault: Vault, proposal_id: UUID) -> tuple[UUID, ...]:
    """Return the actors of which a proposal says that they are one; none of what says no such."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or proposal.about != "same":
        return ()
    detail = vault.open_json("proposal", proposal_id, "detail", proposal.detail)
    return proposal.actor_id, UUID(detail["other"])


def concerned(session: Session, vault: Vault, proposal_id: UUID) -> set[UUID]:
    """Return the actors of a proposal, and all that they were ever joined to.

    What was decided was written to some of these: no index finds revisions by their moment.
    """
    found = further = set(two_of(session, vault, proposal_id))
    while further:
        statement = select(Revision.id, Revision.why).where(among(Revision.actor_id, further))
        rows = session.execute(statement)
        reasons = (vault.open_json("revision", each.id, "why", each.why) for each in rows)
        # Of one that was erased no id is left.
        further = {UUID(why["joined"]) for why in reasons if why.get("joined")} - found
        found = found | further
    return found


def joined_by(session: Session, vault: Vault, proposal_id: UUID) -> dict[Revision, dict[str, Any]]:
    """Return the two revisions by which a proposal made one actor of two, with their reasons."""
    actors = concerned(session, vault, proposal_id)
    statement = (
        select(Revision)
        # Both were written in the transaction that decided it.
        .join(Proposal, Proposal.decided_at == Revision.at)
        .where(Proposal.id == proposal_id, Proposal.about == "same", Proposal.accepted.is_(True))
        .where(among(Revision.actor_id, actors))
    )
    reasons = {
        each: vault.open_json("revision", each.id, "why", each.why)
        for each in session.scalars(statement)
    }
    return {each: why for each, why in reasons.items() if why.get("proposal") == str(proposal_id)}


def pair_parted(session: Session, vault: Vault, proposal_id: UUID) -> tuple[UUID, UUID] | None:
    """Return the two to which was written that they are two, twice the same where it was written to
    one alone; None of another proposal.
    """
    statement = (
        select(Revision.actor_id)
        .join(Proposal, Proposal.decided_at == Revision.at)
        .where(Proposal.id == proposal_id, Proposal.about == "same", Proposal.accepted.is_(False))
        .where(Revision.action == "part")
        .where(among(Revision.actor_id, concerned(session, vault, proposal_id)))
        # The one that was asked about stands in front of the one that it may be.
        .order_by(Revision.actor_id != Proposal.actor_id, Revision.actor_id)
    )
    written = session.scalars(statement).all()
    return (written[-1], written[0]) if written else None


def pair_joined(session: Session, vault: Vault, proposal_id: UUID) -> tuple[UUID, UUID] | None:
    """Return the actor that stays and the one that was joined to it; None of a proposal by which
    none was: what it named may have been joined to others before.
    """
    joined = joined_by(session, vault, proposal_id)
    stays = {"rows" in why: each.actor_id for each, why in joined.items()}
    return (stays[True], stays[False]) if len(stays) == 2 else None
