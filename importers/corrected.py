"""Cells of a list that a person corrected, in the place of those that were received."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from importers.row import Where
from importers.table import RawRow, Table

# Line -> column from 0 -> what stands there instead.
Corrected = Mapping[Where, Mapping[int, str]]


def put(tables: list[Table], cells: Corrected | None) -> list[Table]:
    """Return tables with some cells otherwise; a row is made longer where it has no such cell."""
    return [_put(table, cells) for table in tables] if cells else tables


def _put(table: Table, cells: Corrected) -> Table:
    rows = [_row(row, cells.get(Where(table.name, row.line), {})) for row in table.rows]
    # What a formula or an error hid is said now.
    lost = [
        each
        for each in table.lost
        if each.column not in cells.get(Where(table.name, each.line), {})
    ]
    return replace(table, rows=rows, lost=lost)


def _row(row: RawRow, given: Mapping[int, str]) -> RawRow:
    if not given:
        return row
    return row._replace(cells=_with(row.cells, given))


def _with(cells: Sequence[str], given: Mapping[int, str]) -> tuple[str, ...]:
    wide = max(len(cells), *(column + 1 for column in given))
    padded = [*cells, *("" for _ in range(wide - len(cells)))]
    return tuple(given.get(column, cell) for column, cell in enumerate(padded))
