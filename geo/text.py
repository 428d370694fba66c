"""The plain forms in which two writings of one French text are equal."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"}
# U+0092: the apostrophe of a cp1252 list that was read as latin-1.
_STRAIGHT = str.maketrans(_LIGATURES | dict.fromkeys("’`\x92", "'"))
# Soft hyphens and characters of no width, which nobody sees.
_SPELLED = str.maketrans(_LIGATURES | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""))
_WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return words in lower case, without accents or punctuation, with single spaces between.

    "Maison d'Enfants" -> "maison d enfants". Identities of imported actors are made of it: another
    result for the same text would make each list import its actors a second time.
    """
    plain = text.translate(_SPELLED).lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(_WORD.findall(plain))


def straighten(text: str) -> str:
    """Return a text with its ligatures in letters and its apostrophes straight."""
    return text.translate(_STRAIGHT)


def capitals(text: str) -> str:
    """Return capitals without accents, one for each character, so that positions stay true.

    `fold` changes the length of a text; a pattern that cuts the text itself needs this form.
    """
    if text.isascii():
        return text.upper().replace("`", "'")
    folded = (unicodedata.normalize("NFD", char)[0].upper()[:1] for char in text)
    return "".join("'" if char in "’`" else char for char in folded)
