"""What of a record may be public: the one way from the sealed record to the public one."""

from typing import Any

from app.records.placing import Placed
from app.records.record import ActorRecord
from geo.names import slug
from geo.territories import Territory
from importers import vocabulary

# Columns of the public record, whether the actor is protected or not.
_ALWAYS = (
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
_UNLESS_PROTECTED = (
    "acronym",
    "description",
    "website",
    "opening_hours",
    "address",
)


def status_of(record: ActorRecord) -> str:
    """Return the status to store: what nobody could classify is never published."""
    category = vocabulary.load().categories[record.category]
    if record.status == "published" and not category.publishable:
        return "draft"
    return record.status


def project(
    record: ActorRecord, reason: str | None, territory: Territory, placed: Placed | None
) -> dict[str, Any]:
    """Return the columns of the public record: all of it, or what a protected actor may show.

    reason: why the actor is protected, or None. placed: where it is drawn if it is not.
    """
    return (
        _columns(record, _ALWAYS)
        | {"territory_code": territory.code, "status": status_of(record)}
        | (_neutral(record, territory) if reason else _open(record, placed))
    )


def _neutral(record: ActorRecord, territory: Territory) -> dict[str, Any]:
    category = vocabulary.load().categories[record.category]
    name = f"{category.neutral_name} – {territory.name}"
    phones = [phone for phone in record.phones if phone in record.shown]
    return dict.fromkeys(_UNLESS_PROTECTED) | {
        "protected": True,
        "name": name,
        "slug": slug(name) or "acteur",
        "phones": phones,
        "email": None,
        "commune_code": None,
        "point": None,
        "precision": None,
        "covers_epcis": [],
        "covers_communes": [],
        # Few speak some of them: they would tell which actor it is.
        "languages": [],
    }


def _open(record: ActorRecord, placed: Placed | None) -> dict[str, Any]:
    listed = ("languages", "covers_epcis", "covers_communes")
    emails = _given(record, record.emails)
    return _columns(record, (*_UNLESS_PROTECTED, "name", *listed)) | {
        "protected": False,
        "phones": _given(record, record.phones),
        "email": emails[0] if emails else None,
        "slug": slug(record.name) or "acteur",
        "commune_code": record.commune,
        "point": placed.ewkt if placed else None,
        "precision": placed.precision if placed else None,
    }


def _given(record: ActorRecord, values: tuple[str, ...]) -> list[str]:
    """Return those that may be given: what a list withholds, a person alone shows."""
    return [each for each in values if each not in record.unpublished or each in record.shown]


def _columns(record: ActorRecord, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in names}
    # The driver writes an array from a list, and takes a tuple for a row.
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
