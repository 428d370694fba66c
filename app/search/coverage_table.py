"""The table of coverage, as pages and files of visitors and of the desk show it: holes first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from urllib.parse import urlencode

from app.files.cells import one_line
from app.search.ages import AGES
from app.search.coverage import ALL, FRANCE, Cell, Coverage
from app.search.facets import BY_NAME
from app.search.rows import LICENCE
from app.search.values import one_of
from geo.names import normalise
from importers import vocabulary
from importers.french_csv import defused, write_rows
from importers.vocabulary import Term

FUNCTION = BY_NAME["fonction"]
# Shades of the map, from a hole on: from how many actors each begins; of all functions, below how
# many of which nobody is there.
ACTORS = (1, 2, 5, 10)
MISSING = (10, 6, 3, 1)
WORDS_OF_ACTORS = ("personne", "1 acteur", "2 à 4", "5 à 9", "10 et plus")
WORDS_OF_MISSING = ("10 missions et plus", "6 à 9", "3 à 5", "1 ou 2", "aucune")
FIRST_COLUMNS = ("code_territoire", "territoire", "liste_recue", "mission", "libelle_mission")
COUNTS = ("acteurs", "specialises", *(age.code for age in AGES))


class Order(StrEnum):
    """What lines are sorted by. MISSING: where most is missing comes first."""

    MISSING = "manques"
    NAME = "nom"
    OLDEST = "anciens"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows. function: its code, or ALL."""

    function: str = ALL
    order: Order = Order.MISSING

    @property
    def term(self) -> Term | None:
        """Return the function in words."""
        return vocabulary.load().functions[self.function] if self.function else None

    def public_list(self, line: "Line") -> str:
        """Return the path of what visitors read of a line."""
        return f"/departements/{line.code}{Asked(self.function).query()}"

    def query(self, function: str | None = None, order: Order | None = None) -> str:
        """Return what follows the path of the page, with another function or order."""
        asked = {
            "fonction": self.function if function is None else function,
            "tri": self.order if order is None else order,
        }
        said = {name: value for name, value in asked.items() if value and value != Order.MISSING}
        return f"?{urlencode(said)}" if said else ""


def read_asked(function: str, order: str) -> Asked:
    """Return what an address asks for; raises FilterUnknown."""
    (known,) = FUNCTION.read(function) or (ALL,)
    return Asked(known, Order(one_of("tri", order, tuple(Order)) or Order.MISSING))


@dataclass(frozen=True, slots=True)
class Line:
    """A territory. cell: of the function that is asked for, or of all; cells: of each function.

    step: its shade on the map, from 0 for a hole to 4.
    """

    code: str
    name: str
    is_listed: bool
    cell: Cell
    cells: tuple[Cell, ...]
    step: int

    @property
    def missing(self) -> int:
        """Return of how many functions nobody is there."""
        return sum(not each.actors for each in self.cells)


@dataclass(frozen=True, slots=True)
class Hole:
    """A function, and in how many territories nobody has it."""

    term: Term
    territories: int


@dataclass(frozen=True, slots=True)
class Table:
    """What a page shows. nationwide: those who cover all of France, who are in no line.

    holes: of every function, the one that most territories lack first. steps: the words of the
    map's shades, from 0 to 4.
    """

    asked: Asked
    terms: tuple[Term, ...]
    lines: tuple[Line, ...]
    nationwide: Line
    holes: tuple[Hole, ...]
    steps: tuple[str, ...]

    @property
    def without(self) -> list[Line]:
        """Return the territories where nobody is, in order of name."""
        return sorted((each for each in self.lines if not each.cell.actors), key=_by_name)

    @property
    def unlisted(self) -> list[Line]:
        """Return the territories of which no list came, in order of name."""
        return sorted((each for each in self.lines if not each.is_listed), key=_by_name)


def table_of(coverage: Coverage, names: Mapping[str, str], asked: Asked) -> Table:
    """Return the table of some territories; names: of each, by its code."""
    terms = tuple(vocabulary.load().functions.values())
    lines = [_line(coverage, code, name, terms, asked) for code, name in names.items()]
    holes = (Hole(term, _lacking(lines, n)) for n, term in enumerate(terms))
    return Table(
        asked,
        terms,
        tuple(sorted(lines, key=lambda line: (*_rank(line, asked), _by_name(line)))),
        _line(coverage, FRANCE, "Toute la France", terms, asked),
        tuple(sorted(holes, key=lambda hole: -hole.territories)),
        WORDS_OF_ACTORS if asked.function else WORDS_OF_MISSING,
    )


def rows_of(table: Table) -> Iterator[tuple[str | int, ...]]:
    """Yield the header of a file, then a row for each territory and function.

    table: of all functions. The rows of those who cover all of France come last.
    """
    yield (*FIRST_COLUMNS, *COUNTS)
    words = (("toutes", "Toutes"), *((term.code, term.label) for term in table.terms))
    for line in (*table.lines, table.nationwide):
        listed = ("oui" if line.is_listed else "non") if line.code else ""
        for (code, label), cell in zip(words, (line.cell, *line.cells), strict=True):
            counts = (cell.actors, cell.special, *cell.ages)
            yield (line.code, line.name, listed, code, label, *counts)


def csv_of(table: Table, today: date, source: str) -> bytes:
    """Return a file as spreadsheets in French open it: UTF-8 with BOM, `;`, lines ended by CR LF.

    table: of all functions. source: the address of the service.
    """
    text = StringIO(newline="")
    header, *rows = rows_of(table)
    about = (LICENCE, source, today.isoformat())
    write_rows(text, [(*header, "licence", "source", "extrait_le")])
    write_rows(text, ([defused(one_line(str(each))) for each in (*row, *about)] for row in rows))
    return text.getvalue().encode("utf-8-sig")


def file_name(today: date) -> str:
    """Return what the file is called once it is downloaded."""
    return f"couverture-{today.isoformat()}.csv"


def _line(coverage: Coverage, code: str, name: str, terms: Iterable[Term], asked: Asked) -> Line:
    cells = tuple(coverage.cell(code, term.code) for term in terms)
    cell = coverage.cell(code, asked.function)
    if asked.function:
        step = sum(cell.actors >= least for least in ACTORS)
    else:
        step = sum(sum(not each.actors for each in cells) < most for most in MISSING)
    return Line(code, name, code in coverage.listed, cell, cells, step)


def _lacking(lines: Iterable[Line], number: int) -> int:
    return sum(not line.cells[number].actors for line in lines)


def _rank(line: Line, asked: Asked) -> tuple[float, ...]:
    cell = line.cell
    match asked.order:
        case Order.NAME:
            return ()
        case Order.OLDEST:
            # Where nobody is, nobody is to be asked again.
            return (-(1 - cell.fresh / cell.actors) if cell.actors else 1, -cell.actors)
    return (cell.actors, line.is_listed) if asked.function else (-line.missing, cell.actors)


def _by_name(line: Line) -> str:
    return normalise(line.name)
