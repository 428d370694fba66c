"""Marks: what an actor is found by again, and their keyed digests, of which nothing can be read.

Those of accommodations are digested apart: a copy of the database does not show who shares one.
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from urllib.parse import unquote, unquote_plus, urlsplit

from app.vault.digests import digest
from geo.address import (
    ANYWHERE,
    address_keys,
    numbered_keys_in,
    place_keys,
    several_keys,
    shortened,
    spelled_keys,
)
from geo.arrondissements import whole_commune
from geo.linked import joined, joined_as_written, joined_keys, linked_keys, with_scheme
from geo.named import named_place
from geo.postal import area_of
from geo.street import numbered_ways
from geo.text import remembered
from importers.contacts import read_emails
from importers.identity import name_key, named_key, proper_key, seat_keys
from importers.phones import SHORTEST
from importers.row import ActorFields
from importers.strays import find_strays, may_call

# What is compared: (kind, value).
Mark = tuple[str, str]
# By these, an actor leads to another one.
SHARED_KINDS = frozenset(
    {"address", "place", "begun", "quoted", "phone", "mail", "siret", "linked", "cell"}
)
# By these, a line is found to be an actor, or likely to be one.
MATCHING_KINDS = frozenset(
    {
        *("finess", "siret", "rna", "seat", "identity", "named", "proper"),
        *("address", "phone", "mail", "site"),
    }
)
_PLACES = frozenset({"address", "place", "spelled"})
_OF_HOMES = "home "
# A web address without the sign that ends its sentence, or a domain alone; and what stands for "@"
# in "accueil [at] exemple.fr".
LINK = re.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[\w-]{1,63}+\.){1,6}[a-z]{2,10}(?![\w@-])"
    r"(?:/(?:[^\s;,<>()\"«»]*[^\s;,<>()\"«».!?:…'’“”*\]])?)?",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\s{0,2}[\[({]\s?(?:at|arobase)\s?[\])}]\s{0,2}|\s{1,2}arobase\s{1,2}|\s-?at-?\s(?=[\w-]+\W)",
    re.IGNORECASE,
)
_DOT = re.compile(
    r"(@[\w-]{1,63})(?:\s{0,2}[\[({]\s?(?:dot|point)\s?[\])}]\s{0,2}|\s(?:dot|point)\s)(?=[a-z]{2,10}\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_NUMBERS = re.compile(r"\d+")
# Folders of a web address that are compared.
_DEEPEST = 4
# Degrees of latitude in some 33 m: two points within 30 m lie in cells that touch.
_CELL = 0.0003


def marks(actor: ActorFields) -> set[Mark]:
    """Return every mark of an actor, or of a line of a list."""
    found = {("identity", name_key(actor)), *name_marks(actor)}
    found |= {("seat", seat) for seat in seat_keys(actor)}
    numbers = {"finess": actor.finess, "siret": actor.siret, "rna": actor.rna}
    found |= {(kind, number) for kind, number in numbers.items() if number}
    found |= _place_marks(actor.street, actor.address, actor.commune, actor.city)
    # A short number (119, 3919) is everybody's.
    found |= {("phone", phone) for phone in actor.phones if phone.startswith("+")}
    found |= {mail_mark(mail) for mail in actor.emails}
    if actor.website:
        found.add(site_mark(actor.website))
        found |= linked_marks(actor.website)
    if actor.lon is not None and actor.lat is not None and actor.precision == "address":
        found.add(("cell", _cell(actor.lon, actor.lat)))
    return found


# A plan asks for them again and again: as stored, as a line writes it, as it is saved.
@remembered(20_000)
def _place_marks(
    street: str | None, address: str | None, commune: str | None, city: str | None
) -> frozenset[Mark]:
    """Return the marks of where an actor is."""
    addresses, written = address_keys(street, address, commune), address or street
    spelled = tuple(_spelled(addresses, written, commune))
    return frozenset(
        (
            *(("address", each) for each in addresses),
            *(("place", each) for each in place_keys(addresses, written, commune, city)),
            *(("spelled", each) for each in spelled),
            *(("begun", each) for key in (*addresses, *spelled) for each in _beginnings(key)),
        )
    )


def anywhere_marks(actor: ActorFields) -> frozenset[Mark]:
    """Return the marks of where an actor is, in whichever commune that may be."""
    return _place_marks(actor.street, actor.address, ANYWHERE, actor.city)


def _beginnings(key: str) -> Iterator[str]:
    """Yield the numbers and ways that a longer key begins with: "3 AVENUE FOCH" of "… LES LILAS".

    Behind the name of a way lists write what they like, and nothing says where it ends.
    """
    commune, _, place = key.partition("|")
    words = place.split()
    if words[0].isdigit():
        yield from (f"{commune}|{' '.join(words[:count])}" for count in range(3, len(words)))


def _spelled(addresses: frozenset[str], written: str | None, commune: str | None) -> Iterator[str]:
    """Yield the numbers and ways of an address that its keys have not: "10 Grande Rue"."""
    if not commune:
        return
    # The keys are among them.
    places = spelled_keys(addresses, written, commune)
    for place in (*places, *joined_as_written(places, written or "")):
        if place[0].isdigit() and (key := f"{whole_commune(commune)}|{place}") not in addresses:
            yield key


def name_marks(actor: ActorFields) -> set[Mark]:
    """Return the marks of the name of an actor in its commune."""
    proper = proper_key(actor)
    return {("named", named_key(actor)), *([("proper", proper)] if proper else [])}


def mail_mark(mail: str) -> Mark:
    """Return the mark of a mailbox, however it is written."""
    return ("mail", mail.lower())


def mailed(text: str) -> str:
    """Return a text with the signs of its mailboxes: "accueil [at] exemple point fr"."""
    return _DOT.sub(r"\1.", _AT.sub("@", text))


def site_mark(website: str) -> Mark:
    """Return the mark of a web site, with or without "www." and a stroke at its end."""
    host = urlsplit(website)
    name = (host.hostname or "").removeprefix("www.")
    return ("site", f"{name}{host.path.rstrip('/').lower()}")


def linked_marks(website: str) -> set[Mark]:
    """Return the marks by which a web address leads to a home's: itself, and the pages above it."""
    parts = site_mark(website)[1].split("/")[: _DEEPEST + 1]
    return {("linked", "/".join(parts[:count])) for count in range(1, len(parts) + 1)}


def quoted(actor: ActorFields) -> set[Mark]:
    """Return what an actor's own texts name, and another may own: phones, mailboxes, addresses."""
    found: set[Mark] = set()
    for text in texts(actor):
        found |= quoted_in(text, actor)
    if actor.website:
        found |= reached_in(actor.website, actor)
    return found | _second_ways(actor) | written_in(actor)


def written_in(actor: ActorFields) -> set[Mark]:
    """Return the numbers and mailboxes of a name and an address: "10 rue X, tél. 01 99 …".

    Those of a home are its own. What its other words name may be a police station's.
    """
    found: set[Mark] = set()
    for text in (actor.name, actor.address):
        if text and ("@" in text or may_call(text, actor.territory)):
            found |= _reached(text, actor)
    return found


def beside_its_columns(home: ActorFields) -> set[Mark]:
    """Return what is a home's own beside what marks() gives: what its name and address hold.

    "6 rue X et 4 rue Y" are two houses.
    """
    found, commune = written_in(home), whole_commune(home.commune or "")
    if home.commune and len(_NUMBERS.findall(home.address or "")) > 1:
        for key in several_keys(home.address or "", home.commune):
            found |= {("place", f"{commune}|{shortened(key)}"), ("spelled", f"{commune}|{key}")}
    return found


def _second_ways(actor: ActorFields) -> set[Mark]:
    """Return the places of an address that names two: "3 rue X (près du 7 rue Y)"."""
    written = actor.address or ""
    # Two numbers at least: to look for ways takes long.
    numbers = _NUMBERS.findall(written)
    if not actor.commune or len(numbers) < 2 or len(list(islice(numbered_ways(written), 2))) < 2:
        return set()
    commune = whole_commune(actor.commune)
    return {("place", f"{commune}|{shortened(key)}") for key in numbered_keys_in(written)}


def texts(actor: ActorFields) -> Iterator[str]:
    """Yield what a list says of an actor in its own words, and becomes public as it is."""
    # Hours in the syntax of OSM may hold a remark.
    hours = (each for each in (actor.opening_hours, actor.duty_hours) if each and '"' in each)
    said = (actor.access_text, actor.referral_public, actor.referrers_public)
    for text in (actor.name, actor.acronym, actor.description, actor.hours_text, *hours, *said):
        if text:
            yield text


def quoted_in(text: str, actor: ActorFields) -> set[Mark]:
    """Return what one text of an actor names, and another may own.

    An address is that of any commune of its département: a text rarely says which.
    """
    text = mailed(text)
    links = LINK.findall(text)
    found = {mark for link in links for mark in linked_in(link) | reached_in(link, actor)}
    if "@" not in text and not _DIGIT.search(text):
        return found
    return found | _reached(text, actor) | _places(numbered_keys_in(text), actor)


def _places(keys: Iterable[str], actor: ActorFields) -> set[Mark]:
    area = area_of(actor.commune or actor.territory)
    found = {("quoted", f"{area}|{key}") for key in keys}
    if actor.commune:
        commune = whole_commune(actor.commune)
        found |= {("place", f"{commune}|{shortened(key)}") for key in keys}
    return found


def reached_in(link: str, actor: ActorFields) -> set[Mark]:
    """Return what a web address holds: "?tel=0199000010", "%2B33…", "/maps/place/10+Rue+Zola"."""
    found = _reached(unquote(link), actor) | _reached(unquote_plus(link), actor)
    if not _DIGIT.search(link):
        return found
    area = area_of(actor.commune or actor.territory)
    found |= {("quoted", f"{area}|{key}") for key in joined_keys(link)}
    return found | _places(linked_keys(link), actor)


def _reached(text: str, actor: ActorFields) -> set[Mark]:
    found: set[Mark] = set()
    if len(_DIGIT.findall(text)) >= SHORTEST:
        found = {("phone", phone) for phone in find_strays(text, actor.territory)}
    return found | {mail_mark(mail) for mail in read_emails(text)}


def linked_in(link: str) -> set[Mark]:
    """Return the marks of a link of a text, as LINK finds it."""
    return linked_marks(with_scheme(link))


def around(found: Iterable[Mark]) -> set[Mark]:
    """Return the marks of a home as others may bear them: cells that touch its own, quotes, and
    addresses that begin with its own, or that its own begins with.
    """
    result: set[Mark] = set()
    for kind, value in found:
        if kind == "cell":
            row, column = map(int, value.split("/"))
            result |= {
                ("cell", f"{row + up}/{column + right}")
                for up in (-1, 0, 1)
                for right in (-1, 0, 1)
            }
        elif kind == "begun":
            # The name of its way may end there, as somebody else writes it.
            commune, _, place = value.partition("|")
            result.add(("place", f"{commune}|{shortened(place)}"))
        elif kind not in ("linked", "spelled"):
            # Of a page on the site of others, the pages above are not its own.
            result.add((kind, value))
        if kind == "site":
            result.add(("linked", value))
        if kind in ("address", "spelled"):
            commune, _, place = value.partition("|")
            area = area_of(commune)
            result.add(("begun", value))
            result |= {("quoted", f"{area}|{key}") for key in (place, joined(place))}
    return result


def said_marks(own: Iterable[Mark]) -> set[Mark]:
    """Return the marks by which a text says where somebody is, in whichever commune."""
    places = {value.partition("|")[2] for kind, value in own if kind in _PLACES}
    numbered = {place for place in places if place[:1].isdigit()}
    named = (place for each in places if (place := named_place(each)))
    forms = (numbered, map(shortened, numbered), map(joined, numbered), named)
    return {("said", place) for form in forms for place in form}


def stored_mark(mark: Mark, key: bytes, *, home: bool) -> tuple[str, bytes]:
    """Return a mark as the database holds it; home: that of an accommodation."""
    kind = f"{_OF_HOMES}{mark[0]}" if home else mark[0]
    return kind, digest(key, kind, mark[1])


def matching_marks(
    actor: ActorFields, key: bytes, kinds: Collection[str] = MATCHING_KINDS
) -> dict[str, frozenset[bytes]]:
    """Return kind -> digests by which an actor is found."""
    return digests_by_kind((mark for mark in marks(actor) if mark[0] in kinds), key)


def digests_by_kind(wanted: Iterable[Mark], key: bytes) -> dict[str, frozenset[bytes]]:
    """Return kind -> digests of some marks, as a home bears them and as others do."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for mark in wanted:
        found[mark[0]] |= {stored_mark(mark, key, home=home)[1] for home in (False, True)}
    return {kind: frozenset(digests) for kind, digests in found.items()}


def kind_of(stored: str) -> str:
    """Return the kind of a stored mark, whoever bears it."""
    return stored.removeprefix(_OF_HOMES)


def _cell(lon: float, lat: float) -> str:
    row = round(lat / _CELL)
    # As wide as high, by the parallel of its row.
    width = _CELL / max(0.1, math.cos(math.radians(row * _CELL)))
    return f"{row}/{round(lon / width)}"
