"""The words of a list that the vocabulary does not have, as they are asked for."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from geo.text import fold
from importers import terms
from importers.chosen import Chosen
from importers.groups import fill_groups
from importers.header import Layout, layout_of
from importers.row import Where
from importers.sheets import left_of
from importers.sorting import LONGEST_CELL, TOTAL
from importers.table import RawRow, Table
from importers.text import clean
from importers.vocabulary import LISTS

# Fields whose words are those of the vocabulary.
OF_WORDS = ("category", *LISTS)

May = Callable[[Where], bool]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that no field knows. code: what it was chosen to be, "" for nothing yet.

    asks: whether of some of its lines nothing else tells what it would, as their names do.
    """

    field: str
    key: str
    word: str
    count: int
    code: str
    asks: bool = True

    @property
    def place(self) -> str:
        """What it is answered by: its field and its key."""
        return f"{self.field}:{self.key}"


def words_of(tables: Sequence[Table], chosen: Chosen | None, may: May) -> list[Word]:
    """Return the words that the vocabulary does not have, the most frequent first."""
    chosen = chosen or Chosen()
    counts: Counter[tuple[str, str]] = Counter()
    written: dict[tuple[str, str], str] = {}
    asking: set[tuple[str, str]] = set()
    for table in left_of(tables, chosen):
        layout = layout_of(table, chosen)
        for field, text, name, carried in _texts(layout, may) if layout else ():
            for word in unknown_words(field, text):
                place = field, terms.stem(word)
                if field == "category" and not _is_said_by_name(text, name):
                    asking.add(place)
                # Of a line that may not be shown, no word is told by those that it stands for.
                if not carried or place in written:
                    counts[place] += 1
                    written.setdefault(place, word)
    return [
        Word(
            field,
            key,
            written[field, key],
            count,
            chosen.words.get(field, {}).get(key, "").partition(" ")[0],
            (field, key) in asking,
        )
        for (field, key), count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def unknown_words(field: str, text: str) -> list[str]:
    """Return the words of a cell that its field does not know; a mailbox is none.

    One that names several categories is asked for as well.
    """
    if "@" in text:
        return []
    if field == "category":
        word = " ".join(text.split())
        return [word] if len(terms.categories_of(text)) != 1 and terms.stem(word) else []
    _, unknown = terms.codes_in(field, text)
    return [each for each in unknown if terms.stem(each)]


def _is_said_by_name(text: str, name: str) -> bool:
    """Return whether a name says which category is meant, where a word names none or several."""
    found, several = terms.category_of(name), terms.categories_of(text)
    return found not in (None, terms.UNKNOWN) and (not several or found in several)


def _texts(layout: Layout, may: May) -> Iterator[tuple[str, str, str, bool]]:
    """Yield field and text of cells, the name of the line, and whether the text was written on a
    line above.
    """
    fields = [layout.mapping.columns.get(title) for title in layout.titles]
    columns = [(place, field) for place, field in enumerate(fields) if field in OF_WORDS]
    ruled = layout.mapping.values
    names = [place for place, field in enumerate(fields) if field == "name"]
    groups, _ = fill_groups(layout, {})
    for row in layout.body:
        filled = groups.get(row.line, {})
        # A line without a name is a title, or a total.
        named = [cell_of(row, place) or filled.get(place, "") for place in names]
        if names and not any(named):
            continue
        if TOTAL.search(fold(next(filter(str.strip, row.cells), "")[:LONGEST_CELL])):
            continue
        if may(Where(layout.table.name, row.line)):
            for place, field in columns:
                carried = clean(filled.get(place, "")[:LONGEST_CELL])[0]
                text = carried or cell_of(row, place)
                if field and field not in ruled and text:
                    yield field, text, next(filter(None, named), ""), bool(carried)


def cell_of(row: RawRow, column: int) -> str:
    """Return a cell as it is written, cleaned, "" where the line has none."""
    return clean(row.cells[column][:LONGEST_CELL])[0] if column < len(row.cells) else ""
