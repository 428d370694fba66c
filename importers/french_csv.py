"""CSV as a French spreadsheet opens it by a double click: `;`, every cell in quotes, CR LF.

No cell is a formula: whatever somebody wrote in a list is read, and never run.
"""

import csv
import re
from collections.abc import Iterable
from typing import TextIO

# What begins a formula, in full width and small forms too. Invisible characters may stand before
# it, and quotes, which a program that splits cells elsewhere removes.
_UNSEEN = r"[\s\"\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
_SIGNS = r"=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b"
_FORMULA = re.compile(f"{_UNSEEN}[{_SIGNS}]")
# A program that takes another separator than ours begins a cell behind each of these.
_SEPARATORS = ",;|"
_BEGINNING = re.compile(rf"(^|[{_SEPARATORS}])({_UNSEEN})(?=[{_SIGNS}])")


def write_rows(file: TextIO, rows: Iterable[Iterable[object]]) -> None:
    """Write rows into a file that changes no ends of lines.

    Every cell is in quotes: one with a comma stays one cell for programs that split at commas.
    """
    writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(rows)


def begins_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run a cell that holds this text."""
    return _FORMULA.match(text) is not None


def defused(text: str) -> str:
    """Return a text with an apostrophe before each sign that would begin a formula.

    An apostrophe, since the text stays as it is read; where a cell begins, and where one would
    begin for a program that takes commas for separators.
    """
    if begins_formula(text) or any(separator in text for separator in _SEPARATORS):
        return _BEGINNING.sub(r"\1\2'", text)
    return text
