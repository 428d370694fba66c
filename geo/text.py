"""The plain forms in which two writings of one French text are equal."""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"}
# U+0092: the apostrophe of a cp1252 list that was read as latin-1.
_STRAIGHT = str.maketrans(_LIGATURES | dict.fromkeys("’`\x92", "'"))
# Soft hyphens and characters of no width, which nobody sees.
UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""))
_SPELLED = str.maketrans(_LIGATURES) | UNSEEN
# Signs of formats, of programs, of nobody yet: each program draws them otherwise, or not at all.
_UNDRAWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks that have no width either.
_NO_WIDTH = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
        ),
    )
)
_WORD = re.compile(r"[a-z0-9]+")
_LETTER = re.compile(r"[a-zA-Z]")
# Letters, accents and signs of lists; what is rarer is made each time.
_USUAL = range(0x2100)
P = ParamSpec("P")
T = TypeVar("T")
_remembered: list[Any] = []


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last results of a function of texts until forget(): a list says the same often."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(maxsize=most)(function)
        _remembered.append(cached)
        return cached  # type: ignore[return-value] # hashable arguments are the caller's affair

    return wrap


def forget(*only: object, but: Collection[object] = ()) -> None:
    """Forget what was remembered: nothing of a list stays in memory once it is read.

    only: by these functions alone. but: those that are asked the same soon, until all is forgotten.
    """
    for each in _remembered:
        if each not in but and (each in only or not only):
            each.cache_clear()


class _Letters(dict[int, str]):
    """A table for str.translate that makes what it does not hold."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__({code: of(chr(code)) for code in _USUAL})
        self._of = of

    def __missing__(self, code: int) -> str:
        return self._of(chr(code))


def _without_accents(char: str) -> str:
    apart = unicodedata.normalize("NFKD", char.translate(_SPELLED))
    return "".join(each for each in apart if not unicodedata.combining(each))


def _capital(char: str) -> str:
    capital = unicodedata.normalize("NFD", char)[0].upper()[:1]
    return "'" if capital in "’`" else capital


_PLAIN, _CAPITALS = _Letters(_without_accents), _Letters(_capital)


@remembered(20_000)
def fold(text: str) -> str:
    """Return words in lower case, without accents or punctuation, with single spaces between.

    "Maison d'Enfants" -> "maison d enfants". Identities of imported actors are made of it: another
    result for the same text would make each list import its actors a second time.
    """
    # A capital ß was no letter when the first identities were made.
    plain = text.replace("ẞ", " ").lower()
    if not plain.isascii():
        plain = plain.translate(_PLAIN)
    return " ".join(_WORD.findall(plain))


def may_have_words(text: str) -> bool:
    """Return whether fold() may find a letter in a text; nothing else of it is looked at.

    Beyond ASCII, signs that are no letters fold to some: "ⓢ", "℡".
    """
    return not text.isascii() or _LETTER.search(text) is not None


def drawn(text: str) -> str:
    """Return a text without signs that nobody sees; blanks and ends of lines stay.

    Not for what identities are made of: fold() takes out fewer.
    """
    if text.isascii() and text.isprintable():
        return text
    undrawn = {each for each in set(text) if not (each.isspace() or _is_drawn(each))}
    return "".join(each for each in text if each not in undrawn) if undrawn else text


def _is_drawn(char: str) -> bool:
    return char not in _NO_WIDTH and unicodedata.category(char) not in _UNDRAWN


def straighten(text: str) -> str:
    """Return a text with its ligatures in letters and its apostrophes straight."""
    return text.translate(_STRAIGHT)


def curled(text: str) -> str:
    """Return a text of lists and commands with the apostrophe that pages write."""
    return text.replace("'", "’")


def capitals(text: str) -> str:
    """Return capitals without accents, one for each character, so that positions stay true.

    `fold` changes the length of a text; a pattern that cuts the text itself needs this form.
    """
    if text.isascii():
        return text.upper().replace("`", "'")
    return text.translate(_CAPITALS)
