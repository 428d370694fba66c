"""Which numbers of establishments are somebody's who is hidden: a register tells where they are."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.marks import stored_mark
from app.vault.digests import index_key
from app.vault.sealing import Vault

_OPEN = ("published", "host")


def numbers_of_hidden(session: Session, vault: Vault, numbers: Collection[str]) -> set[str]:
    """Return those SIRETs that somebody has of whom something is hidden, or who is not public.

    Of a home any that some list gives it: its record may have another one.
    """
    if not numbers:
        return set()
    key = index_key(session, vault)
    marks = {
        stored_mark(("siret", number), key, home=home)[1]: number
        for number in numbers
        for home in (True, False)
    }
    found = (
        select(ActorFingerprint.digest)
        .join(Actor, Actor.id == ActorFingerprint.actor_id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(among(ActorFingerprint.digest, marks))
        .where(ActorProtected.level.is_not(None) | Actor.status.not_in(_OPEN))
    )
    return {marks[digest] for digest in session.scalars(found)}


def may_be_sent(session: Session, vault: Vault, number: str, actor: UUID) -> bool:
    """Return whether an actor is public now, and nobody hidden has its number."""
    public = (
        select(Actor.id)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(Actor.id == actor, Actor.status.in_(_OPEN), ActorProtected.level.is_(None))
    )
    found = session.scalar(public) is not None
    return found and not numbers_of_hidden(session, vault, {number})
