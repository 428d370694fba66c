"""Places in web addresses, whose words stand in any order, parted by any sign or by none."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote, unquote_plus, urlsplit

from geo.address import numbered_keys_in
from geo.text import capitals, fold
from geo.ways import PLACE_WAYS, SITES, STREET_WAYS

# Between the words of a web address.
_PARTED = re.compile(r"[-_/+?&=#.,:]+")
_SHORT = frozenset(("AV", "AVE", "BD", "BLD", "BVD", "IMP", "PL", "GRAND RUE"))
_WAYS = {
    form.replace(" ", joint): way
    for form, way in (STREET_WAYS | PLACE_WAYS).items()
    if form == way or form in _SHORT
    for joint in (" ", "")
}
_WAY = "|".join(sorted(_WAYS, key=len, reverse=True))
# "10-ruecachee" is "10ruecachee"; each way is looked at: "place" is one in "/place/rue-cachee-10".
_IN_FRONT = re.compile(rf"(?<!\d)(\d{{1,4}}) ?(?:(?:BIS|TER) ?)?(?=({_WAY}) ?([A-Z ]{{0,60}}))")
_BEHIND = re.compile(rf"\b(?=({_WAY}) ?([A-Z ]{{0,60}}?) ?(\d{{1,4}})\b)")
# Of a street: "10 B", "10 quater", "10-12", "10 et 12".
_NUMBERS_BEFORE = re.compile(r"^\d+ (?:(?:bis|ter|quater|quinquies|[a-h]|et|\d+) )*")
# What the first word of a place with a name of its own is.
_NAMED = frozenset((*STREET_WAYS, *PLACE_WAYS, *SITES))
# No page has more in its address; a hostile one gives thousands of keys.
_MOST_WAYS = 10
# Keys have none of them in front of a name, and what is run together tells not where they end.
_SMALL = ("DE", "DU", "DES", "D", "LA", "LE", "LES", "L")
# Whose pages are places, and whose short addresses lead nobody knows where before they are asked.
_MAPS = (
    *("goo.gl", "g.co", "g.page", "waze.com", "plus.codes", "what3words.com", "w3w.co"),
    *("maps.apple.com", "maps.apple", "openstreetmap.org", "openstreetmap.fr", "osm.org"),
    *("mappy.com", "here.com", "viamichelin.fr", "citymapper.com", "binged.it", "omaps.app"),
    *("share.google", "earth.google.com", "macarte.ign.fr", "framacarte.org", "osmfr.org"),
    *("osm.li", "ge0.me"),
    *("bit.ly", "tinyurl.com", "cutt.ly", "urlr.me", "t.co", "is.gd", "ow.ly", "urlz.fr"),
    *("vu.fr", "lc.cx", "frama.link", "huit.re", "rb.gy", "lnkd.in", "t.ly", "tiny.cc"),
    *("shorturl.at", "buff.ly", "rebrand.ly", "qrco.de", "fb.me"),
)
_MAP_PAGES = re.compile(
    r"(?:www\.)?(?:maps\.google\.|(?:search\.)?google\.[a-z.]{2,6}/(?:maps|local|url)"
    r"|(?:bing|qwant|yandex)\.[a-z.]{2,6}/maps)"
)
# Of a point: degrees as a map writes them, degrees with minutes, a plus code, three words.
_DEGREES = re.compile(r"\d[.,](?!(?:19|20)\d\d(?!\d))\d{4}|\d\s?°\s?\d{1,2}\s?['’′]")
_CODE = re.compile(
    r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)"
    r"|/{3}[^\W\d_]+(?:\.[^\W\d_]+){2}"
)


def said_in(link: str) -> str:
    """Return the words of a web address: "/maps/10+Rue+Zola" -> " maps 10 Rue Zola"."""
    return _PARTED.sub(" ", unquote_plus(unquote(link)))


def linked_keys(link: str) -> set[str]:
    """Return what numbered_keys_in finds in a web address, its number behind the way as well."""
    said = said_in(link)
    behind = (f"{number} {way} {name}" for way, name, number in _first(_BEHIND, _plain(said)))
    return numbered_keys_in("\n".join((said, *behind)))


def joined_keys(link: str) -> set[str]:
    """Return the keys, without their blanks, of what is run together: "/10ruecachee".

    Where a name ends nothing says: each beginning of it gives one.
    """
    plain, found = _plain(said_in(link)), set()
    for number, form, behind in _first(_IN_FRONT, plain):
        start = f"{int(number)}{joined(_WAYS[form])}"
        for name in _names(behind):
            found |= {start + name[:end] for end in range(_least(form), len(name) + 1)}
    for form, between, number in _first(_BEHIND, plain):
        start = f"{int(number)}{joined(_WAYS[form])}"
        found |= {start + name for name in _names(between) if len(name) >= _least(form)}
    return found


def joined(key: str) -> str:
    """Return a key of a numbered way as joined_keys writes it."""
    return re.sub("[ -]", "", key)


def says_way(link: str, street: str) -> bool:
    """Return whether a web address has the words of a street in it, whatever parts them.

    Its number put aside; one without the word of a way, as "Le Bourg", only word by word.
    """
    words, said = fold(street), fold(said_in(link))
    named = _NUMBERS_BEFORE.sub("", words).split()
    if not named:
        return False
    way = " ".join(named[:2]).upper()
    if way not in _NAMED and (len(named) < 2 or named[0].upper() not in _NAMED):
        return f" {words} " in f" {said} "
    if way == "GRANDE RUE":
        named[0] = "grande?"
    # "Rue Pic" is not in "/rue-picasso"; where its name ends in "/ruepicasso", nothing says.
    first, rest = named[0], " ?".join(named[1:])
    return re.search(rf"{first}(?:{rest}| {rest}(?![a-z]))", said) is not None


def with_scheme(link: str) -> str:
    """Return a web address from "https://" on, which a text may leave out before it."""
    return link if re.match("https?://", link, re.IGNORECASE) else f"https://{link}"


def is_of_a_map(link: str) -> bool:
    """Return whether a web address is a page of a known map, or a known short one, of anything."""
    parts = urlsplit(with_scheme(link))
    host = (parts.hostname or "").lower()
    known = any(host == each or host.endswith(f".{each}") for each in _MAPS)
    return known or _MAP_PAGES.match(f"{host}{parts.path.lower()}") is not None


def has_point(text: str) -> bool:
    """Return whether a text or a web address has a point of a map in it."""
    text = unquote(text)
    return len(_DEGREES.findall(text)) > 1 or _CODE.search(text) is not None


def _plain(said: str) -> str:
    return capitals(fold(said))


def _first(pattern: re.Pattern[str], plain: str) -> Iterator[tuple[str, ...]]:
    return (each.groups() for each in islice(pattern.finditer(plain), _MOST_WAYS))


def _least(form: str) -> int:
    """Return how many letters the name of a way has at least: the main street has none."""
    return 0 if _WAYS[form] == "GRANDE RUE" else 1


def _names(words: str) -> set[str]:
    """Return a name without blanks, with and without the small words before it."""
    names = {words.replace(" ", "")}
    for _ in range(2):
        names |= {each.removeprefix(small) for each in names for small in _SMALL}
    return names
