"""Places in web addresses, whose words stand in any order, parted by any sign or by none."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, islice, product
from urllib.parse import unquote, unquote_plus, urlsplit

from geo.address import numbered_keys_in
from geo.street import NAME_WORDS
from geo.text import capitals, fold
from geo.ways import PLACE_WAYS, SITES, SMALL_WORDS, STREET_WAYS

# Between the words of a web address.
_PARTED = re.compile(r"[-_/+?&=#.,:]+")
_SHORT = frozenset(("AV", "AVE", "BD", "BLD", "BVD", "IMP", "PL", "RTE", "GRAND RUE"))
_FORMS = {
    form.replace("-", " ").replace(" ", joint): way
    for form, way in (STREET_WAYS | PLACE_WAYS).items()
    for joint in (" ", "")
}
# Any word may begin as a shorter form does.
_WAYS = {
    form: way
    for form, way in _FORMS.items()
    if form in _SHORT or form.replace(" ", "") in (re.sub("[ -]", "", way), "GRANDRUE")
}
_LONGEST_FORM = max(map(len, _FORMS))
_WAY = "|".join(sorted(_WAYS, key=len, reverse=True))
_FORM = re.compile("|".join(sorted(_FORMS, key=len, reverse=True)))
_NUMBER = re.compile(r"(?<!\d)(\d{1,4})(?!\d)")
_SUFFIX = re.compile("BIS|TER|QUATER")
_SHORT_WORD = re.compile(rf" (?:(?:BIS|TER|QUATER|[A-D]) )?({'|'.join({*_FORMS} - {*_WAYS})}) ")
# Between a number and its way: "numero-10-de-la-rue-x", "?num=10&voie=rue+x".
_BETWEEN = re.compile("[A-Z]+ ")
_MOST_BETWEEN = 3
_BEGINNING = re.compile(rf"\b(?={_WAY})")
_LAST_NUMBER = re.compile(r"(?<!\d)(\d{1,4})(?:BIS|TER|QUATER)?\b")
# Of "rue-du-8-mai-1945-10".
_MOST_NUMBERS = 4
# Of what follows the word of a way, and of a key that is run together.
_LONGEST_NAME, _LONGEST_KEY = 80, 40
# Of a street: "10 B", "10 quater", "10-12", "10 et 12".
_NUMBERS_BEFORE = re.compile(r"^\d+ (?:(?:bis|ter|quater|quinquies|[a-h]|et|\d+) )*")
# What the first word of a place with a name of its own is.
_NAMED = frozenset((*STREET_WAYS, *PLACE_WAYS, *SITES))
# "Saint" -> "St".
_SHORTER = {
    full: tuple(short for short, word in NAME_WORDS.items() if word == full != short)
    for full in NAME_WORDS.values()
}
# Three of its words have a short form at most.
_MOST_WRITTEN = 64
# No page has more in its address; a hostile one gives thousands of keys.
_MOST_WAYS = 10
# Of names, which have them in web addresses and not in keys: "deletoile" may be "de l'Étoile".
_SMALL = ("DELA", "DEL", "DES", "DU", "DE", "D", "LA", "LES", "LE", "L")
# What Latin-1 is where UTF-8 is read: "%C9" for "É".
_ILLEGIBLE = "\ufffd"
_PUNYCODE = re.compile(r"\bxn--([a-z0-9-]{1,59})", re.IGNORECASE)
# Whose pages are places, and whose short addresses lead nobody knows where before they are asked.
_MAPS = (
    *("goo.gl", "g.co", "g.page", "waze.com", "plus.codes", "what3words.com", "w3w.co"),
    *("maps.apple.com", "maps.apple", "openstreetmap.org", "openstreetmap.fr", "osm.org"),
    *("mappy.com", "here.com", "viamichelin.fr", "citymapper.com", "binged.it", "omaps.app"),
    *("share.google", "earth.google.com", "macarte.ign.fr", "framacarte.org", "osmfr.org"),
    *("osm.li", "ge0.me", "geoportail.gouv.fr", "cartes.gouv.fr", "umap.incubateur.anct.gouv.fr"),
    *("adresse.data.gouv.fr", "openstreetmap.de", "viamichelin.com", "mapcarta.com"),
    *("maps.arcgis.com", "arcg.is", "her.is", "waze.to", "lstu.fr", "v.gd", "tiny.one"),
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
    link = _PUNYCODE.sub(_decoded, link)
    said = unquote_plus(unquote(link))
    if _ILLEGIBLE in said:
        said = unquote_plus(unquote(link, "cp1252"), "cp1252")
    return _PARTED.sub(" ", said)


def linked_keys(link: str) -> set[str]:
    """Return what numbered_keys_in finds in a web address, its number anywhere near the way."""
    said = said_in(link)
    plain = _plain(said)
    ways = (*_in_front(plain), *_behind(plain))
    lines = (f"{number} {_FORMS[form]} {name.strip()}" for number, form, name in ways)
    return numbered_keys_in("\n".join((said, *lines)))


def joined_keys(link: str) -> set[str]:
    """Return the keys, without their blanks, of what is run together: "/10ruecachee".

    Where a name ends nothing says: each beginning of it gives one, each word where they are parted.
    """
    plain, found = _plain(said_in(link)), set()
    for number, form, name in _in_front(plain):
        run = re.match("[A-Z0-9]*", name)
        inside = run[0] if run else ""
        ends = {inside[:end] for end in range(len(inside))}
        found |= _keys(number, form, ends | _words(name))
    for number, form, name in _behind(plain):
        found |= _keys(number, form, _words(name))
    return found


def joined(key: str) -> str:
    """Return a key of a numbered way as joined_keys writes it."""
    return re.sub("[ -]", "", key)[:_LONGEST_KEY]


def joined_as_written(places: Iterable[str], street: str) -> set[str]:
    """Return keys of a place as web addresses run it together, with its small words, or short ones.

    "10 PLACE HOTEL VILLE", "10 place de l'Hôtel de Ville" -> "10PLACEHOTELDEVILLE".
    """
    words, found = _plain(street).split(), set()
    named = {tuple(place.split()[1:]) for place in places if place[0].isdigit()}
    for way, *name in named:
        written = _as_written(name, words)
        shorter = [(word, *_SHORTER.get(word, ())) for word in written]
        if written != name or any(len(each) > 1 for each in shorter):
            of_these = [place for place in places if place.split()[1:] == [way, *name]]
            for some in islice(product(*shorter), _MOST_WRITTEN):
                found |= {joined("".join((each.split()[0], way, *some))) for each in of_these}
    return found


def _as_written(name: list[str], words: list[str]) -> list[str]:
    """Return a name of a key with the small words that an address has between its words."""
    for begin in range(len(words)):
        end, left = begin, list(name)
        while left and end < len(words):
            if NAME_WORDS.get(words[end], words[end]) == left[0]:
                left.pop(0)
            elif end == begin or words[end] not in SMALL_WORDS:
                break
            end += 1
        if not left:
            return [NAME_WORDS.get(each, each) for each in words[begin:end]]
    return name


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


def _decoded(found: re.Match[str]) -> str:
    try:
        return found[1].encode("ascii").decode("punycode")
    except UnicodeError:
        return found[0]


def _in_front(plain: str) -> list[tuple[str, str, str]]:
    """Return numbers with the ways behind them: number, word of the way, what follows."""
    found: list[tuple[str, str, str]] = []
    for number in _NUMBER.finditer(plain):
        at = number.end()
        # "10rcachee": where nothing parts them, any form of a way may follow.
        near = list(_forms_at(plain, at, _FORMS))
        if suffix := _SUFFIX.match(plain, at):
            near += _forms_at(plain, suffix.end(), _FORMS)
        # "/93/10-bis-r-cachee": so it may where it is a word.
        if short := _SHORT_WORD.match(plain, at):
            near.append((short[1], plain[short.end() : short.end() + _LONGEST_NAME]))
        at += plain[at : at + 1] == " "
        near += _forms_at(plain, at, _WAYS)
        for _ in range(_MOST_BETWEEN):
            if not (word := _BETWEEN.match(plain, at)):
                break
            at = word.end()
            near += _forms_at(plain, at, _WAYS)
        found += [(number[1], *each) for each in near]
        if len(found) > _MOST_WAYS:
            break
    return found


def _behind(plain: str) -> list[tuple[str, str, str]]:
    """Return ways with the numbers behind them: number, word of the way, what stands between."""
    found: list[tuple[str, str, str]] = []
    for beginning in _BEGINNING.finditer(plain):
        for form, name in _forms_at(plain, beginning.start(), _WAYS):
            numbers = islice(_LAST_NUMBER.finditer(name), _MOST_NUMBERS)
            between = ((each[1], form, name[: each.start()]) for each in numbers)
            found += [each for each in between if _may_be_name(form, each[2])]
        if len(found) > _MOST_WAYS:
            break
    return found


def _forms_at(plain: str, at: int, forms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what may be the word of a way, with what follows; no short form of a whole word."""
    if not _FORM.match(plain, at):
        return
    is_whole = False
    for end in range(at + _LONGEST_FORM, at, -1):
        form = plain[at:end]
        if len(form) < end - at or form not in forms:
            continue
        if form.replace(" ", "") == re.sub("[ -]", "", forms[form]):
            is_whole = True
        elif is_whole:
            continue
        yield form, plain[end : end + _LONGEST_NAME]


def _may_be_name(form: str, name: str) -> bool:
    # The main street has none.
    return _FORMS[form] == "GRANDE RUE" or re.search("[A-Z]", name) is not None


def _keys(number: str, form: str, names: Iterable[str]) -> set[str]:
    """Return the keys of a way by names that it may have, with and without small words before."""
    start = joined(f"{int(number)}{_FORMS[form]}")
    found = {*names}
    found |= {each.removeprefix(small) for each in found for small in _SMALL}
    return {f"{start}{each}"[:_LONGEST_KEY] for each in found if _may_be_name(form, each)}


def _words(name: str) -> set[str]:
    """Return the first word of a name, the first two and so on; no small word ends one."""
    words = name.split()
    ends = zip(words, accumulate(words), strict=True)
    return {"", *(so_far for word, so_far in ends if word not in SMALL_WORDS)}
