"""What a caller reads aloud of a sheet: each thing in words, with the day on which it was said."""

from dataclasses import dataclass
from datetime import date

from app.records.record import ActorRecord, Provenance
from app.records.wording import said, town_beside
from geo.gazetteer import Gazetteer

# Field of the record -> what it is called on the telephone.
_READ = {
    "category": "Catégorie",
    "address": "Adresse",
    "commune": "Commune",
    "opening_hours": "Horaires",
    "hours_text": "Horaires",
    "duty_hours": "Horaires de l’astreinte",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a sheet says. on: since when, None where nobody knows."""

    label: str
    value: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Aloud:
    """What is read of an actor. phones: those that are called; duty: of them, those that answer
    when it is closed; phones_on: since when they are said.
    """

    lines: tuple[Line, ...]
    phones: tuple[str, ...]
    duty: frozenset[str]
    phones_on: date | None
    verified_on: date | None


def aloud(record: ActorRecord, origins: Provenance, gazetteer: Gazetteer) -> Aloud:
    """Return what a caller reads of a record that they may read."""
    found = {field: said(field, getattr(record, field)) for field in _READ}
    town = gazetteer.by_insee(record.commune) if record.commune else None
    found["commune"] = town_beside(found["address"], town.name if town else "")
    if found["opening_hours"]:
        found["hours_text"] = ""
    lines = (
        Line(label, found[field], _day(origins, field))
        for field, label in _READ.items()
        if found[field]
    )
    phones = tuple(each for each in record.phones if each not in withheld(record))
    given = (frozenset(record.duty_phones), _day(origins, "phones"), record.verified_on)
    return Aloud(tuple(lines), phones, *given)


def withheld(record: ActorRecord) -> set[str]:
    """Return the phones that are not public, of which each reading is noted."""
    return {each for each in record.unpublished if "@" not in each} - set(record.shown)


def _day(origins: Provenance, field: str) -> date | None:
    return origins[field].day if field in origins else None
