"""The whole record of an actor, how lists write to it, and what of it may be public."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from geo.names import slug
from geo.postal import has_cedex
from geo.territories import Commune, Territory
from importers import vocabulary
from importers.row import ActorRow

# Field of ActorRow -> JSON value; sealed as a whole in actor_protected.record.
Fields = dict[str, Any]
# Where a field comes from: {"source", "file", "line", "day", "rank"}.
Provenance = dict[str, dict[str, Any]]

_PUBLIC_AS_IS = (
    "category",
    "functions",
    "audiences",
    "age_min",
    "age_max",
    "covers_national",
    "covers_territories",
    "verified_on",
)
# What places an actor or was written freely: never in the public record of a protected one.
_PUBLIC_UNLESS_PROTECTED = (
    "acronym",
    "description",
    "email",
    "website",
    "opening_hours",
    "address",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """The line that writes a field, and the rank of its source."""

    source: UUID
    file: UUID
    line: int
    day: date
    rank: int

    def as_json(self) -> dict[str, Any]:
        """Return what provenance keeps."""
        return {
            "source": str(self.source),
            "file": str(self.file),
            "line": self.line,
            "day": self.day.isoformat(),
            "rank": self.rank,
        }


@dataclass(frozen=True, slots=True)
class Placed:
    """A point to draw: EPSG:4326 degrees, and how precise it is."""

    lon: float
    lat: float
    precision: str

    @property
    def ewkt(self) -> str:
        """The point as PostGIS reads it."""
        return f"SRID=4326;POINT({self.lon!r} {self.lat!r})"


def fields_of(row: ActorRow) -> Fields:
    """Return the fields that a line writes, as JSON values."""
    return row.model_dump(mode="json", exclude={"line", "external_id"})


def row_of(fields: Fields) -> ActorRow:
    """Return a whole record as a line again, of no list and no number, to find its identity."""
    return ActorRow.model_validate(fields | {"line": 0, "status": "published"})


def says_nothing(value: Any) -> bool:
    """Return whether a line leaves a field empty; an age of 0 is not empty."""
    return value is None or value is False or value in ("", [])


def first(new: Fields, origin: Origin) -> tuple[Provenance, dict[str, list[Any]]]:
    """Return provenance and changes of an actor that a line creates."""
    said = {name: value for name, value in new.items() if not says_nothing(value)}
    return dict.fromkeys(said, origin.as_json()), {k: [None, v] for k, v in said.items()}


def merge(
    old: Fields, provenance: Provenance, new: Fields, origin: Origin
) -> tuple[Fields, Provenance, dict[str, list[Any]]]:
    """Return fields, provenance and {field: [before, after]} once a line has written to an actor.

    A source of higher rank keeps its value: an edit by staff outranks every list. A line that says
    nothing of a field clears only what its own source had written.
    """
    fields, where, changes = dict(old), dict(provenance), {}
    for name, value in new.items():
        before, known = old.get(name), provenance.get(name)
        if known and known["rank"] > origin.rank:
            continue
        if says_nothing(value) and known and known["source"] != str(origin.source):
            continue
        if name == "status" and not (before == "archived" or value == "archived"):
            continue  # a list opens and closes places; publishing a draft is for staff
        if value != before:
            changes[name] = [before, value]
            fields[name] = value
            where[name] = origin.as_json()
        elif known is None and not says_nothing(value):
            where[name] = origin.as_json()
    return fields, where, changes


def own_reason(fields: Fields) -> str | None:
    """Return why an actor is protected by what it is, or None."""
    category = vocabulary.load().categories[fields["category"]]
    if not category.publishable:
        return "unknown"
    return "category" if category.protected and not fields["consent_on"] else None


def status_of(fields: Fields) -> str:
    """Return the status to store: what nobody could classify is never published."""
    category = vocabulary.load().categories[fields["category"]]
    if fields["status"] == "published" and not category.publishable:
        return "draft"
    return str(fields["status"])


def project(
    fields: Fields, reason: str | None, territory: Territory, placed: Placed | None
) -> dict[str, Any]:
    """Return the columns of the public record: all of it, or what a protected place may show."""
    columns: dict[str, Any] = {name: fields[name] for name in _PUBLIC_AS_IS}
    columns |= {"territory_code": territory.code, "status": status_of(fields)}
    columns["verified_on"] = fields["verified_on"] and date.fromisoformat(fields["verified_on"])
    if reason:
        category = vocabulary.load().categories[fields["category"]]
        shown = fields.get("front_gate_phones", ())
        phones = [phone["number"] for phone in fields["phones"] if phone["number"] in shown]
        name = f"{category.neutral_name} – {territory.name}"
        hidden: dict[str, Any] = dict.fromkeys(_PUBLIC_UNLESS_PROTECTED)
        nowhere: dict[str, Any] = {"commune_code": None, "point": None, "precision": None}
        nowhere |= {"covers_epcis": [], "covers_communes": []}
    else:
        phones = [phone["number"] for phone in fields["phones"]]
        name = fields["name"]
        hidden = {name: fields[name] for name in _PUBLIC_UNLESS_PROTECTED}
        nowhere = {
            "commune_code": fields["commune"],
            "point": placed.ewkt if placed else None,
            "precision": placed.precision if placed else None,
            "covers_epcis": fields["covers_epcis"],
            "covers_communes": fields["covers_communes"],
        }
    protected = {"protected": reason is not None, "phones": phones, "name": name}
    return columns | hidden | nowhere | protected | {"slug": slug(name) or "acteur"}


def question(fields: Fields) -> tuple[str | None, ...]:
    """Return what a geocoder is asked of an actor; another question makes its answer stale."""
    postcode = fields["postcode"]
    # A CEDEX code is for mail: as a filter, where no commune is known, it would find nothing.
    if not fields["commune"] and has_cedex(fields["address"]):
        postcode = None
    return (fields["street"], postcode, fields["city"], fields["commune"])


def place(fields: Fields, geocoded: Placed | None, commune: Commune | None) -> Placed | None:
    """Return the best point known: the list's own, the geocoder's, else the commune's."""
    if fields["lon"] is not None and fields["lat"] is not None:
        return Placed(fields["lon"], fields["lat"], fields["precision"] or "address")
    if geocoded is not None:
        return geocoded
    if commune is None or commune.lon is None or commune.lat is None:
        return None
    return Placed(commune.lon, commune.lat, "commune")
