"""The cells of one line by field, and what there is to tell about them."""

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
        """The text of a field, its columns one below the other; "" where it has none."""
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

    def tell(self, field: str | None, message: str, value: str | None = None) -> None:
        """The line is used without this value, or with a doubt about it."""
        self.problems.append(self._problem(field, message, value, fatal=False))

    def about(self, cell: Cell, message: str) -> Problem:
        """A problem with one of several cells of a field."""
        value = shorten(cell.given)
        return Problem(
            line=self.number, column=cell.title, value=value, message=message, fatal=False
        )

    def reject(self, field: str | None, message: str, value: str | None = None) -> NoReturn:
        """The line cannot be used."""
        raise Rejected(self._problem(field, message, value, fatal=True))
