"""What a person decided of the lines of a list, and the list without what they left out."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.lists.matching import Found
from app.lists.reading import Reading, ReadLine
from app.records.choosing import Choice
from importers.matching import MatchedLine
from importers.row import Where


@dataclass(frozen=True, slots=True)
class Decided:
    """left: lines that are not to be written. archived: missing actors that are to be closed.

    chosen: lines that say otherwise than their actor -> whose value a person chose.
    same: doubtful lines -> the actor that each is. two: those that are none of whom they may be.
    """

    left: frozenset[Where] = frozenset()
    archived: frozenset[UUID] = frozenset()
    chosen: Mapping[Where, Choice] = field(default_factory=dict)
    same: Mapping[Where, UUID] = field(default_factory=dict)
    two: frozenset[Where] = frozenset()

    @property
    def answers(self) -> bool:
        """Say whether a person answered who some lines are."""
        return bool(self.same or self.two)

    def matched(self) -> dict[Where, UUID]:
        """Return who lines are that are written."""
        return {where: actor for where, actor in self.same.items() if where not in self.left}


@dataclass(frozen=True, slots=True)
class Tied:
    """A list without what was erased of it, and who its lines are.

    same: the lines of which a person said who they are.
    """

    reading: Reading
    found: Found
    same: Mapping[Where, UUID]


def tell_apart(reading: Reading, found: Found, two: AbstractSet[Where]) -> Found:
    """Return whom lines may be, as a person found that some are none of them."""
    doubts = (
        replace(each, are_two=True) if reading.lines[each.line].row.where in two else each
        for each in found.doubts
    )
    return replace(found, doubts=tuple(doubts))


def leave_out(reading: Reading, found: Found, left: AbstractSet[Where]) -> tuple[Reading, Found]:
    """Return a list without some of its lines: new ones are gone, known ones change nothing.

    A known one ties its list to its actor as before: next time its list says the same anew.
    """
    if not left:
        return reading, found
    stays: dict[int, int] = {}
    lines: list[ReadLine] = []
    matched: list[MatchedLine[UUID]] = []
    for number, each in enumerate(found.matching.lines):
        is_left = each.row.where in left
        if is_left and each.actor is None:
            continue
        stays[number] = len(lines)
        lines.append(reading.lines[number])
        matched.append(replace(each, unchanged=True, former=None) if is_left else each)
    doubts = tuple(
        replace(each, line=stays[each.line])
        for each in found.doubts
        if each.line in stays and reading.lines[each.line].row.where not in left
    )
    matching = replace(found.matching, lines=tuple(matched))
    return replace(reading, lines=tuple(lines)), replace(found, matching=matching, doubts=doubts)
