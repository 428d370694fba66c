"""Registers that make no actor: each says of communes who is competent there, in its own words."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.names import words
from importers.registers.edition import day_in_name, published_on
from importers.registers.errors import EmptyRegister, TwoForACommune

JUSTICE, POLICE, GENDARMERIE = "justice", "police", "gendarmerie"
UNKNOWN, SILENT = "communes inconnues", "sans personne de compétent"
WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
_COMMON = {
    category: frozenset((*several, *WORDS["common"]["links"]))
    for category, several in WORDS["common"].items()
}


class Named(NamedTuple):
    """Whom a register says to be competent.

    category: of vocabulary.toml. identifier: of the directory's; name: as it is written; with
    neither, anyone of the category is said.
    """

    category: str
    identifier: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Competences:
    """One edition of such a register. day: of its publication; assumed where nothing says it.

    said: code of a commune of today -> who is competent there. left_out: French reason -> lines.
    """

    day: date
    said: Mapping[str, frozenset[Named]]
    left_out: Mapping[str, int]
    notes: tuple[str, ...] = ()
    day_assumed: bool = False


def town_of(category: str, name: str) -> str:
    """Return what a name has beside the words of its category, "" where nothing is left.

    "TJ BOURG EN BRESSE", "Tribunal judiciaire de Bourg-en-Bresse" -> "bourg bresse".
    """
    return " ".join(word for word in words(name) if word not in _COMMON[category])


class Gathered:
    """What the lines of a file say, which may name a commune by a code of former days."""

    def __init__(self, filename: str, gazetteer: Gazetteer) -> None:
        self._filename, self._gazetteer = filename, gazetteer
        self._said: dict[str, frozenset[Named]] = {}
        self.left_out: Counter[str] = Counter()

    def add(self, code: str, named: Iterable[Named]) -> None:
        """Take a line; raises TwoForACommune where another one says otherwise of the same code."""
        who = frozenset(named)
        if self._gazetteer.by_insee(code) is None:
            self.left_out[UNKNOWN] += 1
        elif not who:
            self.left_out[SILENT] += 1
        elif self._said.setdefault(code, who) != who:
            raise TwoForACommune(filename=self._filename, commune=code)

    def edition(self, today: date, name: str, note: str | None = None) -> Competences:
        """Return all of it by the communes of today; name: of the file, which may hold its day.

        EmptyRegister where nobody is named.
        """
        if not self._said:
            raise EmptyRegister(filename=self._filename)
        parts: dict[str, set[Named]] = defaultdict(set)
        for code, who in self._said.items():
            commune = self._gazetteer.by_insee(code)
            # What is said of a commune itself counts, not what is said of what merged into it.
            if commune and (code == commune.code or commune.code not in self._said):
                parts[commune.code] |= who
        said = {code: frozenset(who) for code, who in parts.items()}
        day, assumed = published_on(today, day_in_name(name))
        return Competences(day, said, dict(self.left_out), (note,) if note else (), assumed)
