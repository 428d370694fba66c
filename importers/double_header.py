"""The titles of a header: of one line, or of two where titles of groups stand above others.

"Téléphone" above "Fixe | Portable"; "Adresse" above "Rue | CP | Ville".
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geo.text import fold
from importers.mapping import field_of
from importers.persons import names_role
from importers.table import Table
from importers.text import clean

LONGEST_TITLE = 300
# Below these, "Nom" is the name of a person and "Téléphone" their own.
_PERSON = re.compile(
    r"\b(?:referente?s?|responsables?|direct(?:eur|rice|ion)s?|chef\w*|president\w*|cadres?"
    r"|coord(?:inat|onnat)\w+|signataires?)\b"
)
# Below these as well, where a name stands among their columns.
_MAYBE_PERSON = re.compile(r"\b(?:contacts?|interlocut\w+|correspondant\w*|personnes?)\b")


class Header(NamedTuple):
    """titles: one a column. lines: as written. persons: fields that columns of persons resemble."""

    titles: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    persons: frozenset[str] = frozenset()


def titles_of(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a line as titles."""
    return tuple(clean(cell[:LONGEST_TITLE])[0].replace("\n", " ") for cell in cells)


def headers(table: Table, index: int) -> Iterator[Header]:
    """Yield a row as a header, and joined with the row above where that has titles of groups."""
    below = titles_of(table.rows[index].cells)
    yield Header(below, (below,))
    if index:
        above = titles_of(table.rows[index - 1].cells)
        groups = _groups(table, index - 1, above, below)
        if any(groups):
            yield _joined(above, below, groups)


def _groups(
    table: Table, index: int, above: Sequence[str], below: Sequence[str]
) -> tuple[str, ...]:
    """Return the title of the group that each column stands in, "" where it stands in none."""
    line = table.rows[index].line
    ends = {span.left: span.right for span in table.merged if span.top == line}
    groups = [""] * max(len(above), len(below))
    for column, title in enumerate(above):
        last = ends.get(column, len(below) - 1)
        right = column + 1
        while right < len(below) and right <= last and below[right] and not _at(above, right):
            right += 1
        if title and _at(below, column) and right > column + 1:
            groups[column:right] = [title] * (right - column)
    whole = all(group for group, title in zip(groups, below, strict=False) if title)
    # Alone over every column it is the title of the whole list.
    return () if whole and sum(map(bool, above)) == 1 else tuple(groups)


def _joined(above: Sequence[str], below: Sequence[str], groups: Sequence[str]) -> Header:
    titles: list[str] = []
    persons = set()
    of_persons = _of_persons(below, groups)
    for column, group in enumerate(groups):
        title = _at(below, column)
        if not group:
            # "Nom" beside groups stands in the first line, or over both.
            titles.append(title or _at(above, column))
        elif group in of_persons:
            if found := field_of(title):
                persons.add(found[0])
            titles.append(f"{group} {title}")
        else:
            alone = title not in titles and field_of(title)
            titles.append(title if alone else f"{group} {title}")
    return Header(tuple(titles), (tuple(above), tuple(below)), frozenset(persons))


def _of_persons(below: Sequence[str], groups: Sequence[str]) -> set[str]:
    """Return the titles of groups whose columns are about a person."""
    named = {
        group
        for column, group in enumerate(groups)
        if group and {"nom", "prenom"} & set(fold(_at(below, column)).split())
    }
    first = {g for c, g in enumerate(groups) if g and "prenom" in fold(_at(below, c)).split()}
    return first | {
        group
        for group in set(groups)
        if _PERSON.search(fold(group)) or (group in named and _MAYBE_PERSON.search(fold(group)))
    }


def _at(titles: Sequence[str], column: int) -> str:
    return titles[column] if column < len(titles) else ""


def column_title(titles: Sequence[str], column: int) -> str:
    """Return the title of a column, or "colonne F" as a spreadsheet calls it."""
    if column < len(titles) and titles[column]:
        return titles[column]
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return f"colonne {letters}"


def names_persons(title: str) -> bool:
    """Return whether a title is that of a person's name or number."""
    plain = fold(title)
    found = _PERSON.search(plain) or _MAYBE_PERSON.search(plain) or "prenom" in plain
    return bool(found) or names_role(plain)
