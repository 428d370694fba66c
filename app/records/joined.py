"""Which archived actors a person joined to another one, as their history says.

Their causes do not tell: who only waited to be told apart from another one, and was closed
meanwhile, is still an actor of its own.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, Revision
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
