"""What is said of the lines of a list, equal remarks together: faults, then doubts, then notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from importers.problems import UNKNOWN_WORDS, by_value, is_note

Weight = Literal["fault", "doubt", "note"]
# In the order of the page: what each is called.
WEIGHTS: dict[Weight, str] = {
    "fault": "Lignes refusées",
    "doubt": "À vérifier",
    "note": "Pour information",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """The same remark of some lines. place: of the first of them among all that are shown."""

    place: int
    weight: Weight
    column: str
    message: str
    items: tuple[Mapping[str, Any], ...]

    @property
    def lines(self) -> dict[tuple[str | None, int], None]:
        """Return the lines, each once; none where it is said of a whole sheet."""
        if self.column == "" and self.weight == "note":
            return {}
        return dict.fromkeys((each["sheet"], each["line"]) for each in self.items)

    @property
    def is_word(self) -> bool:
        """Say whether somebody may say what the word means of which it is said."""
        return by_value(self.message) or self.message.startswith(UNKNOWN_WORDS)

    @property
    def of_word(self) -> bool:
        """Say whether it is said of one word, which all its lines have and which may be shown."""
        return by_value(self.message) and bool(self.items[0]["value"])


@dataclass(frozen=True, slots=True)
class Remarks:
    """All remarks of a list, by what their weight is called. total: how often they are said."""

    total: int
    groups: Mapping[str, list[Remark]]

    @property
    def number(self) -> int:
        """Return how many there are, each once."""
        return sum(map(len, self.groups.values()))

    @property
    def hiding(self) -> bool:
        """Say whether one hides whom it is said of until somebody says what a word means."""
        every = (each for some in self.groups.values() for each in some)
        return any(each.weight == "doubt" and by_value(each.message) for each in every)

    def at(self, place: int) -> Remark | None:
        """Return the remark of that place."""
        every = (each for some in self.groups.values() for each in some)
        return next((each for each in every if each.place == place), None)


def grouped(problems: Sequence[Mapping[str, Any]]) -> Remarks:
    """Return remarks by weight, those of most lines first."""
    groups: dict[object, list[tuple[int, Mapping[str, Any]]]] = {}
    for place, each in enumerate(problems):
        word = each["value"] if by_value(each["message"]) else ""
        key = each["fatal"], each["column"], each["message"], word.casefold()
        groups.setdefault(key, []).append((place, each))
    found: dict[Weight, list[Remark]] = {weight: [] for weight in WEIGHTS}
    for some in groups.values():
        place, first = some[0]
        items = tuple(each for _, each in some)
        weight = _weight(first)
        remark = Remark(place, weight, first["column"] or "", first["message"], items)
        found[weight].append(remark)
    for remarks in found.values():
        remarks.sort(key=lambda each: -len(each.lines))
    named = {WEIGHTS[weight]: remarks for weight, remarks in found.items() if remarks}
    return Remarks(len(problems), named)


def _weight(each: Mapping[str, Any]) -> Weight:
    if each["fatal"]:
        return "fault"
    # What is said of a whole sheet names no column.
    return "note" if each["column"] is None or is_note(each["message"]) else "doubt"
