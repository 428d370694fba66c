"""A selection as CSV, as spreadsheets in French open it: UTF-8 with BOM, `;`, decimal commas."""

import csv
import io
from datetime import date
from functools import lru_cache
from typing import IO

from app.public.exports.cells import defused, one_line
from app.search.columns import Value, joined
from app.search.rows import LICENCE, Selection

MEDIA_TYPE = "text/csv"
# Of every line, so that a line says where it comes from wherever it is copied to.
ADDED = ("licence", "source", "extrait_le")


def write_csv(selection: Selection, file: IO[bytes]) -> None:
    """Write a header and one line for each actor, every cell in quotes, lines ended by CR LF."""
    about = selection.about
    added = (LICENCE, about.source, about.at.date().isoformat())
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    # In quotes even where that is not needed: a cell with a comma in it stays one cell for
    # programs that part at commas as well.
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*(column.name for column in selection.columns), *ADDED])
    for batch in selection.batches:
        writer.writerows(
            [*(as_text(column.value(record)) for column in selection.columns), *added]
            for record in batch
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


# Names of places, categories and the like come again and again.
@lru_cache(maxsize=10_000)
def _text(value: str | tuple[str, ...]) -> str:
    return defused(one_line(value if isinstance(value, str) else joined(value)))
