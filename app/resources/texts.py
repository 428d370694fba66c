"""Texts as they are stored: without signs that nobody sees, and that lead others astray."""

import re
import unicodedata

from geo.text import drawn

# What marks the words that were looked for stands in no text of its own: app/resources/words.py.
MARKS = ("\ue000", "\ue001")
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def lines(text: str) -> str:
    """Return a text of several lines, each parted by a newline alone."""
    plain = drawn(_BREAKS.sub("\n", text).replace("\t", " "))
    # Blanks that are signs of programs.
    seen = "".join(each for each in plain if each == "\n" or unicodedata.category(each) != "Cc")
    return "\n".join(line.rstrip() for line in seen.split("\n")).strip("\n")


def line(text: str) -> str:
    """Return a text as one line, its words parted by one space."""
    return " ".join(lines(text).split())
