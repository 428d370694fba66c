"""Whose texts wait for a curateur to give them to professionals, so that a list finds them."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, NotRequired
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


class Texts(NamedTuple):
    """Of which actors a text waits; unread: those whose record does not open, so that nobody knows
    whether one does.
    """

    waiting: frozenset[UUID] = frozenset()
    unread: frozenset[UUID] = frozenset()


_FOUND: dict[str, tuple[tuple[object, ...], Texts]] = {}
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


def ungiven(session: Session, vault: Vault, viewer: Viewer) -> Texts:
    """Return the actors of which a text waits; of nobody, to whoever may give none.

    What was found holds until one of them is written, another text is given or a key comes back.
    """
    if viewer.role is not Role.CURATEUR:
        return Texts()
    given = select(func.count()), select(written(ReadersChoice))
    of_given = (each.select_from(ReadersChoice).scalar_subquery() for each in given)
    read = select(func.current_database(), func.count(), written(ActorProtected), *of_given)
    read = read.select_from(ActorProtected).join(Actor, Actor.id == ActorProtected.actor_id)
    mark = (*session.execute(read.where(*READ)).one(), *sorted(vault.keys))
    known = _FOUND.get(mark[0])
    if known is None or known[0] != mark:
        known = _FOUND[mark[0]] = mark, _ungiven(session, vault, viewer)
    return known[1]


def count_in(session: Session, actors: Collection[UUID], mine: frozenset[str]) -> int:
    """Return how many of some actors are in some territories; where none are given, all are."""
    if not actors or not mine:
        return len(actors)
    here = among_ids(Actor.id, actors), Actor.territory_code.in_(mine)
    return session.scalars(select(func.count()).select_from(Actor).where(*here)).one()


def _ungiven(session: Session, vault: Vault, viewer: Viewer) -> Texts:
    unread: set[UUID] = set()
    said = SAID.of(session, vault, viewer, *READ, unread=unread)
    chosen = all_chosen(session, vault)
    waiting = (
        actor
        for actor, texts in said.items()
        if any(chosen[actor].of(*each) is None for each in texts)
    )
    return Texts(frozenset(waiting), frozenset(unread))
