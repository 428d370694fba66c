"""The columns of a list as a person looks at them: how each is read, and some of its cells."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from importers import terms
from importers.chosen import (
    MOST_PARTS,
    OURS,
    SEPARATORS,
    Chosen,
    Split,
    is_fixed,
    is_governed,
    keys_of,
    sheet_key,
)
from importers.contacts import EMAIL, WEB
from importers.coordinates import read_pair
from importers.double_header import names_persons
from importers.header import (
    Layout,
    begins_with_data,
    layout_of,
    rough_layout,
    untitled_layout,
)
from importers.hours import read_hours
from importers.identifiers import read_finess, read_siret
from importers.left_words import OF_WORDS, May, cell_of
from importers.mapping import Mapping
from importers.packed import unpack
from importers.phones import find_phones
from importers.returned import READ_ME
from importers.row import Where
from importers.sheets import left_of
from importers.table import Table
from importers.text import shorten
from importers.vocabulary import LISTS

# Cells that are shown of a column, and how much of each.
SHOWN, LONGEST = 5, 90
# Cells by which a column is judged, how much of each, and which part of them must look like it.
JUDGED, MOST_JUDGED, ENOUGH = 60, 500, 0.6
# Share of cells of several values from which a column is one of such cells.
SOME_PACKED = 0.2
_PARTS = ("phone", "email", "address")
_LETTER = re.compile(r"[^\W\d_]")


# Its title says that its values hide; the list is one of the project's; the desk wrote it.
Fixed = Literal["", "title", "list", "desk"]
# A cell of them is one value, or several of the same field.
_WHOLE = frozenset({
    "phone", "email", "website", "siret", "finess", "postcode", "lonlat", "lat", "lon",
    "opening_hours", "verified_on", "insee", *OF_WORDS,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column. field: what it is read as, "" for nothing; fields: several, of a column that a rule
    reads. seems: what its cells look like. fixed: why nobody chooses how it is read, "" where
    somebody may.
    """

    key: str
    title: str
    field: str
    fields: tuple[str, ...]
    seems: str
    fixed: Fixed
    of_person: bool
    split: Split | None
    filled: int
    # A cell as an example, divided: each part with what it looks like, and what stands between.
    separator: str
    parts: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet. header: the line of its titles, 0 where none is one; read: whether it has a column
    of names; without one its titles may be cells of a line. doubtful: its first line looks like an
    actor. untitled: it is read without titles. more: lines that are counted and were not looked at.
    key: by which it is left out, "" where it cannot be; left_out: whether it is.
    """

    name: str | None
    header: int
    lines: int
    read: bool
    columns: tuple[Column, ...]
    doubtful: bool = False
    untitled: bool = False
    more: int = 0
    key: str = ""
    left_out: bool = False


def sheets_of(tables: Sequence[Table], chosen: Chosen | None, may: May) -> list[Sheet]:
    """Return the sheets of a list; may: whether the cells of a line may be shown."""
    found, left = [], left_of(tables, chosen)
    for table in tables:
        more = table.more
        if table.name == READ_ME or not (more or any(row.cells for row in table.rows)):
            continue
        key = sheet_key(table.name) if len(tables) > 1 else ""
        if not any(table is each for each in left):
            lines = len(table.rows) + more
            found.append(Sheet(table.name, 0, lines, False, (), key=key, left_out=True))
            continue
        layout = layout_of(table, chosen)
        read, doubtful = layout is not None, begins_with_data(table)
        if layout is None and chosen and chosen.untitled:
            layout = untitled_layout(table, chosen)
        layout = layout or rough_layout(table)
        if layout is not None:
            sheet = _sheet(layout, chosen or Chosen(), may, read=read)
            untitled = not layout.header
            sheet = replace(sheet, doubtful=doubtful, untitled=untitled, key=key)
            found.append(replace(sheet, lines=sheet.lines + more, more=more))
        else:
            lines = len(table.rows) + more
            found.append(Sheet(table.name, 0, lines, False, (), doubtful, more=more, key=key))
    return found


def _sheet(layout: Layout, chosen: Chosen, may: May, *, read: bool) -> Sheet:
    mapping, written = layout.mapping, layout.titles
    described = mapping.described()
    ruled = {extract.column for extract in mapping.extracts}
    columns, distinct = [], list[int]()
    for place, (key, title) in enumerate(zip(keys_of(written), written, strict=True)):
        cells = [text for row in layout.body if (text := cell_of(row, place))]
        if not cells and not title:
            continue
        said = described.get(title, "")
        fields = tuple(said.split(", ")) if title in ruled and key not in chosen.splits else ()
        shown = [
            cell_of(row, place) for row in layout.body if may(Where(layout.table.name, row.line))
        ]
        split = chosen.splits.get(key)
        split = split and split.under(title)
        held = mapping.columns.get(title) or seems(cells)
        separator = split.separator if split else "" if held in _WHOLE else _separator(cells)
        # A number of order tells lines apart as names do, and has no letters.
        distinct.append(len({each for each in cells if _LETTER.search(each, 0, MOST_JUDGED)}))
        columns.append(
            Column(
                key,
                layout.title(place),
                mapping.columns.get(title, ""),
                fields,
                seems(cells),
                _fixed(mapping, title),
                names_persons(title),
                split,
                len(cells),
                separator,
                _parts(shown, separator),
                tuple(_some(shown)),
            )
        )
    if not read:
        columns = _with_name(columns, distinct)
    return Sheet(layout.table.name, layout.line, len(layout.body), read, tuple(columns))


def _fixed(mapping: Mapping, title: str) -> Fixed:
    if OURS & set(mapping.columns.values()):
        return "desk"
    if not is_fixed(mapping, title):
        return ""
    return "title" if is_governed(title) else "list"


def _with_name(columns: list[Column], distinct: Sequence[int]) -> list[Column]:
    """Return columns of which the one of most different texts may be the names.

    distinct: how many different cells each column has.
    """
    if any(each.field == "name" for each in columns):
        return columns
    texts = [
        place
        for place, each in enumerate(columns)
        if not each.field and each.seems in ("", *OF_WORDS) and not each.of_person and each.filled
    ]
    best = max(texts, key=distinct.__getitem__, default=None)
    if best is None:
        return columns
    return [*columns[:best], replace(columns[best], seems="name"), *columns[best + 1 :]]


def _separator(cells: Sequence[str]) -> str:
    """Return what divides most cells of a column into a few parts, "" where nothing does."""
    some = cells[:JUDGED]
    for sign in SEPARATORS:
        divided = [each for each in some if 1 < len(each.split(sign)) <= MOST_PARTS]
        if len(divided) >= max(1, ENOUGH * len(some)):
            return sign
    return ""


def _parts(cells: Sequence[str], separator: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of the first cell that is divided as most are."""
    divided = [each.split(separator) for each in cells[:JUDGED] if each] if separator else []
    usual = Counter(len(each) for each in divided if 1 < len(each) <= MOST_PARTS)
    if not usual:
        return ()
    number = usual.most_common(1)[0][0]
    example = next(each for each in divided if len(each) == number)
    return tuple((shorten(each.strip(), LONGEST), _field_of(each)) for each in example)


def _some(texts: Iterable[str]) -> Iterator[str]:
    """Yield some different cells that hold something."""
    seen: set[str] = set()
    for text in texts:
        if text and text not in seen:
            seen.add(text)
            yield shorten(text.replace("\n", " ⏎ "), LONGEST)
        if len(seen) == SHOWN:
            return


def seems(cells: Sequence[str]) -> str:
    """Return the field that most cells of a column look like, "" where they look like none."""
    some = cells[:JUDGED]
    found = Counter(filter(None, map(_field_of, some)))
    if found["packed"] >= SOME_PACKED * len(some):
        # The others have no more than one of the parts.
        found["packed"] += sum(found[part] for part in _PARTS)
    field, times = next(iter(found.most_common(1)), ("", 0))
    return field if times >= max(1, ENOUGH * len(some)) else ""


def _field_of(text: str) -> str:
    plain = text[:MOST_JUDGED].strip()
    digits = "".join(filter(str.isdigit, plain))
    several = unpack(plain, None)
    parts = sum(map(bool, (several.address, several.phones, several.emails)))
    if parts > 1:
        return "packed"
    if EMAIL.fullmatch(plain):
        return "email"
    if WEB.match(plain) and " " not in plain:
        return "website"
    if read_pair(plain):
        return "lonlat"
    if len(digits) == 14 and read_siret(plain)[0]:
        return "siret"
    if len(plain) == 9 and digits and read_finess(plain)[0]:
        return "finess"
    if len(plain) == 5 and plain.isdigit():
        return "postcode"
    if len(digits) >= 9 and find_phones(plain)[0]:
        return "phone"
    if several.address:
        return "address"
    if terms.category_of(plain) and len(plain) <= 80:
        return "category"
    if any(map(str.isdigit, plain)) and read_hours(plain)[0]:
        return "opening_hours"
    for name in LISTS:
        codes, unknown = terms.codes_in(name, plain)
        # Two letters are as often a short form ("GN") as the code of a language.
        if codes and not unknown and (name != "languages" or len(plain) > 2):
            return name
    return ""
