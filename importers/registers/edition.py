"""What a register says, as the lists that it is for each territory."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from importers.french_csv import write_rows
from importers.registers.errors import TooManyNamed
from importers.text import grouped

# How a reason begins that is a category of a register, of which there may be hundreds.
OF_CATEGORY = "catégorie "
# The reason of what has not the form of an entry.
UNREADABLE = "illisibles"
# Of a cell; a list's record is taken for one that never ends above 300.
MOST_LINES = 10
# Actors; the largest register names some ten thousands that are ours. All of them are in memory.
MOST_NAMED = 300_000
_DAY_IN_NAME = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a register. day: on which it was published; assumed where nothing says it.

    lines: territory code -> lines of texts in the order of columns. left_out: French reason -> how
    many entries are no line, "fermés" for instance. notes: French sentences for the operator.
    town_halls: code of a commune whose point nobody knew -> longitude and latitude, EPSG:4326
    degrees.
    """

    columns: tuple[str, ...]
    day: date
    lines: Mapping[str, Sequence[tuple[str, ...]]]
    left_out: Mapping[str, int]
    notes: tuple[str, ...] = ()
    town_halls: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    day_assumed: bool = False


def as_csv(edition: Edition, territory: str) -> bytes:
    """Return the lines of a territory as a list; the same lines are the same bytes."""
    out = io.StringIO(newline="")
    write_rows(out, [edition.columns])
    # In one order, whatever that of the register: the same lines are known again by their digest.
    write_rows(out, sorted(map(_cells, edition.lines.get(territory, ()))))
    return out.getvalue().encode()


def _cells(line: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cells of a line, those on one line that go over more than a reader of lists takes.

    It would refuse the whole line, and that of a home would guard nobody.
    """
    if max(map(_lines_of, line), default=0) <= MOST_LINES:
        return line
    return tuple(" ".join(each.split()) if _lines_of(each) > MOST_LINES else each for each in line)


def _lines_of(cell: str) -> int:
    return cell.count("\n") + cell.count("\r")


def check_count(count: int, filename: str) -> None:
    """Raise TooManyNamed for more actors than any register names."""
    if count > MOST_NAMED:
        raise TooManyNamed(filename=filename, limit=grouped(MOST_NAMED))


def day_in_name(name: str) -> date | None:
    """Return the day that a name of a file holds: "2026-10-06-data.gouv_local.json"."""
    for year, month, day in _DAY_IN_NAME.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def published_on(today: date, *said: date | None) -> tuple[date, bool]:
    """Return the first day of some that is none to come, else today; and whether it is assumed."""
    day = next((each for each in said if each and each <= today), None)
    return day or today, day is None
