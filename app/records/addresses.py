"""The public address of an actor that was joined to another one, and what named it by its id."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import Competence, FormerAddress
from app.platform.database.sessions import among
from app.records.edits import Edit


def is_open(edit: Edit) -> bool:
    """Say whether an actor is published and nothing of it is hidden, as it is and as it was."""
    levels = (edit.level, edit.former_level)
    return edit.record.status == edit.former_status == "published" and levels == (None, None)


def lead(session: Session, second: UUID, address: str, first: str) -> dict[str, Any]:
    """Lead the address of one actor to another one, with all that led to it; return what did.

    Before the actor takes another id. address: of the second. addresses: former ones that led to
    it. competent: keys by which registers name it.
    """
    moved = update(FormerAddress).where(FormerAddress.target == address).values(target=first)
    named = update(Competence).where(Competence.public_id == address).values(public_id=first)
    keys = session.scalars(named.returning(Competence.key)).all()
    found = {
        "address": address,
        "addresses": sorted(session.scalars(moved.returning(FormerAddress.public_id))),
        "competent": sorted({key.hex() for key in keys}),
    }
    row = {"public_id": address, "actor_id": second, "target": first}
    session.execute(insert(FormerAddress).on_conflict_do_nothing(), [row])
    return found


def forget(session: Session, second: UUID) -> None:
    """Lead the address of an actor nowhere."""
    session.execute(delete(FormerAddress).where(FormerAddress.actor_id == second))


def lead_back(session: Session, why: dict[str, Any], first: str) -> None:
    """Lead to the second what led to it before, once it has its address again.

    why: as lead() returned it. first: the public id that it was led to.
    """
    address = why["address"]
    session.execute(
        update(FormerAddress)
        .where(among(FormerAddress.public_id, why["addresses"]), FormerAddress.target == first)
        .values(target=address)
    )
    keys: Iterable[bytes] = map(bytes.fromhex, why["competent"])
    session.execute(
        update(Competence)
        .where(Competence.public_id == first, among(Competence.key, keys))
        .values(public_id=address)
    )


def is_free(session: Session, address: str, second: UUID) -> bool:
    """Say whether a former address is that of an actor, which nobody else took meanwhile."""
    statement = select(FormerAddress.actor_id).where(FormerAddress.public_id == address)
    return session.scalar(statement) == second
