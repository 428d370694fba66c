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
from importers.identity import own_words, said_names, says_name

# Whose name no visitor reads.
_NAMELESS = or_(ActorProtected.level.in_(("neutral", "unlisted")), Actor.status == "secret")


class Near(NamedTuple):
    """A hidden place. shown: how its reader knows it; said: what a text may say of it alone."""

    shown: str
    actor_id: UUID
    said: frozenset[str]


def names_near(
    session: Session, vault: Vault, viewer: Viewer, territory: str, texts: Iterable[str]
) -> list[Near]:
    """Return the places that are hidden around a territory and may be called in some texts, but for
    those that a viewer may not read.
    """
    words = own_words(" ".join(texts))
    if not words:
        return []
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
    calls = {
        actor: [
            other
            for other in {Heard(each.name, each.city), *heard[actor]}
            # To take names to pieces takes thirty times as long.
            if not words.isdisjoint(own_words(other.name))
        ]
        for actor, each in named.items()
    }
    some = {actor: named[actor] for actor, names in calls.items() if names}
    towns = communes(session, some.values())
    found = []
    for actor, each in some.items():
        town = towns.get(each.commune or "", each.city or "")
        bare = (said_names(name, town, city) for name, city in calls[actor])
        shown = f"{each.name}, {town}" if town else each.name
        found.append(Near(shown, actor, frozenset[str]().union(*bare)))
    return found


def called_in(text: str, near: Iterable[Near]) -> tuple[Near, ...]:
    """Return which of some places a text calls by their names, in order."""
    called = (each for each in near if any(says_name(text, name) for name in each.said))
    return tuple(sorted(called, key=lambda each: (each.shown, each.actor_id)))
