"""Postcodes, and what La Poste adds to an address for mail alone: CEDEX, BP, CS, TSA."""

import re

# Patterns to build others of; IGNORECASE is theirs to set. The number behind CEDEX is that of an
# office of distribution: "Paris CEDEX 13" says nothing of the 13th arrondissement.
CEDEX = r"\b(?:c[eé]dex|cdx)\b(?:\s*[0-9]{1,2}\b)?"
BOX = r"\b(?:B\.?P\.?|C\.?S\.?|TSA|BO[IÎ]TE POSTALE)"
# No name of a commune holds a digit, so that five of them are a postcode wherever they stand.
POSTCODE = re.compile(r"(?<![0-9])(?:F-?\s?)?([0-9]{2})\s?([0-9]{3})(?![0-9])", re.IGNORECASE)
_CEDEX = re.compile(CEDEX, re.IGNORECASE)
_NO_DIGITS = re.compile(r"^F(?:R)?-|\.0$|[\s\u202f.]", re.IGNORECASE)


def has_cedex(text: str | None) -> bool:
    """Return whether a text says CEDEX: its postcode is for mail, and no map knows it."""
    return bool(_CEDEX.search(text or ""))


def without_cedex(text: str) -> str:
    """Return a text without CEDEX and the number of its office."""
    return _CEDEX.sub("", text)


def clean_postcode(text: str | None) -> str | None:
    """Return five digits for "1210", "12 000", "01210.0" or "F-67000"; None for no postcode."""
    digits = _NO_DIGITS.sub("", (text or "").strip())
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (4, 5):
        return None
    code = digits.zfill(5)
    return code if "01" <= code[:2] <= "98" else None


def area_of(postcode: str) -> str:
    """Return the digits that the postcodes of one département share: "93", "974".

    A postcode of CEDEX is listed nowhere, but begins like the others of its commune.
    """
    return postcode[: 3 if postcode[:2] in {"97", "98"} else 2]
