"""Values written once for several lines: merged cells, or a column filled on the first of each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from importers.header import Layout
from importers.sections import Title
from importers.table import RawRow
from importers.terms import category_of
from importers.text import clean
from importers.vocabulary import load

# Line -> column -> text.
Filled = dict[int, dict[int, str]]

_SEAT = frozenset({"city", "postcode", "insee"})
_POSTCODE = re.compile(r"\b\d{5}\b")
# A group is two lines at least; towns differ from line to line where each has its own.
_FEWEST_GROUPS = 2


def fill_groups(layout: Layout, titles: Mapping[int, Title]) -> tuple[Filled, dict[str, int]]:
    """Return what stands for empty cells, and on how many lines by the title of the column.

    titles: those of sections, by their lines. An empty cell stays empty in any other column
    than those of category, commune and territory, unless it is merged with the one above.
    """
    filled: Filled = {}
    counts: dict[str, int] = {}
    rows = [row for row in layout.body if row.line not in titles and _number(row) > 0]
    for line, column, text in _merged(layout, rows):
        filled.setdefault(line, {})[column] = text
        _count(counts, layout, column)
    full = [row for row in rows if _number(row) > 1 and not row.broken]
    fields = [layout.mapping.columns.get(title) for title in layout.titles]
    ends = [title.line for title in titles.values() if title.category]
    for column, field in enumerate(fields):
        if field in ("category", "territory") or field in _SEAT:
            carried = _carried(full, column, fields, filled, ends if field == "category" else [])
            for line, text in list(carried):
                filled.setdefault(line, {})[column] = text
                _count(counts, layout, column)
    return filled, counts


def _count(counts: dict[str, int], layout: Layout, column: int) -> None:
    if column < len(layout.titles):
        title = layout.titles[column]
        counts[title] = counts.get(title, 0) + 1


def _number(row: RawRow) -> int:
    return sum(1 for cell in row.cells if cell and not cell.isspace())


def _cell(row: RawRow, column: int) -> str:
    return row.cells[column].strip() if column < len(row.cells) else ""


def _merged(layout: Layout, rows: Sequence[RawRow]) -> Iterator[tuple[int, int, str]]:
    """Yield (line, column, text) of cells that are merged with one above."""
    by_line = {row.line: row for row in rows} if layout.table.merged else {}
    for span in layout.table.merged:
        first = by_line.get(span.top)
        text = _cell(first, span.left) if first else ""
        # A merged block over otherwise empty lines is a title or a frame, not a value.
        for line in range(span.top + 1, min(span.bottom, rows[-1].line) + 1) if text else ():
            if (row := by_line.get(line)) and not _cell(row, span.left):
                yield line, span.left, text


def _carried(
    rows: Sequence[RawRow],
    column: int,
    fields: Sequence[str | None],
    filled: Filled,
    ends: Sequence[int],
) -> Iterator[tuple[int, str]]:
    """Yield line and text of the empty cells of a column that a value above them stands for.

    ends: lines at which a value of this column ends.
    """
    texts = [filled.get(row.line, {}).get(column) or _cell(row, column) for row in rows]
    clear = _is_clear(texts)
    if not clear and fields[column] != "category":
        return
    seat = [i for i, field in enumerate(fields) if field in _SEAT and i != column]
    addresses = [i for i, field in enumerate(fields) if field == "address"]
    value, ends = "", sorted(ends, reverse=True)
    for row, text in zip(rows, texts, strict=True):
        while ends and ends[-1] < row.line:
            ends.pop()
            value = ""
        if text:
            value = text
        elif value and (clear or _houses(value)):
            # A line that says where it is needs no place from another one.
            if fields[column] in _SEAT and (
                any(_cell(row, other) for other in seat)
                or any(_POSTCODE.search(_cell(row, other)) for other in addresses)
            ):
                continue
            yield row.line, value


def _is_clear(texts: Sequence[str]) -> bool:
    """Return whether a column is filled on the first line of each group, and of no other."""
    written = [text for text in texts if text]
    return (
        len(set(written)) == len(written) >= _FEWEST_GROUPS
        and bool(texts[0])
        and len(written) * 2 <= len(texts)
        and any(not one and not next_one for one, next_one in pairwise(texts))
    )


def _houses(text: str) -> bool:
    """Return whether a category houses children: in doubt it holds for the lines below as well."""
    code = category_of(clean(text)[0])
    return code is not None and load().categories[code].protected
