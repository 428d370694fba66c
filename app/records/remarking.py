"""Writes anew the marks of records that a former release wrote, which knew fewer of them.

Without that, neither the old home nor its old neighbour is found by what only new marks tell.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.gazetteer.load import cached_gazetteer
from app.models import ActorFingerprint, ActorProtected
from app.models.protected import MARKS_VERSION
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.records.history import History
from app.records.joined import joined_to
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault

AT_ONCE = 1_000
_OUTDATED = ActorProtected.marks_version < MARKS_VERSION


def count_outdated(session: Session) -> int:
    """Count the records that have marks of a former release."""
    return session.scalars(select(func.count()).select_from(ActorProtected).where(_OUTDATED)).one()


def mark_some(session: Session, vault: Vault, who: str) -> int:
    """Mark some of them anew, in the caller's transaction; return how many.

    Whoever is found beside a home by it is held, as an import would do it.
    """
    hold(session, IMPORT_LOCK)
    # Homes first: what an old neighbour is held for is then always found again.
    order = (ActorProtected.level.is_(None), ActorProtected.actor_id)
    actors = session.scalars(
        select(ActorProtected.actor_id).where(_OUTDATED).order_by(*order).limit(AT_ONCE)
    ).all()
    if not actors:
        return 0
    writer = Writer(
        session, vault, index_key(session, vault), cached_gazetteer(session.connection())
    )
    marked = set(
        session.scalars(
            select(ActorFingerprint.actor_id).where(among(ActorFingerprint.actor_id, actors))
        )
    )
    stored = writer.stored(actors)
    joins = joined_to(session, vault, {actor: edit.causes for actor, edit in stored.items()})
    edits = {
        actor: edit
        for actor, edit in stored.items()
        # Nothing may be found by who was joined to another one, or whose list was undone.
        if actor not in joins and (actor in marked or edit.record.status != "archived")
    }
    changes = writer.plan(edits)
    for edit in edits.values():
        if edit.level == edit.former_level == "held":
            # What the former release left public of it may say more: it is owed an erasure.
            edit.act = "protect"
    writer.write(changes, History(session, vault, who, "edit"))
    session.execute(
        update(ActorProtected)
        .where(among(ActorProtected.actor_id, actors))
        .values(marks_version=MARKS_VERSION)
    )
    return len(actors)
