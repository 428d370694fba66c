"""A selection as CSV, as spreadsheets in French open it: UTF-8 with BOM, `;`, decimal commas."""

import io
from datetime import date
from functools import lru_cache
from typing import IO

from app.search.cells import one_line
from app.search.columns import Value, joined
from app.search.rows import Selection, licence_of
from importers.french_csv import defused, write_rows

MEDIA_TYPE = "text/csv"
# Columns that repeat on every line, so that a copied line still says where it comes from.
ADDED = ("licence", "source", "extrait_le")


def write_csv(selection: Selection, file: IO[bytes]) -> None:
    """Write a header and one line for each actor, every cell in quotes, lines ended by CR LF."""
    about = selection.about
    added = (about.source, about.at.date().isoformat())
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write_rows(text, [[*(column.name for column in selection.columns), *ADDED]])
    for batch in selection.batches:
        write_rows(
            text,
            (
                [
                    *(as_text(column.value(record)) for column in selection.columns),
                    licence_of(record),
                    *added,
                ]
                for record in batch
            ),
        )
    text.detach()


def as_text(value: Value) -> str:
    """Return a value as a cell of CSV holds it."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case int():
            return str(value)
        case float():
            return str(value).replace(".", ",")
        case date():
            return value.isoformat()
    return _text(value)


# Cached, since names of places and categories are on many lines.
@lru_cache(maxsize=10_000)
def _text(value: str | tuple[str, ...]) -> str:
    return defused(one_line(value if isinstance(value, str) else joined(value)))
