"""A table as CSV, as spreadsheets in French open it: UTF-8 with BOM, `;`, decimal commas."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import IO

from app.files.cells import Value, joined, one_line
from importers.french_csv import defused, write_rows

MEDIA_TYPE = "text/csv"


def write_csv(
    header: Sequence[str], batches: Iterable[Iterable[Iterable[Value]]], file: IO[bytes]
) -> None:
    """Write a header and one line for each row, every cell in quotes, lines ended by CR LF."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    write_rows(text, [list(header)])
    for batch in batches:
        write_rows(text, ([as_text(value) for value in row] for row in batch))
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
