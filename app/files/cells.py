"""Values of cells, and text that any program reads back."""

import re
from collections.abc import Iterable
from datetime import date

# A text as stored, several of them, a number, a day; None where nothing is known.
Value = str | int | float | bool | date | tuple[str, ...] | None

# Characters in UTF-16: Excel cuts what is longer without saying so.
LONGEST = 32_767
CUT = "…"

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAK = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """Return a text without what XML and spreadsheets refuse; its lines end with \\n."""
    if not text.isprintable():
        text = _CONTROL.sub("", _BREAK.sub("\n", text)).replace("\t", " ")
    text = text.strip()
    return _cut(text) if len(text) > LONGEST // 2 else text


def one_line(text: str) -> str:
    """Return a clean text whose lines are parted by commas, so that a record is one line."""
    text = clean(text)
    if "\n" not in text:
        return text
    lines = (line.strip() for line in text.split("\n"))
    return ", ".join(line for line in lines if line)


def joined(values: Iterable[str]) -> str:
    """Return several values in one cell: none of them has " | " in it."""
    return " | ".join(values)


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) // 2 <= LONGEST:
        return text
    # Where the cut falls within a pair of surrogates, its half is dropped.
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT
