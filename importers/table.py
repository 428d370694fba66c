"""A sheet as it was received: rows of text cells, with the line numbers that its reader sees."""

from dataclasses import dataclass, field
from typing import NamedTuple


class RawRow(NamedTuple):
    """line: from 1, as a spreadsheet shows it. broken: why the line cannot be cut in cells."""

    line: int
    cells: tuple[str, ...]
    broken: str | None = None


class LostCell(NamedTuple):
    """A cell that shows an error, or a formula whose result was not stored. column: from 0."""

    line: int
    column: int
    shown: str


@dataclass
class Table:
    """One sheet of a workbook, or a whole CSV file (name None)."""

    name: str | None
    hidden: bool = False
    rows: list[RawRow] = field(default_factory=list)
    lost: list[LostCell] = field(default_factory=list)
    # What had to be assumed to read the file: French sentences, reported once.
    notes: list[str] = field(default_factory=list)
