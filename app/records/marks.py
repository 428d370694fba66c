"""Marks: what an actor is found by again, and their keyed digests, of which nothing can be read.

Those of accommodations are digested apart: a copy of the database does not show who shares one.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from app.vault.digests import digest
from geo.address import address_keys, address_keys_in
from importers.contacts import read_emails
from importers.identity import name_key, named_key, proper_key, seat_keys
from importers.phones import find_phones
from importers.row import ActorFields

# What is compared: (kind, value).
Mark = tuple[str, str]
# By these, an actor leads to another one.
SHARED_KINDS = frozenset({"address", "phone", "mail", "siret", "site", "cell"})
# By these, a line is found to be an actor, or likely to be one.
MATCHING_KINDS = frozenset(
    {"finess", "siret", "rna", "seat", "identity", "named", "proper", "address", "phone", "mail"}
)
_OF_HOMES = "home "
# Degrees of latitude in some 33 m: two points within 30 m lie in cells that touch.
_CELL = 0.0003


def marks(actor: ActorFields) -> set[Mark]:
    """Return every mark of an actor, or of a line of a list."""
    found: set[Mark] = {("identity", name_key(actor)), ("named", named_key(actor))}
    if proper := proper_key(actor):
        found.add(("proper", proper))
    found |= {("seat", seat) for seat in seat_keys(actor)}
    numbers = {"finess": actor.finess, "siret": actor.siret, "rna": actor.rna}
    found |= {(kind, number) for kind, number in numbers.items() if number}
    addresses = address_keys(actor.street, actor.address, actor.commune)
    found |= {("address", address) for address in addresses}
    # A short number (119, 3919) is everybody's.
    found |= {("phone", phone) for phone in actor.phones if phone.startswith("+")}
    found |= {mail_mark(mail) for mail in actor.emails}
    if actor.website:
        found.add(site_mark(actor.website))
    if actor.lon is not None and actor.lat is not None and actor.precision == "address":
        found.add(("cell", _cell(actor.lon, actor.lat)))
    return found


def mail_mark(mail: str) -> Mark:
    """Return the mark of a mailbox, however it is written."""
    return ("mail", mail.lower())


def site_mark(website: str) -> Mark:
    """Return the mark of a web site, with or without "www." and a stroke at its end."""
    host = urlsplit(website)
    name = (host.hostname or "").removeprefix("www.")
    return ("site", f"{name}{host.path.rstrip('/').lower()}")


def quoted(actor: ActorFields) -> set[Mark]:
    """Return what an actor's own text names, and another may own: phones, mailboxes, addresses."""
    text = actor.description
    if not text:
        return set()
    phones, _ = find_phones(text, actor.territory)
    return (
        {("phone", phone) for phone in phones if phone.startswith("+")}
        | {mail_mark(mail) for mail in read_emails(text)}
        | {("address", key) for key in address_keys_in(text, actor.commune)}
    )


def around(found: Iterable[Mark]) -> set[Mark]:
    """Return the marks of a home as neighbours may bear them: its cell, and those that touch."""
    result: set[Mark] = set()
    for kind, value in found:
        if kind == "cell":
            row, column = map(int, value.split("/"))
            result |= {
                ("cell", f"{row + up}/{column + right}")
                for up in (-1, 0, 1)
                for right in (-1, 0, 1)
            }
        else:
            result.add((kind, value))
    return result


def stored_mark(mark: Mark, key: bytes, *, home: bool) -> tuple[str, bytes]:
    """Return a mark as the database holds it; home: that of an accommodation."""
    kind = f"{_OF_HOMES}{mark[0]}" if home else mark[0]
    return kind, digest(key, kind, mark[1])


def matching_marks(actor: ActorFields, key: bytes) -> dict[str, frozenset[bytes]]:
    """Return kind -> digests by which an actor is found, as a home bears them and as others do."""
    found: dict[str, set[bytes]] = defaultdict(set)
    for mark in marks(actor):
        if mark[0] in MATCHING_KINDS:
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
