"""Whether two addresses are one that two hands wrote: what is asked of nobody."""

import re
from dataclasses import dataclass
from itertools import takewhile

from geo.address import read_address
from geo.postal import without_cedex
from geo.slips import spelled_out
from geo.street import MAIL_BOX, NAME_WORDS, segments_of, street_key
from geo.text import capitals, fold, remembered, straighten
from geo.ways import STREET_WAYS

_NUMBERS = re.compile(r"\d+")
# "Bâtiment D", "escalier L": small words elsewhere.
_LETTERS = re.compile(
    r"\b(?:BAT\w*|IMM\w*|ESC\w*|ENT\w*|HALL|PORTE|TOUR|BLOC|AILE|APP\w*|LOT)\.?\s?([DL])\b(?!')"
)
_NUMBER = re.compile(r"\d+[A-Z]?")


@dataclass(frozen=True, slots=True)
class _Written:
    """An address in one form. parts: each line or part of it, without boxes and town."""

    parts: tuple[str, ...]
    numbers: tuple[int, ...]
    letters: tuple[str, ...]
    boxes: frozenset[str]
    postcode: str | None
    cedex: bool
    town: tuple[str, ...]
    district: str


def same_address(one: str, other: str) -> bool:
    """Return whether two addresses of one commune differ in their spelling alone.

    Short forms, accents, CEDEX with its postcode, and a box beside a street that one leaves out.
    Nobody is asked of them, so another number, building, box or postcode is another address.
    """
    if fold(one) == fold(other):
        return True
    mine, theirs = _written(one), _written(other)
    same = (
        (mine.numbers, mine.letters, mine.town) == (theirs.numbers, theirs.letters, theirs.town)
        and _agree(mine.district, theirs.district)
        and _agree(mine.boxes, theirs.boxes)
        and (mine.postcode == theirs.postcode or mine.cedex or theirs.cedex)
    )
    # In another order, or in one line.
    return (
        same
        and bool(mine.parts)
        and (
            sorted(mine.parts) == sorted(theirs.parts)
            or " ".join(mine.parts) == " ".join(theirs.parts)
        )
    )


def _agree(one: object, other: object) -> bool:
    return not one or not other or one == other


@remembered(1_000)
def _written(text: str) -> _Written:
    read = read_address(text)
    last = " ".join(filter(None, (read.postcode, read.city)))
    lines = [without_cedex(each) for each in read.lines]
    # The line of the town stands at the end.
    street = "\n".join(lines[:-1] if last else lines)
    boxes = frozenset(fold(found[0]) for found in MAIL_BOX.finditer(capitals(street)))
    plain = spelled_out(MAIL_BOX.sub("", street)) if boxes else spelled_out(street)
    keys = (_key(each) for each in segments_of(plain))
    words = [NAME_WORDS.get(word, word) for word in capitals(fold(read.city or "")).split()]
    district = words.pop() if len(words) > 1 and words[-1][0].isdigit() else ""
    return _Written(
        tuple(filter(None, keys)),
        tuple(sorted(int(each) for each in _NUMBERS.findall(plain))),
        tuple(_LETTERS.findall(capitals(straighten(plain)))),
        boxes,
        read.postcode,
        read.cedex,
        tuple(words),
        "".join(_NUMBERS.findall(district)).lstrip("0"),
    )


def _key(part: str) -> str:
    """Return a part in one form; street_key leaves the way behind "12-14" as it is."""
    words = (street_key(part) or "").split()
    way = len(list(takewhile(_NUMBER.fullmatch, words)))
    if 0 < way < len(words) - 1:
        words[way] = STREET_WAYS.get(words[way], words[way])
    return " ".join(words)
