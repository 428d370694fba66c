"""What two hands wrote of one thing: another spelling of a value is no other value.

Of such a value the one in place stays: nobody is asked of it, and nothing is written.
"""

from typing import Any
from urllib.parse import urlsplit

from app.records.record import ActorRecord
from geo.spelling import same_address, same_words
from importers.likeness import same_name
from importers.row import ActorRow

# What an address is made of besides where that is.
_WRITTEN = ("address", "street", "postcode", "city")


def is_spelling(field: str, said: Any, present: Any, *, here: bool) -> bool:
    """Return whether a line says of a field what a record has, written otherwise.

    here: both are of one commune, without which no two addresses are one.
    """
    if not said or not present:
        return False
    match field:
        case "name":
            return same_words(said, present)
        case "website":
            return _leads_to(said) == _leads_to(present) and not _is_safer(said, present)
        case "address":
            return here and same_address(said, present)
    return False


def is_called_so(name: str, record: ActorRecord, city: str | None, *, here: bool) -> bool:
    """Return whether matching takes a name for that of a record: short forms, another order.

    Nobody is asked of it: by its rank one of them stays. city: of the line.
    """
    # Of one commune its name tells nothing.
    towns = tuple(filter(None, (record.city, city, record.territory))) if here else ()
    return same_name(name, record.name, towns)


def as_in_place(row: ActorRow, record: ActorRecord) -> ActorRow:
    """Return a line that says as its actor's record does what it only spells otherwise."""
    here = row.commune is not None and row.commune == record.commune
    stays: dict[str, Any] = {}
    for name in ("name", "website", "address"):
        said, known = getattr(row, name), getattr(record, name)
        if said != known and is_spelling(name, said, known, here=here):
            stays[name] = known
    if "address" in stays:
        known_parts = {name: getattr(record, name) for name in _WRITTEN}
        stays |= {name: value for name, value in known_parts.items() if value is not None}
    return row.model_copy(update=stays) if stays else row


def _leads_to(website: str) -> tuple[str, int | None, str, str, str]:
    """Return what a web address leads to, with or without "www." and a stroke at its end."""
    parts = urlsplit(website)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.port, parts.path.rstrip("/"), parts.query, parts.fragment


def _is_safer(said: str, present: str) -> bool:
    return urlsplit(said).scheme == "https" != urlsplit(present).scheme
