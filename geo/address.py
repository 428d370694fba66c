"""French postal addresses: what mail needs, what a geocoder may be asked, what two of them share.

CEDEX, BP, CS and TSA are kept for mail and left out of what a geocoder is asked; a building's name
in front of a way breaks its match, so the way alone is asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

from geo.arrondissements import whole_commune
from geo.postal import BOX, clean_postcode, has_cedex, without_cedex
from geo.slips import before_building, spelled_out
from geo.street import (
    find_street,
    numbered_ways,
    numbers_of,
    parted_ways,
    site_key,
    street_key,
)
from geo.text import UNSEEN, capitals, remembered
from geo.ways import WAYS

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

_DIGIT = re.compile(r"\d")
# What is clean, line by line.
_WORD_OF_IT = r"[A-Za-z0-9À-ÖØ-öø-ÿ'’().,;/-]+"
_LINE_OF_IT = rf"(?![,;]){_WORD_OF_IT}(?: {_WORD_OF_IT})*(?<![,;])"
NEAT = re.compile(rf"(?:{_LINE_OF_IT}(?:\n{_LINE_OF_IT})*)?")
_ENDS_OF_LINES = re.compile(r"[\r\n\v\f\u2028\u2029|]+")
_BLANKS = re.compile(" {2,}")
_FIVE_DIGITS = re.compile(r"\b\d{2} ?\d{3}\b")
# A number, its suffix, and a name that is more than a sign.
_NUMBERED_KEY = re.compile(r"(\d{1,4})[A-Z]? (.*[A-Z].*)")
# Stands for a commune where none is asked.
ANYWHERE = "*"
# "8, le Parc".
_NUMBER_APART = re.compile(
    r"^(\d{1,4}(?: ?(?:bis|ter|[a-d]))?)\s*,\s*", re.IGNORECASE | re.MULTILINE
)
# As spelled_out writes it.
_MAIN_STREET = re.compile(r"(?<!\d)(\d{1,4})(?: ?(?:bis|ter|[a-d]))? GRANDE RUE\b", re.IGNORECASE)
# "1 lieu-dit X" is "1 X" as well, and "10 rue du 8 mai 1945" is "10 rue du 8 mai".
_OF_PLACES = re.compile(
    r"(?<=\d )(?:LIEU[ -]DIT|HAMEAU|LOTISSEMENT|RESIDENCE|DOMAINE|QUARTIER) (?=.*[A-Z])"
)
_YEAR = re.compile(
    r"( \d{1,2} (?:ER )?(?:JANVIER|FEVRIER|MARS|AVRIL|MAI|JUIN|JUILLET|AOUT|\w+EMBRE|OCTOBRE))"
    r" (?:1[89]|20)\d\d$"
)
_HAMLET = re.compile(r"\b(?:lieu|ld\b|hameau)", re.IGNORECASE)
_WORDS = re.compile("[A-Z0-9]+")
_ENDS = frozenset(each.split()[-1] for each in WAYS)
# What stands behind the name of a way.
_BEHIND_NAMES = frozenset(("RDC", "CEDEX", "PROLONGEE", "PROLONGE", "ETAGE", "BIS", "TER"))
# Names that every village has.
NO_PLACES = frozenset(
    ("BOURG", "VILLAGE", "CENTRE", "CENTRE VILLE", "MAIRIE", "EGLISE", "GARE", "PORT", "PRESBYTERE")
)
# Of the name of a way in a free text, small words included.
_MOST_WORDS = 8
# Between two places of one address, and of how many at most.
_JOINING = re.compile(r"\W*(?:\b(?:et|ou|puis|au|du|près)\b\W*)*$", re.IGNORECASE)
_MOST_PLACES = 10
# No description names more places; a hostile one might take minutes.
_MOST_WAYS = 50


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


@remembered(100_000)
def address_key(street: str | None, commune_code: str | None) -> str | None:
    """Return what two writings of one place share, or None where they say too little.

    "12 bis R DE GEX", "n° 12, rue de Gex" and "Rue de Gex, 12-14" give one key. It takes a number
    and a way, or a building or place with a name; a town or a street alone is everybody's. Made to
    find actors that share an address with a protected one, so it rather joins too much.
    """
    if not street or not commune_code:
        return None
    text = _clean(street)
    if _FIVE_DIGITS.search(text):
        text = _split_city(text)[0]
    found = find_street(text)
    numbered = _NUMBERED_KEY.fullmatch((found and street_key(found)) or "")
    if numbered and numbered[2] not in WAYS:
        key: str | None = f"{numbered[1]} {numbered[2]}"
    else:
        key = site_key(text)
    return f"{whole_commune(commune_code)}|{key}" if key else None


def address_keys(
    street: str | None, address: str | None, commune_code: str | None
) -> frozenset[str]:
    """Return the key of an address, and those of every number of "10-14 rue de Gex".

    street: what address_key takes, without it the address as written.
    """
    key = address_key(street or address, commune_code)
    if not key:
        return frozenset()
    commune, _, place = key.partition("|")
    named = _NUMBERED_KEY.fullmatch(place)
    numbers = numbers_of(address or "") if named else ()
    return frozenset(
        (key, *(f"{commune}|{number} {named[2]}" for number in numbers if named)),
    )


def place_keys(
    keys: frozenset[str], address: str | None, commune_code: str | None, city: str | None = None
) -> frozenset[str]:
    """Return shorter keys, which a place has however it is written: they join more than one place.

    "1 rue Émile Zola" and "1 r. E. Zola" have that of "1 rue Zola"; "lieu-dit Les Granges" that of
    "Les Granges". keys: those of the address. city: whose name alone is no place.
    """
    if not commune_code:
        return frozenset()
    text = _clean(address or "")
    places = spelled_keys(keys, address, commune_code)
    town = frozenset((street_key(city or "") or "").split())
    shorter = {shortened(place, town) for place in places}
    if (not keys or _HAMLET.search(text)) and (named := _named_place(text, city)):
        shorter.add(named)
    commune = whole_commune(commune_code)
    return frozenset(f"{commune}|{place}" for place in shorter)


# Of one place they are asked for twice in turn.
@remembered(100)
def spelled_keys(
    keys: frozenset[str], address: str | None, commune_code: str | None
) -> frozenset[str]:
    """Return the keys of a place, without its commune, as people write it who mend its slips.

    keys: those of the address, which are among them.
    """
    text = _clean(address or "")
    places = {key.partition("|")[2] for key in keys}
    if (spelled := spelled_out(text)) != text:
        found_keys = address_keys(None, spelled, commune_code)
        places |= {key.partition("|")[2] for key in found_keys}
    places |= _bare(spelled)
    if not any(place[0].isdigit() for place in places):
        # The number of "Foyer 1 rue X" is read as the building's, and as the way's here.
        found = (address_key(way, commune_code) for way in (text, *numbered_ways(text)))
        places |= {key.partition("|")[2] for key in found if key}
    places |= {_OF_PLACES.sub("", _YEAR.sub(r"\1", each)) for each in places}
    return frozenset((*places, *filter(None, (before_building(each, text) for each in places))))


@remembered(20_000)
def several_keys(address: str, commune_code: str) -> frozenset[str]:
    """Return the keys of all places of an address that names more than one, without the commune.

    "6 rue X et 4 rue Y" -> "6 RUE X", "4 RUE Y"; of one place, or none, nothing.
    """
    parts = parted_ways(spelled_out(_clean(address)))[:_MOST_PLACES]
    if len(parts) < 2:
        return frozenset()
    found: set[str] = set()
    for part in (_JOINING.sub("", each) for each in parts):
        found |= spelled_keys(address_keys(None, part, commune_code), part, commune_code)
    return frozenset(each for each in found if each[0].isdigit())


def numbered_keys_in(text: str) -> set[str]:
    """Return every number and way that a free text names, as address_key writes them.

    Where a name ends, no text says: each way gives a key for its first word, its first two and so
    on, of which one is that of the place. They are without a commune.
    """
    keys: set[str] = set()
    if not _DIGIT.search(text):
        return keys
    text = spelled_out(_clean(text))
    keys |= {f"{each} GRANDE RUE" for each in _MAIN_STREET.findall(text)}
    for named in islice(numbered_ways(text), _MOST_WAYS):
        number, way, *words = named.split()
        for end in range(1, min(len(words), _MOST_WORDS) + 1):
            if key := address_key(" ".join((number, way, *words[:end])), ANYWHERE):
                keys.add(key.partition("|")[2])
    return keys


def shortened(place: str, town: frozenset[str] = frozenset()) -> str:
    """Return the number, the way and the last word: "1 RUE EMILE ZOLA" -> "1 RUE ZOLA".

    town: words of the commune, which may stand behind.
    """
    words = place.split()
    if words[:2] == ["LIEU", "DIT"] or words[:1] == ["HAMEAU"]:
        return place.removeprefix("LIEU DIT ").removeprefix("HAMEAU ")
    if not words or not words[0].isdigit():
        return place
    written = len(words)
    while len(words) > 3 and (words[-1] in _BEHIND_NAMES or words[-1] in town):
        words.pop()
    # "10 rue X à Bobigny".
    if 3 < len(words) < written and words[-1] == "A":
        words.pop()
    return " ".join((*words[:2], words[-1])) if len(words) > 3 else " ".join(words)


def _bare(text: str) -> set[str]:
    """Return the places whose way has no name but its word: "10 Grande Rue", "2 Le Clos"."""
    parts = _MAIL_LINES.split(_NUMBER_APART.sub(r"\1 ", text).replace(",", "\n"))
    # Hardly any ends with the word of a way.
    ending = (each for each in parts if _last_word(each) in _ENDS)
    keys = (street_key(each) or "" for each in ending)
    found = filter(None, map(_NUMBERED_KEY.fullmatch, keys))
    return {f"{each[1]} {each[2]}" for each in found if each[2] in WAYS}


def _last_word(text: str) -> str:
    return next(reversed(_WORDS.findall(capitals(text))), "")


def _named_place(text: str, city: str | None) -> str | None:
    """Return the name of a place that has no number, without the word that says what it is."""
    text = _split_city(text)[0] if _FIVE_DIGITS.search(text) else text
    if site := site_key(text):
        return shortened(site)
    text = re.split(r"[\n,;(]| [-–—] ", text)[0]
    if any(char.isdigit() for char in text) or find_street(text, ways_only=True):
        return None
    name = street_key(find_street(text) or "")
    known = street_key(city or "")
    return name if name and len(name) > 3 and name != known and name not in NO_PLACES else None


def _clean(text: str) -> str:
    if NEAT.fullmatch(text):
        return text
    # U+0092: the apostrophe of a cp1252 list that was read as latin-1.
    text = (
        unicodedata.normalize("NFC", text)
        .translate(UNSEEN)
        .replace("_x000D_", "\n")
        .replace("\x92", "’")
    )
    text = _ENDS_OF_LINES.sub("\n", text)
    if not text.replace("\n", " ").isprintable():
        text = "".join(
            " " if char != "\n" and (char.isspace() or not char.isprintable()) else char
            for char in text
        )
    text = _BLANKS.sub(" ", text)
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
