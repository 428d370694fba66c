"""French postal addresses: what mail needs, what a geocoder may be asked, what two of them share.

CEDEX, BP, CS and TSA are kept for mail and left out of what a geocoder is asked; a building's name
in front of a way breaks its match, so the way alone is asked.
"""

import re
import unicodedata
from dataclasses import dataclass

from geo.arrondissements import whole_commune
from geo.postal import BOX, clean_postcode, has_cedex, without_cedex
from geo.street import find_street, street_key

# Four digits are a postcode that lost its zero, but only where a cell or line begins with them:
# "rue du 8 mai 1945, Bobigny" holds a year.
_POSTCODE = re.compile(
    r"(?<![\w-])(?:F-|FR-)?"
    r"(?P<code>\d{5}|\d{2}[ \u202f]\d{3}|(?:(?<=^)|(?<=[,\n;] )|(?<=[,\n;]))\d{4})"
    r"(?![\w-])[ ,;]*(?P<city>[^\d\n,;]{0,60}(?:\d{1,2}(?:er|e|ème|eme)?)?[^\d\n,;]{0,25})\s*$",
    re.IGNORECASE,
)
_CITY_FIRST = re.compile(r"(?:^|[,\n;])\s*(?P<city>[^\d\n,;(]+?)\s*\(?(?P<code>\d{5})\)?\s*$")
_MAIL_CODE = re.compile(rf"{BOX}\s*N?°?\s*$", re.IGNORECASE)
# "25 - 27 rue X" stays on one line.
_MAIL_LINES = re.compile(r"\n|(?<!\d) [-–—] | [-–—] (?!\d)")
# Behind a comma, a bracket or a line, or behind a town with its postcode: "12 rue Anatole France"
# and "97200 Fort de France" name no country.
_COUNTRY = re.compile(
    r"(?:\s*[,;\n(]\s*|(?P<town>\b\d{2} ?\d{3}\b\D*?(?<!\bde))\s+)france\)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address as written, and what may be asked of a geocoder.

    lines: text for mail, the last one "postcode city". street: number and way, or None.
    postcode: five digits; with cedex it is for mail alone, and no map knows it. city: without
    CEDEX.
    """

    lines: tuple[str, ...]
    street: str | None
    postcode: str | None
    city: str | None
    cedex: bool

    @property
    def text(self) -> str:
        """Return the address on several lines, as mail needs it."""
        return "\n".join(self.lines)


def read_address(
    street: str | None,
    complement: str | None = None,
    postcode: str | None = None,
    city: str | None = None,
) -> PostalAddress:
    """Return the address that a list has in columns; a part may be empty or of several lines.

    Where postcode and city are empty, street may hold the whole address, on one line or several.
    """
    street, complement, city = _clean(street or ""), _clean(complement or ""), _clean(city or "")
    code = clean_postcode(postcode)
    if not code and not city:
        street, code, city = _split_city(_COUNTRY.sub(lambda found: found["town"] or "", street))
    elif not code and (found := _split_city(city)) and found[1]:
        code, city = found[1], found[2]
    elif city and code and (found := _split_city(city)) and found[1] == code:
        city = found[2]
    # Of the complement only a way counts: a lone name in it is a building or an organisation.
    fallback = find_street(complement, ways_only=True)
    way = find_street(street, ways_only=True) or fallback or find_street(street)
    return _address([complement, street], way, code, city)


def address_key(street: str | None, commune_code: str | None) -> str | None:
    """Return what two writings of one address share, or None where street or commune is unknown.

    "12 R DE GEX" and "12, rue de Gex" give one key; "12 bis" gives another. Made to find actors
    that share an address with a protected one, so it rather joins too much than too little.
    """
    if not street or not commune_code:
        return None
    found = find_street(_clean(street)) or street
    key = street_key(found)
    return f"{whole_commune(commune_code)}|{key}" if key else None


def _clean(text: str) -> str:
    # U+0092: the apostrophe of a cp1252 list that was read as latin-1.
    text = unicodedata.normalize("NFC", text).replace("_x000D_", "\n").replace("\x92", "’")
    text = re.sub(r"[\r\n\v\f\u2028\u2029|]+", "\n", text)
    text = "".join(
        " " if char != "\n" and (char.isspace() or not char.isprintable()) else char
        for char in text
    )
    text = re.sub(r" {2,}", " ", text)
    return "\n".join(line.strip(" ,;") for line in text.split("\n") if line.strip(" ,;"))


def _split_city(text: str) -> tuple[str, str | None, str | None]:
    """Return the text before the line of the city, the postcode, and the city with its CEDEX."""
    found = [
        match
        for position in re.finditer(r"(?<!\d)\d|\b[Ff]", text)
        if (match := _POSTCODE.match(text, position.start()))
        and not _MAIL_CODE.search(text[: match.start()])
        and clean_postcode(match["code"])
        and ")" not in match["city"].partition("(")[0]
        and not find_street("1 " + match["city"], ways_only=True)
    ]
    if found:
        match = found[-1]
        before = re.sub(r"[\s,;-]+$", "", text[: match.start()])
        return before, clean_postcode(match["code"]), match["city"].strip(" ,-") or None
    if (first := _CITY_FIRST.search(text)) and clean_postcode(first["code"]):
        return text[: first.start()], first["code"], first["city"].strip()
    _, comma, tail = re.sub(r"\s*\n", ",", text).rpartition(",")
    if comma and re.fullmatch(r"[^\d]{2,45}", tail) and not find_street(tail, ways_only=True):
        return text[: len(text) - len(tail)].rstrip(" ,\n"), None, tail.strip()
    return text, None, None


def _address(
    parts: list[str], street: str | None, postcode: str | None, city: str | None
) -> PostalAddress:
    cedex = any(has_cedex(part) for part in (city, *parts))
    last = " ".join(part for part in (postcode, city) if part)
    segments = [s.strip(" ,;") for p in parts for s in _MAIL_LINES.split(p)]
    lines = tuple(dict.fromkeys(s for s in [*segments, last] if s))
    town = without_cedex(city or "").strip(" ,-") or None
    return PostalAddress(lines, street, postcode, town, cedex)
