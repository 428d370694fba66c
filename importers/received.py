"""The lines of a list as they came, so that one of them is known again in a later list.

What a line says decides, not where it stands: columns may change places, and other lines come and
go. Of lines that say the same each is another one.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.text import fold
from importers.accommodation import in_text, read_signs
from importers.chosen import Chosen
from importers.discretion import asks_discretion
from importers.header import find_layouts
from importers.line import Cell, Line
from importers.persons import called_as_a_person
from importers.readers import read_tables
from importers.row import Where
from importers.secrecy import forbids, governs, read_secrecy, refuses
from importers.sheets import left_of

# What a list says of what may be shown, whatever the words.
_GOVERNING = frozenset({"status", "consent_on", "phone_withheld", "email_withheld"})
_REFUSABLE = frozenset({"phone", "duty_phone", "phone_front_gate", "email", "packed"})

# A title without case and accents, and how many columns before it have the same.
Column = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A line as it came. said: all that it says, and how many lines before it say the same."""

    where: Where
    said: str
    columns: tuple[Column, ...]
    cells: Sequence[str]


def received_lines(
    data: bytes, filename: str, chosen: Chosen | None, *, max_bytes: int, max_rows: int
) -> list[ReceivedLine]:
    """Return the lines below the headers of a list; raise UnreadableList.

    chosen: how people said that its columns and sheets are read.
    """
    tables = read_tables(data, filename, max_bytes=max_bytes, max_rows=max_rows)
    layouts = find_layouts(left_of(tables, chosen), filename, None, chosen)
    before = Counter[str]()
    found = []
    for layout in layouts:
        # A list of one sheet names it after a month, or not at all.
        sheet = layout.table.name if len(layouts) > 1 else None
        widest = max(len(cells) for cells in (*layout.header, *(r.cells for r in layout.body), ()))
        columns = tuple(_columns(layout.header, widest))
        for row in layout.body:
            filled = sorted(
                (column, cell) for column, cell in zip(columns, row.cells, strict=False) if cell
            )
            said = json.dumps([sheet, filled])
            found.append(
                ReceivedLine(
                    Where(layout.table.name, row.line),
                    f"{before[said]} {said}",
                    columns,
                    row.cells,
                )
            )
            before[said] += 1
    return found


def _columns(header: Sequence[Sequence[str]], widest: int) -> Iterator[Column]:
    before = Counter[str]()
    for number in range(widest):
        # As written: the titles of a layout say what people chose of them, too.
        title = fold(" ".join(line[number] for line in header if number < len(line)))
        yield title, before[title]
        before[title] += 1


def may_show(fields: Sequence[str], title: str, received: str, given: str) -> bool:
    """Return whether a correction may show what its cell hid: a word of it is lost that hides.

    fields: those that the column is read as.
    """
    if not received or received == given:
        return False
    if not _GOVERNING.isdisjoint(fields) or governs(title) or forbids(title):
        return True
    asked = [forbids, asks_discretion, _houses]
    if not _REFUSABLE.isdisjoint(fields):
        asked.append(refuses)
    if any(ask(received) and not ask(given) for ask in asked):
        return True
    return bool(_signs(fields, title, received) - _signs(fields, title, given))


def _signs(fields: Sequence[str], title: str, text: str) -> set[str]:
    """Return what a cell says by itself: codes and titles hide as well as words."""
    line = Line(0)
    for field in [each for each in fields if each] or ["unread"]:
        line.add(field, Cell(title, text, text))
    signs = (*read_signs(line, None), *read_secrecy(line, houses=False))
    found: set[str] = {sign.says for sign in signs}
    if "name" in fields and called_as_a_person(text):
        found.add("person")
    return found


def _houses(text: str) -> bool:
    return any(in_text(text, naming=True))
