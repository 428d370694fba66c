"""What two hands wrote of one thing: another spelling of a value is no other value.

Of such a value the one in place stays: nobody is asked of it, and nothing is written.
"""

from typing import Any
from urllib.parse import urlsplit

from app.records.marks import site_mark
from app.records.record import ActorRecord
from geo.spelling import same_address
from geo.text import fold
from importers.row import ActorRow

# What an address is made of besides where that is.
_WRITTEN = ("address", "street", "postcode", "city")
# In whatever order.
_SEVERAL = ("phones", "emails")


def is_spelling(field: str, one: Any, other: Any, *, here: bool) -> bool:
    """Return whether two values of a field are one that is written otherwise.

    here: both are of one commune, without which no two addresses are one.
    """
    if not one or not other:
        return False
    match field:
        case "name":
            return fold(one) == fold(other)
        case "website":
            return _site(one) == _site(other)
        case "address":
            return here and same_address(one, other)
        case "phones" | "emails":
            return sorted(map(str.lower, one)) == sorted(map(str.lower, other))
    return False


def as_in_place(row: ActorRow, record: ActorRecord) -> ActorRow:
    """Return a line that says as its actor's record does what it only spells otherwise."""
    here = row.commune is not None and row.commune == record.commune
    stays: dict[str, Any] = {}
    for name in ("name", "website", "address", *_SEVERAL):
        mine, known = getattr(row, name), getattr(record, name)
        if mine != known and is_spelling(name, mine, known, here=here):
            stays[name] = known
    if "address" in stays:
        known_parts = {name: getattr(record, name) for name in _WRITTEN}
        stays |= {name: value for name, value in known_parts.items() if value is not None}
    return row.model_copy(update=stays) if stays else row


def _site(website: str) -> tuple[str, str, str]:
    """Return what a web address leads to, with or without "www." and a stroke at its end."""
    parts = urlsplit(website)
    return site_mark(website)[1], parts.path.rstrip("/"), parts.query
