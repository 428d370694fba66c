"""A list of two columns: communes, and the office of the council that has each of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from geo.gazetteer import Gazetteer
from geo.territories import Commune
from geo.text import fold
from importers.errors import NoSectors
from importers.readers import read_tables
from importers.registers.competence import WORDS, Named
from importers.row import Problem
from importers.table import RawRow, Table
from importers.text import clean, shorten

OFFICE = "solidarites"
# Lines above the titles.
SEARCHED = 30
NO_SECTOR = "Cette ligne n'a pas de secteur. Écrivez la maison des solidarités de la commune."
NO_COMMUNE = "Cette ligne n'a pas de commune. Écrivez son nom ou son code INSEE."
UNKNOWN = (
    "« {name} » n'est pas une commune de ce territoire. Vérifiez l'orthographe, ou écrivez son "
    "code INSEE."
)


@dataclass(frozen=True, slots=True)
class Sectors:
    """What such a list says. said: code of a commune -> its offices; problems: lines left out.

    lines: name of an office -> the first line that has it.
    """

    said: Mapping[str, frozenset[Named]]
    lines: Mapping[str, int]
    problems: tuple[Problem, ...]


def read_sectors(
    data: bytes,
    filename: str,
    gazetteer: Gazetteer,
    territory: str,
    *,
    max_bytes: int,
    max_rows: int,
) -> Sectors:
    """Return the offices of the communes of a territory; raises UnreadableList.

    A commune is named by its code, its name, or both.
    """
    name = PurePath(filename).name
    tables = read_tables(data, filename, max_bytes=max_bytes, max_rows=max_rows)
    table, at, columns = _header(tables, name)
    said: dict[str, set[Named]] = {}
    lines: dict[str, int] = {}
    problems = []
    for row in filter(lambda row: any(map(str.strip, row.cells)), table.rows[at + 1 :]):
        cells = {key: _cell(row, column) for key, column in columns.items()}
        commune = _commune(cells, gazetteer, territory)
        if isinstance(commune, str) or not cells["sector"]:
            why = commune if isinstance(commune, str) else NO_SECTOR
            problems.append(_problem(table, row, why))
            continue
        said.setdefault(commune.code, set()).add(Named(OFFICE, name=cells["sector"]))
        lines.setdefault(cells["sector"], row.line)
    return Sectors({k: frozenset(v) for k, v in said.items()}, lines, tuple(problems))


def _header(tables: Sequence[Table], filename: str) -> tuple[Table, int, dict[str, int]]:
    """Return the table, the row of its titles, and the columns of commune, town and sector."""
    for table in tables:
        for at, row in enumerate(table.rows[:SEARCHED]):
            columns = dict(_columns([fold(cell) for cell in row.cells]))
            if "sector" in columns and len(columns) > 1:
                return table, at, columns
    titles = next((row.cells for table in tables for row in table.rows if row.cells), ())
    read = ", ".join(f"« {shorten(title, 30)} »" for title in titles[:10] if title) or "aucun"
    raise NoSectors(filename=filename, titles=read)


def _columns(titles: Sequence[str]) -> Iterator[tuple[str, int]]:
    for key in ("commune", "town", "sector"):
        found = next((title for title in WORDS["titles"][key] if title in titles), None)
        if found:
            yield key, titles.index(found)


def _commune(cells: Mapping[str, str], gazetteer: Gazetteer, territory: str) -> Commune | str:
    """Return the commune of a line, or why there is none, in French."""
    texts = [text for key in ("commune", "town") if (text := cells.get(key))]
    for text in texts:
        by_code = gazetteer.by_insee(text.upper().zfill(5))
        found = [by_code] if by_code else gazetteer.find(text, territory=territory)
        if len(found) == 1 and found[0].territory == territory:
            return found[0]
    return UNKNOWN.format(name=shorten(texts[0], 40)) if texts else NO_COMMUNE


def _cell(row: RawRow, column: int) -> str:
    return clean(row.cells[column])[0].strip() if column < len(row.cells) else ""


def _problem(table: Table, row: RawRow, why: str) -> Problem:
    return Problem(sheet=table.name, line=row.line, column=None, value=None, message=why)
