"""Two people publish what is hidden: one asks, with the reasons, and another one looks again.

Within the caller's transaction, which is the caller's to commit.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Actor, Proposal
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records import acts, proposals
from app.records.acts import Outcome
from app.records.restoring import ChangedMeanwhile
from app.records.sheets import last_revision
from app.records.viewing import Seen, see_these
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from app.visibility import Viewer

ABOUT = "show"


class AnotherNeeded(Mesure23Error):
    """Vous avez demandé cette levée : c’est à un autre curateur de la confirmer."""

    status = 403
    title = "Un autre regard est nécessaire"
    advice = "Demandez à un collègue de lire la fiche et de confirmer."


class AlreadyAsked(Mesure23Error):
    """La levée de cette protection est déjà demandée."""

    status = 409
    title = "Déjà demandé"
    advice = "Un autre curateur peut la confirmer ou la refuser sur la fiche."


class NothingAsked(Mesure23Error):
    """Personne ne demande plus la levée de cette protection."""

    status = 409
    title = "Rien à confirmer"
    advice = "Relisez la fiche : quelqu’un a sans doute déjà décidé."


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to publish. revision: the last one that they had read."""

    id: UUID
    who: str
    at: datetime
    consent: date | None
    why: str
    revision: int


def ask(
    session: Session,
    vault: Vault,
    public_id: str,
    *,
    who: str,
    consent: date | None,
    why: str,
) -> UUID:
    """Ask that an actor be published; return its id. Raises what unprotect would, AlreadyAsked."""
    hold(session, IMPORT_LOCK)
    with session.begin_nested() as attempt:
        # Refused now rather than when another person looks at it.
        acts.unprotect(session, vault, public_id, who=who, consent=consent, why=why, by_two=True)
        attempt.rollback()
    actor_id = session.scalars(select(Actor.id).where(Actor.public_id == public_id)).one()
    if asked(session, vault, actor_id):
        raise AlreadyAsked
    proposal_id = uuid4()
    detail = {
        "who": who,
        "consent": consent and consent.isoformat(),
        "why": why,
        "revision": last_revision(session, actor_id),
    }
    session.add(
        Proposal(
            id=proposal_id,
            about=ABOUT,
            actor_id=actor_id,
            subject=digest(index_key(session, vault), f"proposal {ABOUT}", str(proposal_id)),
            detail=vault.seal_json("proposal", proposal_id, "detail", detail),
        )
    )
    return actor_id


def asked(session: Session, vault: Vault, actor_id: UUID) -> Asked | None:
    """Return what is asked of an actor and nobody decided yet."""
    found = session.scalar(
        select(Proposal).where(
            Proposal.actor_id == actor_id,
            Proposal.about == ABOUT,
            Proposal.decided_at.is_(None),
        )
    )
    if found is None:
        return None
    detail = vault.open_json("proposal", found.id, "detail", found.detail)
    consent = detail["consent"] and date.fromisoformat(detail["consent"])
    return Asked(found.id, detail["who"], found.made_at, consent, detail["why"], detail["revision"])


def count_of(session: Session, vault: Vault, who: str) -> int:
    """Return how many a person has to decide: those that others ask for."""
    asked_for = select(Proposal.id, Proposal.detail).where(
        Proposal.about == ABOUT, Proposal.decided_at.is_(None)
    )
    return sum(
        vault.open_json("proposal", proposal_id, "detail", detail)["who"] != who
        for proposal_id, detail in session.execute(asked_for)
    )


def all_asked(session: Session, vault: Vault, viewer: Viewer) -> list[tuple[Seen, Asked]]:
    """Return whom a viewer may read of those that somebody asks to publish, the oldest first."""
    waiting = select(Proposal.actor_id).where(
        Proposal.about == ABOUT, Proposal.decided_at.is_(None)
    )
    seen = see_these(session, vault, viewer, session.scalars(waiting))
    found = [(each, asked(session, vault, each.actor_id)) for each in seen.values()]
    return sorted(((each, wanted) for each, wanted in found if wanted), key=lambda pair: pair[1].at)


def confirm(session: Session, vault: Vault, public_id: str, *, who: str) -> Outcome:
    """Publish what another person asked for.

    Raises NothingAsked, AnotherNeeded, what unprotect does, or ChangedMeanwhile where the actor is
    not any more what the other one read.
    """
    actor_id, wanted = _find(session, vault, public_id)
    if wanted.who == who:
        raise AnotherNeeded
    if last_revision(session, actor_id) != wanted.revision:
        raise ChangedMeanwhile
    why = f"{wanted.why} (demandé par {wanted.who})"
    proposals.decide(session, wanted.id, accepted=True, who=who)
    given = {"who": who, "why": why}
    consent = wanted.consent
    return acts.unprotect(session, vault, public_id, consent=consent, by_two=True, **given)


def refuse(session: Session, vault: Vault, public_id: str, *, who: str) -> UUID:
    """Leave an actor hidden; return its id. Who asked may take it back. Raises NothingAsked."""
    actor_id, wanted = _find(session, vault, public_id)
    proposals.decide(session, wanted.id, accepted=False, who=who)
    return actor_id


def _find(session: Session, vault: Vault, public_id: str) -> tuple[UUID, Asked]:
    hold(session, IMPORT_LOCK)
    actor_id = session.scalar(select(Actor.id).where(Actor.public_id == public_id))
    wanted = asked(session, vault, actor_id) if actor_id else None
    if actor_id is None or wanted is None:
        raise NothingAsked
    return actor_id, wanted
