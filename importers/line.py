"""The cells of one line by field, and the problems that are reported of them."""

from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from importers.row import Problem
from importers.text import shorten


class Cell(NamedTuple):
    """Cleaned text and the title of its column. given: the text before a rule replaced it."""

    title: str
    text: str
    given: str


class Rejected(Exception):
    """The line gives no actor."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class Line:
    """Cells of a line, several for a field where several columns hold it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.problems: list[Problem] = []
        self._cells: dict[str, list[Cell]] = {}

    def add(self, field: str, cell: Cell) -> None:
        self._cells.setdefault(field, []).append(cell)

    def cells(self, field: str) -> Iterator[Cell]:
        yield from self._cells.get(field, ())

    def text(self, field: str) -> str:
        """Return the text of a field, its columns one below the other; "" where it has none."""
        cells = self._cells.get(field)
        if not cells:
            return ""
        return cells[0].text if len(cells) == 1 else "\n".join(dict.fromkeys(c.text for c in cells))

    @property
    def fields(self) -> set[str]:
        return set(self._cells)

    def _problem(self, field: str | None, message: str, value: str | None, fatal: bool) -> Problem:
        cells = self._cells.get(field or "")
        column = cells[0].title if cells else None
        if value is None and cells:
            value = cells[0].given
        short = shorten(value) if value is not None else None
        return Problem(line=self.number, column=column, value=short, message=message, fatal=fatal)

    def report(self, field: str | None, message: str, value: str | None = None) -> None:
        """Report a problem of a field, without whose value, or in doubt of it, the line is used."""
        self.problems.append(self._problem(field, message, value, fatal=False))

    def report_cell(self, title: str, value: str, message: str) -> None:
        """Report a problem of one cell, by the title of its column."""
        self.problems.append(
            Problem(
                line=self.number, column=title, value=shorten(value), message=message, fatal=False
            )
        )

    def reject(self, field: str | None, message: str, value: str | None = None) -> NoReturn:
        """Raise Rejected: the line cannot be used."""
        raise Rejected(self._problem(field, message, value, fatal=True))
