"""A sheet as it was received: rows of text cells, with the line numbers that its reader sees."""

from collections.abc import Iterable
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


class Comment(NamedTuple):
    """What somebody noted beside a cell: no text of the list. column: from 0."""

    line: int
    column: int
    text: str


class Span(NamedTuple):
    """Merged cells: lines from 1 and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Texts:
    """The cells of a file, each text once: in most columns few texts stand again and again."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def once(self, cells: Iterable[str]) -> tuple[str, ...]:
        """Return equal cells, those that came before as the same objects."""
        return tuple(self._known.setdefault(cell, cell) for cell in cells)


@dataclass
class Table:
    """One sheet of a workbook, or a whole CSV file (name None).

    hidden: the sheet, or ranges of lines and of columns that a spreadsheet does not show.
    """

    name: str | None
    hidden: bool = False
    rows: list[RawRow] = field(default_factory=list)
    lost: list[LostCell] = field(default_factory=list)
    merged: list[Span] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    hidden_lines: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    # What had to be assumed to read the file: French sentences, reported once.
    notes: list[str] = field(default_factory=list)
    # Rows that stand behind the first ones, where no more were asked for.
    more: int = 0
