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

    lines: number of a line -> what it bears.
    """
    ties: dict[int, Key] = {}
    lines, actors = dict(lines), dict(actors)
    for kind in kinds:
        bearers = holders(actors, kind)
        for key, numbers in holders(lines, kind).items():
            found = bearers.get(key, [])
            if len(numbers) == len(found) == 1 and numbers[0] in lines and found[0] in actors:
                ties[numbers[0]] = found[0]
                del lines[numbers[0]], actors[found[0]]
    return ties


def holders(each: Mapping[Holder, Keys], kind: str) -> dict[bytes, list[Holder]]:
    """Return key -> who bears it, of one kind."""
    found: dict[bytes, list[Holder]] = defaultdict(list)
    for holder, keys in each.items():
        for key in keys.get(kind, ()):
            found[key].append(holder)
    return found
