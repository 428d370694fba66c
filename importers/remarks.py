"""Remarks beside the cells of a list: in lines of their own, or in comments of a workbook.

"(confidentiel)" below an actor is said of the line above it; "* adresse confidentielle" or "(H) :
avec hébergement" above or below the table, of the lines with that sign; a comment, of the line of
its cell. They can only hide.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from importers.accommodation import in_text
from importers.discretion import asks_discretion
from importers.header import Layout
from importers.secrecy import forbids
from importers.table import RawRow

_LONGEST = 300
# "* adresse confidentielle", "(H) : avec hébergement".
_LEGEND = re.compile(
    r"\s*(?P<sign>\*{1,3}|[¹²³†‡]|\([A-Za-z\d*]{1,3}\))\s*[:=–-]?\s*(?P<says>\S.*)", re.DOTALL
)


class Remarks:
    """The remarks of one sheet. filled: cells that were written once for several lines, by line."""

    def __init__(self, layout: Layout, filled: Mapping[int, Mapping[int, str]]) -> None:
        self._filled = filled
        self._comments: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for each in layout.table.comments:
            self._comments[each.line][each.column].append(each.text)
        # By column: what was last said of a cell.
        self._said: dict[int, list[str]] = {}
        self._legends: list[tuple[re.Pattern[str], str]] = []
        self._below: dict[int, list[str]] = defaultdict(list)
        for row in layout.above:
            if text := _only(row):
                self._legend(text)
        last = 0
        for row in layout.body:
            if (text := _only(row)) is None:
                last = row.line if any(row.cells) else last
            elif not self._legend(text) and last and _is_secret(text):
                self._below[last].append(text)

    def of(self, row: RawRow) -> Iterator[str]:
        """Yield what remarks say of a line; ask for the lines in their order."""
        yield from self._below.get(row.line, ())
        said = dict(self._comments.get(row.line, {}))
        for column in self._filled.get(row.line, {}):
            said.setdefault(column, self._said.get(column, []))
        self._said = said
        for texts in said.values():
            yield from texts
        for sign, text in self._legends:
            if any(sign.search(cell) for cell in row.cells):
                yield text

    def _legend(self, text: str) -> bool:
        found = _LEGEND.fullmatch(text)
        if found is None or not (
            _is_secret(found["says"]) or in_text(found["says"], naming=False).houses
        ):
            return False
        sign = re.escape(found["sign"])
        self._legends.append((re.compile(rf"(?<!\*){sign}(?!\*)"), found["says"]))
        return True


def _only(row: RawRow) -> str | None:
    """Return the text of a row that fills one cell, else None."""
    filled = [cell for cell in row.cells if cell and not cell.isspace()]
    return filled[0] if len(filled) == 1 and len(filled[0]) <= _LONGEST else None


def _is_secret(text: str) -> bool:
    asked = forbids(text)
    return asks_discretion(text) is not None if asked is None else asked[0] == "secret"
