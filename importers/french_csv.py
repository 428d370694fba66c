"""CSV as a French spreadsheet opens it by a double click: `;`, every cell in quotes, CR LF."""

import csv
from collections.abc import Iterable
from typing import TextIO


def write_rows(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows into a file that changes no ends of lines.

    Every cell is in quotes: one with a comma stays one cell for programs that split at commas.
    """
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(rows)
