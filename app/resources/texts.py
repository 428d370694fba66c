"""Texts as they are stored: without signs that nobody sees, and that lead others astray."""

import re
import unicodedata

# What marks the words that were looked for stands in no text of its own: app/resources/words.py.
MARKS = ("\ue000", "\ue001")
# Signs that turn what follows them round, or that have no width.
_TURNING = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)))
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
# Unassigned as well: what one program reads there, another does not.
_NO_LETTERS = frozenset({"Cc", "Cs", "Co", "Cn"})


def lines(text: str) -> str:
    """Return a text of several lines, each parted by a newline alone."""
    plain = _BREAKS.sub("\n", text).replace("\t", " ").translate(_TURNING)
    seen = "".join(each for each in plain if each == "\n" or _is_seen(each))
    return "\n".join(line.rstrip() for line in seen.split("\n")).strip("\n")


def line(text: str) -> str:
    """Return a text as one line, its words parted by one space."""
    return " ".join(lines(text).split())


def _is_seen(char: str) -> bool:
    return unicodedata.category(char) not in _NO_LETTERS
