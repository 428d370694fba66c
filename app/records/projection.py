"""What of a record may be public: the one way from the sealed record to the public one."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from app.models.protected import Level
from app.records.causes import Cause, withheld
from app.records.marks import (
    LINK,
    Mark,
    around,
    linked_in,
    linked_marks,
    mail_mark,
    mailed,
    marks,
    quoted_in,
    reached_in,
)
from app.records.placing import Placed
from app.records.record import ActorRecord
from geo.linked import has_point, is_of_a_map, says_way
from geo.names import slug
from geo.street import before_way, find_street
from geo.territories import Territory
from geo.text import fold
from importers import vocabulary
from importers.identity import says_name, spells
from importers.phones import find_phones

_OPEN = (
    "category",
    "name",
    "acronym",
    "functions",
    "audiences",
    "languages",
    "age_min",
    "age_max",
    "opening_hours",
    "access",
    "access_text",
    "referral_public",
    "referrers_public",
    "covers_national",
    "covers_territories",
    "covers_epcis",
    "verified_on",
)
# Of these, a neutral public record says nothing.
_EMPTY = (
    "audiences",
    "languages",
    "duty_phones",
    "covers_territories",
    "covers_epcis",
    "covers_communes",
    "communes_said",
)
_NULL = (
    *("acronym", "description", "age_min", "age_max", "email", "website", "opening_hours"),
    *("hours_text", "duty_hours", "access", "access_text", "referral_public", "referrers_public"),
    *("verified_on", "address", "commune_code", "point", "precision", "register"),
    "covers_said_on",
)

# A telephone number, or a mailbox.
_REACH = re.compile(r"(?:\+|\b)\d(?:[\s.–-]*\d){8,}|\S*@")

# "Antenne du", once its address is cut off.
_LEADING_THERE = re.compile(r"(?:\s+(?:du|au|de|des|à|le|la|sise?|située?))+$", re.IGNORECASE)
_AROUND = " ,;:/(–—-"


def project(
    record: ActorRecord,
    level: Level | None,
    causes: Iterable[Cause],
    territory: Territory,
    placed: Placed | None,
    register: str | None = None,
    dated_by: str | None = None,
    communes_said: Iterable[str] = (),
    covers_said_on: date | None = None,
) -> dict[str, Any]:
    """Return the columns of the public record: all that is known, or what its level leaves of it.

    level: "held" for an actor without its address, "neutral" for its family alone, "unlisted" for
    what is not published at all. causes: those of its protection. placed: where it may be drawn.
    register: the national one that names it. dated_by: the one that its day is of.
    communes_said, covers_said_on: what a person said that it covers, and when.
    """
    columns = _neutral(record, territory) if level in ("neutral", "unlisted") else _open(record)
    columns |= {"territory_code": territory.code, "status": _status(record, level)}
    # The day of an entry is nobody's who verified it, and leads to the entry of who is held back.
    if dated_by and (level is not None or dated_by != register):
        columns["verified_on"] = None
    if level is None:
        said = list(communes_said)
        day = covers_said_on if said else None
        by = {"register": register, "communes_said": said, "covers_said_on": day}
        return columns | _where(record, placed) | by
    return columns | (_held(record, columns, causes) if level == "held" else {})


def _status(record: ActorRecord, level: Level | None) -> str:
    """Return the status to store: what nobody could classify is never published.

    A host is no answer by itself: searches take what is published alone.
    """
    if record.status != "published":
        return record.status
    if level == "unlisted":
        return "draft"
    return "host" if vocabulary.load().categories[record.category].host else "published"


def _neutral(record: ActorRecord, territory: Territory) -> dict[str, Any]:
    words = vocabulary.load()
    family = words.families[words.categories[record.category].family]
    # With the apostrophe that lists write; cards show that of pages.
    name = f"{family.neutral_name} – {territory.name}".replace("’", "'")
    return {
        **dict.fromkeys(_NULL),
        **{field: [] for field in _EMPTY},
        "protected": True,
        "category": family.code,
        "name": name,
        "slug": slug(name) or "acteur",
        "functions": list(family.neutral_functions),
        "covers_national": False,
        "phones": [phone for phone in record.phones if phone in record.shown],
    }


def _open(record: ActorRecord) -> dict[str, Any]:
    emails = _given(record, record.emails)
    # The driver writes an array from a list, and takes a tuple for a row.
    values = {name: getattr(record, name) for name in _OPEN}
    return {
        **{name: list(v) if isinstance(v, tuple) else v for name, v in values.items()},
        "protected": False,
        "slug": slug(record.name) or "acteur",
        "description": record.description,
        "hours_text": _hours_text(record),
        "website": record.website,
        # What is said of its access is said of the place: a station, a floor, a court. So where no
        # address is given, hidden or unknown, nothing is.
        "access_text": record.access_text if record.address else None,
        **_reached(record, _given(record, record.phones)),
        "email": _mailbox(record, emails),
    }


def _given(record: ActorRecord, values: tuple[str, ...]) -> list[str]:
    """Return those that may be given: what a list withholds, a person alone shows."""
    return [each for each in values if each not in record.unpublished or each in record.shown]


def _reached(record: ActorRecord, phones: list[str]) -> dict[str, Any]:
    """Return the numbers to call; those of the night, with their hours, behind those of the day."""
    duty = [each for each in phones if each in record.duty_phones]
    by_day = [each for each in phones if each not in duty]
    hours = record.duty_hours if duty else None
    return {"phones": [*by_day, *duty], "duty_phones": duty, "duty_hours": hours}


def _mailbox(record: ActorRecord, given: list[str]) -> str | None:
    """Return the one mailbox of a public record: the last that a person showed, else the first."""
    chosen = [each for each in reversed(record.shown) if each in given]
    return next(iter((*chosen, *given)), None)


def _hours_text(record: ActorRecord) -> str | None:
    """Return the words of hours, but for those that give a number or a mailbox as well."""
    text = record.hours_text
    if text is None or record.opening_hours or "@" in text or find_phones(text)[0]:
        return None
    return text


def _where(record: ActorRecord, placed: Placed | None) -> dict[str, Any]:
    return {
        "address": record.address,
        "commune_code": record.commune,
        "covers_communes": list(record.covers_communes),
        "point": placed.ewkt if placed else None,
        "precision": placed.precision if placed else None,
    }


def _held(record: ActorRecord, columns: dict[str, Any], causes: Iterable[Cause]) -> dict[str, Any]:
    """Return what an actor without its address says otherwise than an open one."""
    shared = _shared(causes)
    names = {value for kind, value in shared if kind == "name"}
    emails = [each for each in _given(record, record.emails) if mail_mark(each) not in shared]
    emails = [each for each in emails if not any(spells(each, name) for name in names)]
    is_named = any(spells(record.website or "", name) for name in names)
    website = None if is_named else record.website
    led = linked_marks(website) | reached_in(website, record) if website else set()
    if not led.isdisjoint(shared):
        website = None
    if website and _leads_there(record, website):
        website = None
    texts = (
        *("acronym", "description", "opening_hours", "hours_text", "duty_hours"),
        *("referral_public", "referrers_public"),
    )
    telling = [each for each in texts if columns[each] and _tells(record, columns[each], shared)]
    name = _without_place(record, shared)
    return {
        **dict.fromkeys(("address", "commune_code", "point", "precision")),
        # In a register anybody reads the rest.
        "register": None,
        "access_text": None,
        **dict.fromkeys(telling),
        "name": name,
        "slug": slug(name) or "acteur",
        # A few communes around it would place it.
        "covers_communes": [],
        "communes_said": [],
        "covers_said_on": None,
        **_reached(record, [e for e in columns["phones"] if ("phone", e) not in shared]),
        "email": _mailbox(record, emails),
        "website": website,
    }


def _shared(causes: Iterable[Cause]) -> set[Mark]:
    shared = withheld(causes)
    # So a former release called what is linked.
    return shared | {("linked", value) for kind, value in shared if kind == "site"}


def betrays(record: ActorRecord, text: str, causes: Iterable[Cause]) -> bool:
    """Return whether a text of a held actor says where it is, or what it shares with a home."""
    return _tells(record, text, _shared(causes))


def _without_place(record: ActorRecord, shared: set[Mark]) -> str:
    """Return the name up to an address, a number, a mailbox or a shared site; else its category.

    Its category as well where the name has that of an accommodation in it.
    """
    label = vocabulary.load().categories[record.category].label
    if any(kind == "name" and says_name(record.name, value) for kind, value in shared):
        return label
    name = mailed(before_way(record.name))
    links = (each for each in LINK.finditer(name) if _is_shared(record, each[0], shared))
    if link := next(links, None):
        name = name[: link.start()]
    if found := _REACH.search(name):
        name = name[: found.start()]
    # "Antenne du 10 Grande Rue": where such an address begins, no pattern says.
    if not quoted_in(name, record).isdisjoint(shared | _own_places(record)):
        return label
    if name == record.name:
        return name
    return _LEADING_THERE.sub("", name.strip(_AROUND)).strip(_AROUND) or label


def _is_shared(record: ActorRecord, link: str, shared: set[Mark]) -> bool:
    found = linked_in(link) | reached_in(link, record)
    return not found.isdisjoint(shared) or _leads_there(record, link)


def _leads_there(record: ActorRecord, website: str) -> bool:
    """Return whether a web address has the place of its actor in it, a point, or is of a map."""
    if is_of_a_map(website) or has_point(website) or says_way(website, record.street or ""):
        return True
    return not reached_in(website, record).isdisjoint(_own_places(record))


def _own_places(record: ActorRecord) -> set[Mark]:
    return {mark for mark in around(marks(record)) if mark[0] in ("place", "quoted")}


def _tells(record: ActorRecord, text: str, shared: set[Mark]) -> bool:
    """Return whether a text says where the actor is, or what it shares."""
    plain = f" {fold(text)} "
    places = [fold(each) for each in (record.street, record.postcode, record.city) if each]
    if any(f" {place} " in plain for place in places if place):
        return True
    if find_street(text, ways_only=True) or has_point(text):
        return True
    if any(_leads_there(record, link) for link in LINK.findall(text)):
        return True
    return not quoted_in(text, record).isdisjoint(shared) or any(
        says_name(text, value) if kind == "name" else value in text.lower()
        for kind, value in shared
        if kind in ("mail", "linked", "name")
    )
