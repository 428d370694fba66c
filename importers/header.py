"""Finds the line of titles of a sheet, and what each column is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from geo.text import fold
from importers import terms
from importers.chosen import Chosen, keys_of, overlay
from importers.coordinates import read_pair
from importers.double_header import column_title, headers, titles_of
from importers.errors import MappingDoesNotFit, NoHeader
from importers.mapping import GUESS, Mapping, guess, recognise
from importers.synonyms import is_ambiguous
from importers.table import RawRow, Table
from importers.text import shorten

# Titles, logos and warnings stand above the header, never thirty lines of them.
SEARCHED = 30
MOST_TITLES = 40
SAMPLED = 200
# Of the fullest line, the part of its cells that a line of titles has.
FULL = 0.6
_DATA = re.compile(r"@|\d{5}|\d\d[ .]\d\d[ .]\d\d")
_STREET = re.compile(
    r"\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|av|bd|boulevard|place|allée|chemin|impasse|cours|quai)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(r"@|[^\W\d_]{2}|\d\D*\d")


@dataclass(frozen=True)
class Layout:
    """A sheet, where its header is in table.rows, the titles, and the mapping that fits them.

    header: the lines of the header, two where titles of groups stand above those of columns, none
    where the first line is an actor: header_index is -1 then.
    """

    table: Table
    header_index: int
    titles: tuple[str, ...]
    mapping: Mapping
    header: tuple[tuple[str, ...], ...]

    @property
    def line(self) -> int:
        """Return the line of the header, as a spreadsheet shows it; 0 where there is none."""
        return self.table.rows[self.header_index].line if self.header else 0

    @property
    def above(self) -> list[RawRow]:
        """Return the rows above the header."""
        return self.table.rows[: self.header_index - len(self.header) + 1]

    @property
    def body(self) -> list[RawRow]:
        """Return the rows below the header."""
        return self.table.rows[self.header_index + 1 :]

    def hides(self, line: int) -> bool:
        """Return whether a spreadsheet does not show this line, or no name of an actor."""
        return self.table.hidden or line in self._hidden_lines or self._name_is_hidden

    @cached_property
    def _hidden_lines(self) -> set[int]:
        end = self.table.rows[-1].line + 1
        return {
            line
            for lines in self.table.hidden_lines
            for line in range(lines.start, min(lines.stop, end))
        }

    @cached_property
    def _name_is_hidden(self) -> bool:
        return any(
            self.mapping.columns.get(title) == "name"
            and any(column in columns for columns in self.table.hidden_columns)
            for column, title in enumerate(self.titles)
        )

    def title(self, column: int) -> str:
        """Return the title of a column, or "colonne F" as a spreadsheet calls it."""
        return column_title(self.titles, column)


def find_layouts(
    tables: Sequence[Table], filename: str, wanted: Mapping | None, chosen: Chosen | None = None
) -> list[Layout]:
    """Return the sheets that have a header with a column of names, in their order.

    chosen: what people said of columns, where no mapping is wanted. MappingDoesNotFit: `wanted`
    needs columns that no line has. NoHeader: no column of names.
    """
    found = [layout for table in tables if (layout := _layout(table, wanted, chosen))]
    if found:
        return [_by_values(layout, chosen) for layout in found]
    # Only the first line of several cells is shown: further down stand addresses.
    lines = [titles_of(row.cells) for t in tables for row in t.rows[:SEARCHED]]
    titles = next((line for line in lines if _filled(line) > 1), lines[0])[:MOST_TITLES]
    read = ", ".join(f"« {shorten(title, 30)} »" for title in titles if title) or "aucun"
    if wanted is None:
        raise NoHeader(filename=filename, titles=shorten(read, 400))
    plain = {fold(title) for title in titles}
    missing = [f"« {title} »" for title in sorted(wanted.titles) if fold(title) not in plain]
    raise MappingDoesNotFit(
        name=wanted.name, filename=filename, missing=", ".join(missing), titles=shorten(read, 400)
    )


def _by_values(layout: Layout, chosen: Chosen | None) -> Layout:
    """Return the layout with guessed columns of two meanings taken for what their cells hold."""
    columns = dict(layout.mapping.columns)
    if layout.mapping.guessed and (
        title := next((title for title, field in columns.items() if field == "lonlat"), None)
    ):
        fields = Counter(filter(None, map(_field_of_value, _sampled(layout, title))))
        columns[title] = next((field for field, _ in fields.most_common(1)), "lonlat")
    for title in _in_doubt(layout, chosen):
        cells = set(_sampled(layout, title))
        known = sum(_names_a_category(cell, layout.mapping) for cell in cells)
        if 2 * known < len(cells):
            del columns[title]
    if columns == layout.mapping.columns:
        return layout
    return replace(layout, mapping=layout.mapping.model_copy(update={"columns": columns}))


def _in_doubt(layout: Layout, chosen: Chosen | None) -> list[str]:
    """Return the columns guessed as the category by a title of two meanings; none was chosen."""
    if layout.mapping.name != GUESS:
        return []
    decided = {*chosen.columns, *chosen.splits} if chosen else set()
    return [
        title
        for key, title in zip(keys_of(layout.titles), layout.titles, strict=True)
        if layout.mapping.columns.get(title) == "category"
        and key not in decided
        and is_ambiguous(title)
    ]


def _sampled(layout: Layout, title: str) -> list[str]:
    column = layout.titles.index(title)
    cells = (row.cells[column] for row in layout.body if column < len(row.cells))
    return list(islice(filter(str.strip, cells), SAMPLED))


def _names_a_category(text: str, mapping: Mapping) -> bool:
    words = mapping.words.get("category", {})
    return bool(terms.category_of(text)) or terms.stem(text) in words


def _field_of_value(text: str) -> str | None:
    """Return what a cell of a column "Coordonnées" holds, or None where it does not show it."""
    if read_pair(text):
        return "lonlat"
    return "packed" if _SAYS.search(text) else None


def _filled(titles: Sequence[str]) -> int:
    return sum(bool(title) for title in titles)


def layout_of(table: Table, chosen: Chosen | None) -> Layout | None:
    """Return the layout of a sheet as its list is read, None where no column has names."""
    found = _layout(table, None, chosen)
    return found and _by_values(found, chosen)


def begins_with_data(table: Table) -> bool:
    """Return whether the first line of several cells looks like one of the list."""
    lines = (titles_of(row.cells) for row in table.rows[:SEARCHED])
    first = next((line for line in lines if _filled(line) > 1), ())
    return any(_DATA.search(title) or _STREET.match(title) for title in first)


def holds_a_table(table: Table) -> bool:
    """Return whether a sheet that was not read may be a list all the same, and no notice."""
    layout = rough_layout(table)
    return (layout is not None and len(layout.body) > 1) or begins_with_data(table)


def rough_layout(table: Table) -> Layout | None:
    """Return the layout of a sheet of which no title names an actor, None where none is a title."""
    lines = [titles_of(row.cells) for row in table.rows[:SEARCHED]]
    most = max(map(_filled, lines), default=0)
    for index, titles in enumerate(lines):
        # What is told apart by a number or a mailbox is a line of the list.
        is_data = any(_DATA.search(title) for title in titles)
        if _filled(titles) >= max(2, FULL * most) and not is_data:
            return _by_values(_of_more_fields(table, index), None)
    return None


def _of_more_fields(table: Table, index: int) -> Layout:
    """Return the layout of a line of titles, with the line below it where that says more fields."""
    titles = titles_of(table.rows[index].cells)
    found = Layout(table, index, titles, guess(titles), (titles,))
    for below in headers(table, index + 1) if index + 1 < len(table.rows) else ():
        mapping = guess(below.titles)
        if len(below.lines) > 1 and len(mapping.columns) > len(found.mapping.columns):
            found = Layout(table, index + 1, below.titles, mapping, below.lines)
    return found


def untitled_layout(table: Table, chosen: Chosen | None) -> Layout:
    """Return the layout of a sheet whose first line is one of the list, its columns by letters."""
    width = max((len(row.cells) for row in table.rows), default=0)
    letters = tuple(column_title((), column) for column in range(width))
    mapping, titles = overlay(guess(()), letters, chosen)
    return Layout(table, -1, titles, mapping, ())


def _layout(table: Table, wanted: Mapping | None, chosen: Chosen | None) -> Layout | None:
    """Return the layout of a sheet; without titles where somebody said so, if none names actors."""
    if wanted is not None or chosen is None or not chosen.untitled:
        return _titled(table, wanted, chosen)
    if _titled(table, None, None):
        return _titled(table, None, chosen)
    layout = untitled_layout(table, chosen)
    read = {field for each in layout.mapping.described().values() for field in each.split(", ")}
    return layout if "name" in read and len(read) > 1 else None


def _titled(table: Table, wanted: Mapping | None, chosen: Chosen | None) -> Layout | None:
    best: tuple[tuple[int, ...], Layout] | None = None
    hidden = {column for columns in table.hidden_columns for column in columns[:MOST_TITLES]}
    for index, row in enumerate(table.rows[:SEARCHED]):
        for header in headers(table, index):
            titles = header.titles
            if wanted is not None:
                if {fold(title) for title in wanted.titles} <= {fold(title) for title in titles}:
                    return Layout(table, index, titles, _retitled(wanted, titles), header.lines)
                continue
            if shipped := recognise(titles):
                mapping, titles = overlay(_retitled(shipped, titles), titles, chosen)
                return Layout(table, index, titles, mapping, header.lines)
            if _filled(row.cells) < 2:
                continue
            mapping, titles = overlay(guess(titles, hidden), titles, chosen)
            fields = {field for each in mapping.described().values() for field in each.split(", ")}
            columns = sum(title in mapping.columns for title in titles)
            if chosen is not None:
                columns += len(chosen.columns.keys() & set(keys_of(titles)))
            # A column of a person is read as nothing, and yet shows that this is the header.
            score = (len(fields | header.persons), columns, len(header.persons))
            if "name" in fields and score[0] > 1 and (best is None or score > best[0]):
                best = score, Layout(table, index, titles, mapping, header.lines)
    return best[1] if best else None


def _retitled(mapping: Mapping, titles: Sequence[str]) -> Mapping:
    """Return the mapping with the titles as this list writes them."""
    written = {fold(title): title for title in reversed(titles)}
    columns = {written[fold(title)]: field for title, field in mapping.columns.items()}
    extracts = tuple(
        extract.model_copy(update={"column": written[fold(extract.column)]})
        for extract in mapping.extracts
    )
    return mapping.model_copy(update={"columns": columns, "extracts": extracts})
