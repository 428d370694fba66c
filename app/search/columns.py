"""The columns of a file: what the public record says of an actor, each value with its type."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.hours import describe
from app.search.actor_schemas import ActorCard
from app.search.facets import FACETS
from importers.phones import format_french

Value = str | int | float | bool | date | tuple[str, ...] | None

# What a point stands for, in words: none for one that may not be shown.
PRECISIONS = {
    "address": "adresse",
    "street": "rue",
    "locality": "lieu-dit ou quartier",
    "commune": "commune",
}


@dataclass(frozen=True, slots=True)
class Record:
    """An actor of a file. lon, lat: EPSG:4326 degrees, null where no point may be shown.

    site: the address of the service, to which its sheet's path is added.
    """

    card: ActorCard
    commune_code: str | None
    lon: float | None
    lat: float | None
    site: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column. name: ASCII, as programs ask for it; label: as people read it; width: characters.

    value: a text as stored, several of them, a number, a day; None where nothing is known.
    """

    name: str
    label: str
    width: int
    value: Callable[[Record], Value]


def km(metres: float | None) -> float | None:
    """Return a distance in kilometres, to ten metres."""
    return None if metres is None else round(metres / 1000, 2)


@lru_cache(maxsize=10_000)
def hours_lines(osm: str) -> tuple[str, ...]:
    """Return opening hours in French; many actors have the same."""
    return describe(osm)


def phones(card: ActorCard) -> tuple[str, ...]:
    """Return the numbers to call as French writes them."""
    return tuple(map(format_french, card.phones))


def duty_phones(card: ActorCard) -> tuple[str, ...]:
    """Return the numbers that answer when the office does not, as French writes them."""
    return tuple(map(format_french, card.duty.phones)) if card.duty else ()


def _of_facets() -> Iterator[Column]:
    for facet in FACETS:
        for position, file in enumerate(facet.files):

            def value(record: Record, name: str = facet.name, position: int = position) -> Value:
                return record.card.facts[name].values[position]

            yield Column(file.name, file.label, file.width, value)


DISTANCE = Column("distance_km", "Distance à vol d’oiseau (km)", 12, lambda r: km(r.card.metres))

COLUMNS = (
    Column("nom", "Nom", 40, lambda r: r.card.name),
    Column("sigle", "Sigle", 12, lambda r: r.card.acronym),
    Column("categorie", "Catégorie", 32, lambda r: r.card.category.label),
    Column("commune", "Commune", 22, lambda r: r.card.commune_name),
    Column("departement", "Département", 22, lambda r: r.card.seat_territory_name),
    Column("code_departement", "Code du département", 10, lambda r: r.card.seat_territory_code),
    DISTANCE,
    Column("telephones", "Téléphones", 20, lambda r: phones(r.card)),
    Column("telephones_de", "Téléphones de", 24, lambda r: r.card.phone_label),
    Column("telephones_nuit", "Téléphones de nuit", 20, lambda r: duty_phones(r.card)),
    Column("adresse_publiee", "Adresse publiée", 10, lambda r: r.card.address is not None),
    Column("adresse", "Adresse", 40, lambda r: r.card.address),
    Column("code_commune", "Code INSEE de la commune", 10, lambda r: r.commune_code),
    Column("latitude", "Latitude", 11, lambda r: _degrees(r.lat)),
    Column("longitude", "Longitude", 11, lambda r: _degrees(r.lon)),
    Column("precision", "Précision du point", 14, lambda r: PRECISIONS.get(r.card.precision or "")),
    Column("horaires", "Horaires", 36, lambda r: _lines(r.card.opening_hours) or r.card.hours_text),
    *_of_facets(),
    Column("courriel", "Courriel", 28, lambda r: r.card.email),
    Column("site", "Site", 28, lambda r: r.card.website),
    Column("description", "Description", 50, lambda r: r.card.description),
    Column("verifie_le", "Vérifié le", 12, lambda r: r.card.verified_on),
    Column("identifiant", "Identifiant", 18, lambda r: r.card.public_id),
    Column("fiche", "Fiche", 40, lambda r: r.site + r.card.url),
)


def columns(*, distance: bool) -> tuple[Column, ...]:
    """Return the columns of a file; distance: it is a selection around a place."""
    return tuple(column for column in COLUMNS if distance or column is not DISTANCE)


def joined(values: Iterable[str]) -> str:
    """Return several values in one cell: none of them has " | " in it."""
    return " | ".join(values)


def _degrees(value: float | None) -> float | None:
    # Six decimals of a degree are a tenth of a metre.
    return None if value is None else round(value, 6)


def _lines(osm: str | None) -> str | None:
    return "\n".join(hours_lines(osm)) if osm else None
