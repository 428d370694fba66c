"""Whom the address of a place would give away as well: another hidden one that stands there."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected
from app.platform.database.sessions import among
from app.records.causes import Cause, active
from app.records.marks import marks, stored_mark
from app.records.record import ActorRecord
from app.records.sealed import open_causes, open_record
from app.revealing.choices import read_choice
from app.vault.digests import index_key
from app.vault.sealing import Vault

_WHERE = frozenset({"address", "place", "cell"})


def stands_with_another(
    session: Session, vault: Vault, actor_id: UUID, record: ActorRecord
) -> bool:
    """Say whether another one stands at the same address that the public does not read there.

    Not one of which the address is hidden for this place alone, since it has no secret of its own,
    nor one whose operator has its own address told.
    """
    key = index_key(session, vault)
    where = (mark for mark in marks(record) if mark[0] in _WHERE)
    digests = {stored_mark(mark, key, home=home)[1] for mark in where for home in (True, False)}
    another = (
        exists()
        .where(
            ActorFingerprint.actor_id == Actor.id,
            among(ActorFingerprint.digest, digests),
        )
        .correlate(Actor)
    )
    others = (
        select(Actor.id, Actor.status, ActorProtected.record, ActorProtected.causes)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .where(
            Actor.id != actor_id,
            Actor.status != "archived",
            or_(ActorProtected.level.is_not(None), Actor.status != "published"),
            another,
        )
    )
    if not digests:
        return False
    for other, status, sealed, causes in session.execute(others).all():
        why = open_causes(vault, other, causes)
        known = open_record(vault, other, sealed)
        chosen = read_choice(session, vault, other, known, why)
        opened = chosen is not None and chosen.way == "direct" and not chosen.entry
        if status != "published" or not (opened or _is_hidden_for(actor_id, why)):
            return True
    return False


def _is_hidden_for(home: UUID, causes: Iterable[Cause]) -> bool:
    """Say whether a home is all that an actor is hidden for."""
    left = active(causes)
    return bool(left) and all(each.why == "beside" and each.what == str(home) for each in left)
