"""Numbers to call that stand in the cell of something else: "10 rue X, tél. 01 99 00 00 10"."""

import re

from geo.postal import BOX
from importers.phones import SHORTEST, find_phones

# Digits of a number that lost its zero, and of one of a territory where it has but six.
_FEWEST = 9
_TERRITORIES_OF_SIX = frozenset({"975", "986", "987", "988"})
_DIGIT = re.compile(r"\d")
# Of "CS 02345 06000 Nice" the box and the postcode, a SIREN that is called one, and a year with the
# postcode behind it are no number, nor are the postcodes of one town: "06000 - 06100 - 06200";
# "BP 01 99 00 00 10" holds one.
_CODES = re.compile(
    rf"{BOX}\s{{0,2}}(?:n[°o]\s?)?:?\s?(?!0\d(?:\W{{0,3}}\d\d){{4}}(?!\d))\d{{1,5}}(?!\d)"
    r"|\bcidex\s{0,2}\d{1,5}(?!\d)"
    r"|\b(?:siren|siret|rcs|finess)\b[^\d,;\n]{0,12}\d{3}\s?\d{3}\s?\d{3}(?:\s?\d{5})?(?!\d)"
    r"|\b(?:1[89]|20)\d\d\s{1,3}\d{5}(?=\s+[^\W\d])"
    r"|(?<!\d)(?P<area>\d\d)\d{3}(?:\W{1,3}(?P=area)\d{3})+(?!\d)",
    re.IGNORECASE,
)


def may_call(text: str, territory: str | None = None) -> bool:
    """Return whether a cell may hold a number of somebody's own; most hold none, and are left.

    Its digits are counted alone: what stands between those of a number is never foreseen.
    """
    fewest = SHORTEST if territory in _TERRITORIES_OF_SIX else _FEWEST
    return len(_DIGIT.findall(text)) >= fewest


def find_strays(text: str, territory: str | None = None) -> list[str]:
    """Return the numbers of somebody's own that stand in a text, boxes and codes left aside."""
    phones, _ = find_phones(_CODES.sub(" ; ", text), territory)
    return [phone for phone in phones if phone.startswith("+")]
