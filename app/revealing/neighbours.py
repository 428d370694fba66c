"""Whom the address of a place would give away as well: another hidden one that stands there."""

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected, RevealChoice
from app.platform.database.sessions import among
from app.records.marks import marks, stored_mark
from app.records.record import ActorRecord
from app.vault.digests import index_key
from app.vault.sealing import Vault

_WHERE = frozenset({"address", "place", "cell"})


def stands_with_another(
    session: Session, vault: Vault, actor_id: UUID, record: ActorRecord
) -> bool:
    """Say whether a hidden place stands at the same address, whose operator did not open it."""
    key = index_key(session, vault)
    where = (mark for mark in marks(record) if mark[0] in _WHERE)
    digests = {stored_mark(mark, key, home=home)[1] for mark in where for home in (True, False)}
    another = (
        exists()
        .where(
            ActorFingerprint.actor_id == Actor.id,
            among(ActorFingerprint.digest, digests),
            ActorProtected.actor_id == Actor.id,
            ActorProtected.level.is_not(None),
        )
        .correlate(Actor)
    )
    others = (
        select(Actor.id)
        .outerjoin(RevealChoice, RevealChoice.actor_id == Actor.id)
        .where(
            Actor.id != actor_id,
            Actor.status != "archived",
            or_(RevealChoice.choice.is_(None), RevealChoice.choice != "direct"),
            another,
        )
        .limit(1)
    )
    return bool(digests) and session.scalar(others) is not None
