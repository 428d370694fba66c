"""What a person decided of the lines of a list, and the list without what they left out."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from uuid import UUID

from app.lists.matching import Found
from app.lists.reading import Reading, ReadLine
from importers.matching import MatchedLine
from importers.row import Where


@dataclass(frozen=True, slots=True)
class Decided:
    """left: lines that are not to be written. archived: missing actors that are to be closed."""

    left: frozenset[Where] = frozenset()
    archived: frozenset[UUID] = frozenset()


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
