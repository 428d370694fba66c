"""Where an actor is drawn, and what a geocoder is asked of it."""

from dataclasses import dataclass

from app.records.record import ActorRecord
from app.vault.digests import digest
from geo.address import address_key
from geo.postal import has_cedex
from geo.territories import Commune
from geo.text import fold


@dataclass(frozen=True, slots=True)
class Placed:
    """A point to draw: EPSG:4326 degrees, and how precise it is."""

    lon: float
    lat: float
    precision: str

    @property
    def ewkt(self) -> str:
        """Return the point as PostGIS reads it."""
        return f"SRID=4326;POINT({self.lon!r} {self.lat!r})"


def address_of(record: ActorRecord) -> object:
    """Return where an actor is, the same for two writings of one address."""
    known = address_key(record.street or record.address, record.commune)
    return known or (fold(record.address or ""), record.commune, record.city)


def question(record: ActorRecord) -> tuple[str | None, ...]:
    """Return what a geocoder is asked of an actor: street, postcode, city, code of the commune.

    Another question makes its answer stale.
    """
    postcode = record.postcode
    # A CEDEX code is for mail: as a filter, where no commune is known, it would find nothing.
    if not record.commune and has_cedex(record.address):
        postcode = None
    return (record.street, postcode, record.city, record.commune)


def question_digest(key: bytes, record: ActorRecord) -> bytes:
    """Return the digest by which one knows whether a geocoder answered for a record as it is."""
    return digest(key, "question", repr(question(record)))


def place(record: ActorRecord, geocoded: Placed | None, commune: Commune | None) -> Placed | None:
    """Return the best point known: the list's own, the geocoder's, else the commune's."""
    if record.lon is not None and record.lat is not None:
        return Placed(record.lon, record.lat, record.precision or "address")
    if geocoded is not None:
        return geocoded
    if commune is None or commune.lon is None or commune.lat is None:
        return None
    return Placed(commune.lon, commune.lat, "commune")
