"""The sheets of a workbook that are read."""

from collections.abc import Sequence

from importers.chosen import Chosen, sheet_key
from importers.returned import READ_ME
from importers.table import Table


def left_of(tables: Sequence[Table], chosen: Chosen | None) -> Sequence[Table]:
    """Return the sheets that nobody chose to leave out; all of them where none would be left."""
    out = chosen.left_out if chosen else ()
    left = [table for table in tables if sheet_key(table.name) not in out]
    return left if any(table.name != READ_ME for table in left) else tables
