"""Lines of a file that the desk handed out: each names its actor by an id, and brings cells back.

They are compared with what was handed out (app/lists/returned.py), not read as new lines are.
"""

from importers.header import Layout
from importers.row import Returned, Where
from importers.table import RawRow
from importers.text import clean

ID, MARKS = "actor_id", "actor_marks"
# The sheet of such a file that says how to fill it in.
READ_ME = "À lire"
# The column of lines that the desk hands out to be corrected. An answer in it may ask to hide.
WRONG = "Ce qui ne va pas"
_LONGEST = 100_000


class ReturnedReader:
    """Finds such lines of one sheet."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        fields = layout.mapping.columns
        self._columns = [
            (column, title, fields[title])
            for column, title in enumerate(layout.titles)
            if title in fields
        ]
        self._named = any(field == ID for *_, field in self._columns)

    def read(self, raw: RawRow) -> Returned | None:
        """Return a line that has an id, None of any other."""
        if not self._named or raw.broken:
            return None
        cells: dict[str, str] = {}
        titles: dict[str, str] = {}
        for column, title, field in self._columns:
            given = raw.cells[column] if column < len(raw.cells) else ""
            text = clean(given[:_LONGEST])[0]
            cells[field] = "\n".join(filter(None, (cells.get(field), text)))
            titles.setdefault(field, title)
        if not (public_id := cells.pop(ID).lower()):
            return None
        where = Where(self._layout.table.name, raw.line)
        marks = cells.pop(MARKS, "")
        return Returned(where, public_id, marks, cells, titles, self._layout.hides(raw.line))
