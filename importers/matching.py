"""Which actor each line of a list is, and which of those that its source knew are absent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from importers.row import ActorRow

Key = TypeVar("Key")
Holder = TypeVar("Holder")
# Kind -> keyed digests of what a line, or an actor, bears of it.
Keys = Mapping[str, frozenset[bytes]]


@dataclass(frozen=True, slots=True)
class Known(Generic[Key]):
    """What a source said of an actor the last time: keyed digest of all that was read."""

    actor: Key
    content: bytes


@dataclass(frozen=True, slots=True)
class MatchedLine(Generic[Key]):
    """One usable line, its identity in its source, and the actor it is known to be.

    former: the identity under which its source knew it, where that was another one.
    """

    row: ActorRow
    identity: bytes
    content: bytes
    actor: Key | None
    unchanged: bool
    former: bytes | None = None


@dataclass(frozen=True, slots=True)
class Matching(Generic[Key]):
    """Lines in their order; missing: identity -> actor that this source knew and no line is."""

    lines: tuple[MatchedLine[Key], ...]
    missing: Mapping[bytes, Key]


def tie(
    lines: Mapping[int, Keys], actors: Mapping[Key, Keys], kinds: Sequence[str]
) -> dict[int, Key]:
    """Tie lines to actors, kind by kind: by what one of each alone bears among those that are left.

    lines: number of a line -> what it bears; of a home and of others the same is digested apart,
    so all that bear any of its keys are counted.
    """
    ties: dict[int, Key] = {}
    lines, actors = dict(lines), dict(actors)
    for kind in kinds:
        bearers, numbers = holders(actors, kind), holders(lines, kind)
        for number, keys in [(number, each.get(kind, ())) for number, each in lines.items()]:
            found = {actor for key in keys for actor in bearers.get(key, ())}
            alone = len(found) == 1 and all(len(numbers[key]) == 1 for key in keys)
            if alone and (actor := found.pop()) in actors:
                ties[number] = actor
                del lines[number], actors[actor]
    return ties


def holders(each: Mapping[Holder, Keys], kind: str) -> dict[bytes, list[Holder]]:
    """Return key -> who bears it, of one kind."""
    found: dict[bytes, list[Holder]] = defaultdict(list)
    for holder, keys in each.items():
        for key in keys.get(kind, ()):
            found[key].append(holder)
    return found
