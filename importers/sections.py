"""Titles of sections: a line of one filled cell that stands for the lines below it."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.text import fold
from importers.accommodation import in_text
from importers.header import Layout
from importers.line import Cell, Line
from importers.table import RawRow
from importers.terms import category_of, stem
from importers.text import clean
from importers.vocabulary import load

LONGEST_TITLE = 150
_LETTERS = re.compile(r"[^\W\d_]{3}")
# A mailbox, a site, a number, a sum: no title.
_NO_TITLE = re.compile(r"@|https?:|www\.|(?:\d[\s.]*){6}|^\W*(?:sous[ -])?tota(?:l|ux)\b", re.I)
_PARTS = re.compile(r"\s+[-–—:]\s+|[():]")
# What stands before the words of a title, as `stem` gives it.
_LEAD = re.compile(
    r"^(?:(?:liste|annuaire|repertoire|coordonnee|tableau|recensement|l|le|la|les"
    r"|de|d|du|des)\b ?)+"
)
_POSTCODE = re.compile(r"\b\d{5}\b")
_SAMPLED = 200
# "Les Foyers" may be a name.
_ARTICLES = frozenset({"les", "des", "aux", "nos"})
_LEADING = frozenset({"category", "city", "territory"})


class Title(NamedTuple):
    """A title and what it says, each as a cell would say it. line: 0 for the name of a sheet."""

    text: str
    line: int
    category: str | None = None
    territory: str | None = None
    city: str | None = None

    @property
    def is_place(self) -> bool:
        """Whether it names a territory or a commune."""
        return bool(self.territory or self.city)


class Section(NamedTuple):
    """The titles that hold for a line."""

    category: Title | None = None
    place: Title | None = None
    last: Title | None = None

    def after(self, title: Title) -> "Section":
        """Return the section that a title begins.

        A title that says no category ends that of the former section; one that houses children
        holds until another says what the lines are: in doubt they are hidden.
        """
        category = title if title.category else self.category
        if category and not (category is title or title.is_place or _houses(category)):
            category = None
        return Section(category, title if title.is_place else self.place, title)

    @property
    def titles(self) -> list[Title]:
        """Return the titles that hold, each once; the name of the sheet stands elsewhere."""
        return list(dict.fromkeys(each for each in self if each and each.line))

    def add_to(self, line: Line) -> None:
        """Give a line what it does not say itself, and each title as a text of its own."""
        for title in self.titles:
            line.add("section", Cell("", title.text, title.text))
        fields = line.fields
        if self.category and "category" not in fields:
            said = self.category.category or self.category.text
            line.add("category", Cell("", said, self.category.text))
        place = self.place
        if place and place.territory and "territory" not in fields:
            line.add("territory", Cell("", place.territory, place.text))
        if (
            place
            and place.city
            and not fields & {"city", "insee", "postcode"}
            and not _POSTCODE.search(line.text("address"))
        ):
            line.add("city", Cell("", place.city, place.text))


def read_title(text: str, line: int, gazetteer: Gazetteer) -> Title:
    """Return a title with the category, territory and commune that it names."""
    category = text if category_of(text) else None
    for part in (text, *_PARTS.split(text)):
        if territory := gazetteer.territory_named(part):
            return Title(text, line, category, territory=territory.code)
        if not category and part.strip() and gazetteer.find(part):
            return Title(text, line, category, city=part.strip())
    return Title(text, line, category)


def find_titles(layout: Layout, gazetteer: Gazetteer) -> dict[int, Title]:
    """Return the titles between the rows of a list, by their lines."""
    found: dict[int, Title] = {}
    judge = _Judge(layout)
    lone = [(row.line, *cell) for row, cell in _lone_cells(layout.body)]
    sure = {column for line, column, text in lone if judge.is_sure(line, column, text)}
    for line, column, text in lone:
        if column in judge.leading:
            title = read_title(text, line, gazetteer)
            if column in sure or title.is_place or _houses(title):
                found[line] = title
    return found


def title_above(layout: Layout) -> Title | None:
    """Return the title above the header where it says that the whole list houses children.

    "Annuaire des maisons d'enfants" does; "Liste 2026 : les foyers manquent" does not.
    """
    for row, (_, text) in _lone_cells(layout.above, ended=True):
        plain = _LEAD.sub("", stem(text))
        for category in load().categories.values():
            words = (category.label, category.label_plural, *category.words)
            if category.protected and any(f"{plain} ".startswith(f"{stem(w)} ") for w in words):
                return Title(text, row.line, category=category.label)
    return None


def _houses(title: Title) -> bool:
    """Return whether a title names homes: a category of them, or several, as no actor is called."""
    code = category_of(title.text) if title.category else None
    if code is not None and load().categories[code].protected:
        return True
    first = fold(title.text).partition(" ")[0]
    several = first not in _ARTICLES and len(first) > 3 and first[-1] in "sx"
    words = in_text(title.text, naming=True)
    return several and bool(words.houses or words.doubtful)


def _lone_cells(
    rows: Sequence[RawRow], *, ended: bool = False
) -> Iterator[tuple[RawRow, tuple[int, str]]]:
    """Yield rows of one filled cell below which others follow, with its column and text.

    ended: the rows themselves are followed by others.
    """
    last = len(rows) - 1
    while not ended and last >= 0 and sum(map(bool, map(str.strip, rows[last].cells))) < 2:
        last -= 1
    for row in rows[: last + 1]:
        filled = [column for column, cell in enumerate(row.cells) if cell and not cell.isspace()]
        if len(filled) != 1 or row.broken:
            continue
        text = clean(row.cells[filled[0]])[0].replace("\n", " ")
        if len(text) <= LONGEST_TITLE and _LETTERS.search(text) and not _NO_TITLE.search(text):
            yield row, (filled[0], text)


class _Judge:
    """Whether a lone cell is a title, or the name of an actor of which nothing else is said."""

    def __init__(self, layout: Layout) -> None:
        fields = [layout.mapping.columns.get(title) for title in layout.titles]
        self._name = fields.index("name") if "name" in fields else 0
        self.leading = {0, self._name, *(i for i, f in enumerate(fields) if f in _LEADING)}
        self._wide = {
            (span.top, span.left) for span in layout.table.merged if span.right > span.left
        }
        names = [
            row.cells[self._name]
            for row in layout.body[:_SAMPLED]
            if len(row.cells) > self._name and sum(map(bool, row.cells)) > 1
        ]
        # Where most names are in capitals, capitals show nothing.
        self._loud = sum(map(str.isupper, names)) * 2 > len(names)

    def is_sure(self, line: int, column: int, text: str) -> bool:
        return column in self.leading and (
            column != self._name
            or (line, column) in self._wide
            or text.endswith(":")
            or (text.isupper() and not self._loud)
            or _is_label(text)
        )


def _is_label(text: str) -> bool:
    """Return whether a text is a category as the vocabulary writes it, and nothing more."""
    plain = stem(text)
    return any(
        plain in (stem(each.code), stem(each.label), stem(each.label_plural))
        or any(plain == stem(word) for word in each.words)
        for each in load().categories.values()
        if not each.neutral
    )
