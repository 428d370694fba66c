"""The cells of one line by field, and the problems that are reported of them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, NoReturn, TypeVar

from importers.row import Problem
from importers.text import shorten
from importers.vocabulary import LISTS

T = TypeVar("T")

# How and by whom one is referred, for professionals and for the public.
REFERRALS = ("referral", "referral_public", "referrers", "referrers_public")
# Longest texts taken, in characters; what is longer is cut, and that is reported.
LONGEST = {
    "acronym": 40, "description": 5_000, "address": 500, "complement": 500, "opening_hours": 500,
    "access": 500,
    # A number of a home behind the cut would be public elsewhere.
    **dict.fromkeys(("phone", "phone_front_gate", "duty_phone", "email"), 5_000),
    **dict.fromkeys(REFERRALS, 2_000), "city": 100, "category": 300,
    "external_id": 200, "coverage": 30_000, **dict.fromkeys(LISTS, 1_000),
}  # fmt: skip
LONGEST_ELSEWHERE = 500

# Where no column of their own says them, they were read in the address.
_IN_ADDRESS = frozenset({"city", "postcode"})


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

    def __init__(self, number: int, sheet: str | None = None) -> None:
        self.number = number
        self.sheet = sheet
        self.problems: list[Problem] = []
        self._cells: dict[str, list[Cell]] = {}

    def add(self, field: str, cell: Cell) -> None:
        """Add a cell to a field."""
        self._cells.setdefault(field, []).append(cell)

    def cells(self, field: str) -> Iterator[Cell]:
        """Yield the cells of a field."""
        yield from self._cells.get(field, ())

    def text(self, field: str) -> str:
        """Return the text of a field, its columns one below the other; "" where it has none."""
        cells = self._cells.get(field)
        if not cells:
            return ""
        return cells[0].text if len(cells) == 1 else "\n".join(dict.fromkeys(c.text for c in cells))

    def limited(self, field: str) -> str | None:
        """Return the text of a field, cut where it is longer than the field may be, or None."""
        text = self.text(field)
        longest = LONGEST.get(field, LONGEST_ELSEWHERE)
        if len(text) > longest:
            self.report(field, f"Ce texte a {len(text)} signes ; il est coupé après {longest}.")
            text = text[:longest].rstrip()
        return text or None

    def parsed(self, field: str, read: Callable[[str], tuple[T | None, str | None]]) -> T | None:
        """Return what read makes of a field, and report what it says is wrong."""
        text = self.limited(field)
        if text is None:
            return None
        value, wrong = read(text)
        if wrong:
            self.report(field, wrong)
        return value

    @property
    def fields(self) -> set[str]:
        """Return the fields that hold something."""
        return set(self._cells)

    def _problem(self, field: str | None, message: str, value: str | None, fatal: bool) -> Problem:
        cells = self._cells.get(field or "")
        if cells is None and field in _IN_ADDRESS:
            cells = self._cells.get("address")
        column = cells[0].title if cells else None
        if value is None and cells:
            value = cells[0].given
        short = shorten(value) if value is not None else None
        return self._said(column, short, message, fatal)

    def _said(self, column: str | None, value: str | None, message: str, fatal: bool) -> Problem:
        return Problem(
            sheet=self.sheet,
            line=self.number,
            column=column,
            value=value,
            message=message,
            fatal=fatal,
        )

    def report(self, field: str | None, message: str, value: str | None = None) -> None:
        """Report a problem of a field, without whose value, or in doubt of it, the line is used."""
        self.problems.append(self._problem(field, message, value, fatal=False))

    def report_cell(self, title: str, value: str, message: str) -> None:
        """Report a problem of one cell, by the title of its column."""
        self.problems.append(self._said(title, shorten(value), message, fatal=False))

    def reject(self, field: str | None, message: str, value: str | None = None) -> NoReturn:
        """Raise Rejected: the line cannot be used."""
        raise Rejected(self._problem(field, message, value, fatal=True))
