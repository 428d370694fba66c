"""Which hidden places a text calls by their bare names, which no digest tells: "par Les Tilleuls".

Of a territory and of those beside it: elsewhere others are called so. A place is called as its
record or any of its lists calls it.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Actor, ActorProtected, Territory
from app.records.heard_names import HEARD, Heard, actors_of
from app.records.true_names import NAMES, communes
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.identity import said_names, says_name

# Whose name no visitor reads.
_NAMELESS = or_(ActorProtected.level.in_(("neutral", "unlisted")), Actor.status == "secret")


class Near(NamedTuple):
    """A hidden place. shown: how its reader knows it; said: what a text may say of it alone."""

    shown: str
    actor_id: UUID
    said: frozenset[str]


def names_near(session: Session, vault: Vault, viewer: Viewer, territory: str) -> list[Near]:
    """Return the places that are hidden around a territory, but for those that a viewer may not
    read.
    """
    here = aliased(Territory)
    # In degrees: outlines are simplified, and need not meet.
    touches = func.ST_DWithin(Territory.outline, here.outline, 0.001)
    near = select(Territory.code).where(
        here.code == territory, or_(Territory.code == here.code, touches)
    )
    of = (session, vault, viewer, _NAMELESS, Actor.territory_code.in_(near))
    named, lines = NAMES.of(*of), HEARD.of(*of)
    heard: dict[UUID, set[Heard]] = defaultdict(set)
    for line, actor in actors_of(session, lines).items():
        heard[actor].add(lines[line])
    towns = communes(session, named.values())
    found = []
    for actor, each in named.items():
        town = towns.get(each.commune or "", each.city or "")
        calls = {Heard(each.name, each.city), *heard[actor]}
        said = frozenset(bare for name, city in calls for bare in said_names(name, town, city))
        shown = f"{each.name}, {town}" if town else each.name
        found.append(Near(shown, actor, said))
    return found


def called_in(text: str, near: Iterable[Near]) -> tuple[Near, ...]:
    """Return which of some places a text calls by their names, in order."""
    called = (each for each in near if any(says_name(text, name) for name in each.said))
    return tuple(sorted(called, key=lambda each: (each.shown, each.actor_id)))
