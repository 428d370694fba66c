"""Whether two texts are one that two hands wrote: what is asked of nobody."""

import re

from geo.text import capitals, fold, remembered, straighten
from geo.ways import STREET_WAYS

_RANGE = re.compile(r"(?<=\d)\s*[-–—/]\s*(?=\d)")
# "8bis", "8 bis".
_SUFFIX = re.compile(r"(?<=\d)(?=(?:bis|ter|quater)\b)")
_PARTS = re.compile(r"[\n,;]|\s[-–—]\s")
_NUMBER = re.compile(r"\d+|bis|ter|quater|a")
# Short forms that say nothing else where no number stands before them; "CH" is a hospital as well.
_SURE = {"AV", "AVE", "BD", "BLD", "BVD", "BOUL", "IMP", "PL", "RTE", "SQ", "ALL"}


def same_words(one: str, other: str) -> bool:
    """Return whether two texts differ in capitals, accents and signs between their words alone."""
    return fold(one) == fold(other) and _foreign(one) == _foreign(other)


def same_signs(one: str, other: str) -> bool:
    """Return whether two texts have the same signs but for capitals, accents and blanks: "- 18 ans"
    is not "+ 18 ans".
    """
    plain, known = (" ".join(capitals(straighten(each)).split()) for each in (one, other))
    return bool(plain) and plain == known


def same_address(one: str, other: str) -> bool:
    """Return whether two addresses do so, or in short forms of ways ("12 bd", "12, Boulevard").

    Nobody is asked of them, so that whatever else one of them writes makes it another address: a
    letter, a box, CEDEX, another order.
    """
    return _words(one) == _words(other) and _foreign(one) == _foreign(other)


def _foreign(text: str) -> list[str]:
    """Return the letters that fold() leaves out, of other scripts than ours."""
    return [sign for sign in text.lower() if sign.isalnum() and not fold(sign)]


@remembered(1_000)
def _words(text: str) -> tuple[str, ...]:
    words: list[str] = []
    # A range is not two numbers.
    for part in _PARTS.split(_RANGE.sub(" a ", text)):
        for rank, word in enumerate(_SUFFIX.sub(" ", fold(part)).split()):
            after_number = bool(words) and _NUMBER.fullmatch(words[-1]) is not None
            is_way = after_number or (rank == 0 and word.upper() in _SURE)
            way = STREET_WAYS.get(word.upper()) if is_way else None
            words += fold(way).split() if way else [word]
    return tuple(words)
