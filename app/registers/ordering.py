"""In what order the territories of an edition are written: no neighbour of a home before it.

What a service shares with a home of another territory would be public until that one is written.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from app.records.marks import SHARED_KINDS, Mark, around, beside_its_columns, marks, quoted
from app.records.said_by_lines import houses
from importers.row import ActorRow


@dataclass(frozen=True, slots=True)
class Borne:
    """Hashes of what the homes of a territory bear that others may share, and of what others do."""

    by_homes: frozenset[int]
    by_others: Sequence[int]


def borne_by(rows: Iterable[ActorRow]) -> Borne:
    """Return what lines of a territory bear. Two marks of one hash put it later, no more."""
    homes: set[int] = set()
    others: set[int] = set()
    for row in rows:
        if houses(row):
            homes |= _shared(around(marks(row) | beside_its_columns(row)))
        else:
            others |= _shared(marks(row) | quoted(row))
    return Borne(frozenset(homes), array("q", others))


def written_together(borne: Mapping[str, Borne]) -> Iterator[list[str]]:
    """Yield the territories of each transaction, in order: those that wait for one another at once.

    borne: territory -> what its lines bear.
    """
    homes: dict[int, set[str]] = defaultdict(set)
    for territory, each in borne.items():
        for mark in each.by_homes:
            homes[mark].add(territory)
    waiting = {
        territory: {home for mark in each.by_others for home in homes.get(mark, ())} - {territory}
        for territory, each in borne.items()
    }
    while waiting:
        found = min((_all_before(each, waiting) for each in waiting), key=len)
        yield sorted(found)
        for territory in found:
            del waiting[territory]


def _all_before(territory: str, waiting: Mapping[str, AbstractSet[str]]) -> set[str]:
    """Return a territory with those that are to be written before it, and those before them."""
    found, left = set(), [territory]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += waiting[one] & waiting.keys()
    return found


def _shared(found: Iterable[Mark]) -> set[int]:
    return {hash(mark) for mark in found if mark[0] in SHARED_KINDS}
