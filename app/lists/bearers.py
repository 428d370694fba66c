"""Which stored actors bear a mark of a line: of a mark that many bear, a few of them.

A whole list has one home page, hundreds share a switchboard: with each of those every line would be
compared with every actor.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from uuid import UUID

from importers.matching import Keys, holders

# By these one is reached, wherever it moves and whatever it is called.
REACHED = frozenset({"phone", "mail", "site"})
# Of each sort of actors that share a mark, those with whom a line is compared.
MOST_BEARERS = 20
_NONE: frozenset[bytes] = frozenset()


def shared_marks(
    new: Mapping[int, Keys],
    stored: Mapping[UUID, Keys],
    kinds: Collection[str],
    hidden: AbstractSet[UUID],
    missing: Collection[UUID],
) -> dict[tuple[int, UUID], set[str]]:
    """Return lines and actors that share a mark, and of which kinds are those that they share.

    missing: actors that the list of the lines misses. Whoever is hidden is compared with all that
    bear its name or its address: that guards it.
    """
    found: dict[tuple[int, UUID], set[str]] = defaultdict(set)
    cut: dict[str, set[bytes]] = {}
    for kind in kinds:
        known = holders(stored, kind)
        cut[kind] = {key for key, actors in known.items() if len(actors) > MOST_BEARERS}
        for key in cut[kind]:
            known[key] = [*_few(known[key], hidden, missing, all_hidden=kind not in REACHED)]
        for number, keys in new.items():
            for key in keys.get(kind, ()):
                for actor in known.get(key, ()):
                    found[number, actor].add(kind)
    # A line and an actor that a rarer mark brought together also count the common marks that both
    # have: those were cut above only so that they bring few together by themselves.
    for kind, many in cut.items():
        for (number, actor), its in found.items() if many else ():
            if not many.isdisjoint(new[number].get(kind, _NONE) & stored[actor].get(kind, _NONE)):
                its.add(kind)
    return found


def _few(
    actors: Sequence[UUID],
    hidden: AbstractSet[UUID],
    missing: Collection[UUID],
    *,
    all_hidden: bool,
) -> Iterator[UUID]:
    """Yield some of the actors that share a mark, of each sort: who is hidden, and who is missing.

    In the order of their ids: a plan that is made twice compares a line with the same ones.
    """
    sorts = {actor: (actor in hidden, actor in missing) for actor in actors}
    in_order = sorted(actors, key=lambda actor: (sorts[actor], actor))
    for (is_hidden, _), some in groupby(in_order, sorts.__getitem__):
        yield from [*some][: None if is_hidden and all_hidden else MOST_BEARERS]
