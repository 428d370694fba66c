"""Whose texts wait for a curateur to give them to professionals, so that a list finds them."""

from collections.abc import Mapping
from typing import Any, NotRequired
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter, ValidationError
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from app.models import Actor, ActorProtected, ReadersChoice, Role
from app.platform.database.sessions import among_ids, written
from app.records.memory import Memory
from app.records.readers import TEXTS, all_chosen
from app.records.true_names import as_it_is
from app.vault.sealing import Vault
from app.visibility import Viewer

_FOUND: dict[str, tuple[tuple[object, ...], frozenset[UUID]]] = {}
# Of whom professionals read more than a family.
READ = (
    Actor.status == "published",
    or_(ActorProtected.level.is_(None), ActorProtected.level == "held"),
)


class _Said(TypedDict):
    # What is in a record may be secret.
    __pydantic_config__ = ConfigDict(hide_input_in_errors=True)  # type: ignore[misc]

    referral: NotRequired[str | None]
    referrers: NotRequired[str | None]


_SAID: TypeAdapter[Mapping[str, Any]] = TypeAdapter(_Said)


def texts_in(clear: bytes) -> tuple[tuple[str, str], ...]:
    """Return the texts for professionals of an opened record, by field; raise RecordUnreadable."""
    try:
        said = _SAID.validate_json(clear)
    except ValidationError:
        said = as_it_is(clear)
    return tuple((field, said[field]) for field in TEXTS if said.get(field))


# Of this process: a text is the same for whoever may read it.
SAID = Memory(ActorProtected.record, texts_in)


def ungiven(session: Session, vault: Vault, viewer: Viewer) -> frozenset[UUID]:
    """Return the actors of which a text waits; of nobody, to whoever may give none.

    What was found holds until one of them is written, or another text is given.
    """
    if viewer.role is not Role.CURATEUR:
        return frozenset()
    given = select(func.count()), select(written(ReadersChoice))
    of_given = (each.select_from(ReadersChoice).scalar_subquery() for each in given)
    read = select(func.current_database(), func.count(), written(ActorProtected), *of_given)
    read = read.select_from(ActorProtected).join(Actor, Actor.id == ActorProtected.actor_id)
    mark = tuple(session.execute(read.where(*READ)).one())
    known = _FOUND.get(mark[0])
    if known is None or known[0] != mark:
        known = _FOUND[mark[0]] = mark, _ungiven(session, vault, viewer)
    return known[1]


def count_ungiven(session: Session, vault: Vault, viewer: Viewer, mine: frozenset[str]) -> int:
    """Return of how many actors a text waits; mine: of these territories alone, if any."""
    found = ungiven(session, vault, viewer)
    if not found or not mine:
        return len(found)
    here = among_ids(Actor.id, found), Actor.territory_code.in_(mine)
    return session.scalars(select(func.count()).select_from(Actor).where(*here)).one()


def _ungiven(session: Session, vault: Vault, viewer: Viewer) -> frozenset[UUID]:
    said = SAID.of(session, vault, viewer, *READ)
    chosen = all_chosen(session, vault)
    return frozenset(
        actor
        for actor, texts in said.items()
        if any(chosen[actor].of(*each) is None for each in texts)
    )
