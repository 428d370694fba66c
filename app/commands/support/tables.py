"""What commands list: as sentences, as a file for a spreadsheet, or for a program."""

import io
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from importers.french_csv import defused, write_rows


class Form(StrEnum):
    """How a list is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormOption = Annotated[Form, typer.Option("--format", help="table, csv ou json.")]
Rows = Sequence[tuple[str, ...]]


def write_list(
    form: Form, titles: tuple[str, ...], rows: Rows, table: Callable[[], list[str]], empty: str
) -> None:
    """Write a list on stdout; table: its lines as people read them; empty: where it has none."""
    match form:
        case Form.TABLE:
            text = "\n".join(table() if rows else [empty]) + "\n"
        case Form.CSV:
            text = _csv(titles, rows)
        case Form.JSON:
            named = [dict(zip(titles, row, strict=True)) for row in rows]
            text = json.dumps(named, ensure_ascii=False, indent=2) + "\n"
    typer.echo(text, nl=False)


def _csv(titles: tuple[str, ...], rows: Rows) -> str:
    """Return what a French Excel opens by a double click, with formulas defused."""
    out = io.StringIO(newline="")
    write_rows(out, [titles])
    write_rows(out, (map(defused, row) for row in rows))
    return "\ufeff" + out.getvalue()
