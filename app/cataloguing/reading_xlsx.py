"""A catalogue in a table -> its lines: our own workbook, or any whose titles we know."""

from collections.abc import Container
from typing import Any

from app.cataloguing.import_errors import NoCatalogue
from geo.text import fold
from importers.readers import read_tables
from importers.table import Table

# Lines above the titles: of a heading, of a logo.
_ABOVE = 20
_SHAPE = "aucune ligne de titres n'y a de colonne « Titre »"


def read_table(
    data: bytes, name: str, titles: Container[str], *, max_bytes: int, max_rows: int
) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of the first sheet that has titles, by line; raise UnreadableList.

    titles: those that are known, folded. A cell that is empty is not there.
    """
    tables = read_tables(data, name, max_bytes=max_bytes, max_rows=max_rows)
    for table in tables:
        if not table.hidden and (found := _header(table, titles)) is not None:
            return _below(table, found)
    raise NoCatalogue(filename=name, why=_SHAPE)


def _header(table: Table, titles: Container[str]) -> int | None:
    """Return the place of the row of titles among the rows of a table."""
    for place, row in enumerate(table.rows[:_ABOVE]):
        named = [fold(cell) for cell in row.cells]
        if "titre" in named and sum(each in titles for each in named) > 1:
            return place
    return None


def _below(table: Table, header: int) -> list[tuple[int, dict[str, Any]]]:
    names = table.rows[header].cells
    rows = []
    for row in table.rows[header + 1 :]:
        cells: dict[str, Any] = {}
        for title, cell in zip(names, row.cells, strict=False):
            # Of two columns of one title the first one that says something.
            if title.strip() and cell.strip():
                cells.setdefault(title, cell)
        if cells:
            rows.append((row.line, cells))
    return rows
