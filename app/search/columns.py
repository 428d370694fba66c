"""The columns of a file: what the public record says of an actor, each value with its type."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.files.cells import Value
from app.hours import describe
from app.search.actor_schemas import ActorCard
from app.search.facets import FACETS
from importers.phones import format_french

# Before the name of a town, at the beginning of a line or behind a comma; before a word in lower
# case stands the number of a house.
POSTCODE = re.compile(r"(?:^|, )([0-9]{5}) (?=[A-ZÀ-Ý])", re.MULTILINE)
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

    covers: whole territories for which it acts, by name. group: of the list, a step of a situation
    where there is one. site: the address of the service, to which its sheet's path is added.
    """

    card: ActorCard
    commune_code: str | None
    postcode: str | None
    covers: tuple[str, ...]
    group: int
    lon: float | None
    lat: float | None
    site: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column. name: ASCII, as programs ask for it; label: as people read it; width: characters.

    meaning: a French phrase that says what stands in it. value: a text as stored, several of them,
    a number, a day; None where nothing is known. linked: its text is an address of the web.
    """

    name: str
    label: str
    width: int
    meaning: str
    value: Callable[[Record], Value]
    linked: bool = False


def km(metres: float | None) -> float | None:
    """Return a distance in kilometres, to ten metres."""
    return None if metres is None else round(metres / 1000, 2)


@lru_cache(maxsize=10_000)
def hours_lines(osm: str) -> tuple[str, ...]:
    """Return opening hours in French; many actors have the same."""
    return describe(osm)


def postcode(address: str | None, of_commune: Sequence[str] | None) -> str | None:
    """Return the postcode of an actor: that of its address, else the only one of its commune."""
    written = POSTCODE.findall(address or "")
    if written:
        return str(written[-1])
    return of_commune[0] if of_commune and len(of_commune) == 1 else None


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

            yield Column(file.name, file.label, file.width, file.meaning, value)


DISTANCE = Column(
    "distance_km",
    "Distance à vol d’oiseau (km)",
    12,
    "du lieu cherché, seulement si l’on cherche autour d’un lieu",
    lambda r: km(r.card.metres),
)

COLUMNS = (
    Column(
        "nom",
        "Nom",
        40,
        "le nom de l’acteur ; pour un lieu protégé, celui de sa famille et de son territoire",
        lambda r: r.card.name,
    ),
    Column(
        "sigle",
        "Sigle",
        12,
        "son sigle",
        lambda r: r.card.acronym,
    ),
    Column(
        "categorie",
        "Catégorie",
        32,
        "ce qu’il est",
        lambda r: r.card.category.label,
    ),
    Column(
        "commune",
        "Commune",
        22,
        "la commune où il est",
        lambda r: r.card.commune_name,
    ),
    Column(
        "code_postal",
        "Code postal",
        10,
        "celui de son adresse, sinon celui de sa commune où elle n’en a qu’un",
        lambda r: r.postcode,
    ),
    Column(
        "departement",
        "Département",
        22,
        "le territoire de son siège",
        lambda r: r.card.seat_territory_name,
    ),
    Column(
        "code_departement",
        "Code du département",
        10,
        "le code de ce territoire : 93, 2A, 974, 69M",
        lambda r: r.card.seat_territory_code,
    ),
    Column(
        "territoires_couverts",
        "Territoires couverts",
        30,
        "les territoires entiers dont il est chargé, si sa liste le dit, ou « toute la France »",
        lambda r: r.covers,
    ),
    DISTANCE,
    Column(
        "telephones",
        "Téléphones",
        20,
        "les numéros à appeler",
        lambda r: phones(r.card),
    ),
    Column(
        "telephones_de",
        "Téléphones de",
        24,
        "qui répond à ces numéros, si ce n’est pas l’acteur",
        lambda r: r.card.phone_label,
    ),
    Column(
        "telephones_nuit",
        "Téléphones de nuit",
        20,
        "ceux d’entre eux qui répondent quand le bureau est fermé",
        lambda r: duty_phones(r.card),
    ),
    Column(
        "adresse_publiee",
        "Adresse publiée",
        10,
        "« oui » si l’adresse est dans le fichier",
        lambda r: r.card.address is not None,
    ),
    Column(
        "adresse",
        "Adresse",
        40,
        "son adresse postale",
        lambda r: r.card.address,
    ),
    Column(
        "code_commune",
        "Code INSEE de la commune",
        10,
        "le code officiel géographique de sa commune",
        lambda r: r.commune_code,
    ),
    Column(
        "latitude",
        "Latitude",
        11,
        "en degrés (WGS 84) ; en GeoJSON, dans « geometry »",
        lambda r: _degrees(r.lat),
    ),
    Column(
        "longitude",
        "Longitude",
        11,
        "en degrés (WGS 84) ; en GeoJSON, dans « geometry »",
        lambda r: _degrees(r.lon),
    ),
    Column(
        "precision",
        "Précision du point",
        14,
        "ce que le point désigne",
        lambda r: PRECISIONS.get(r.card.precision or ""),
    ),
    Column(
        "horaires",
        "Horaires",
        36,
        "ses horaires, en français",
        lambda r: _lines(r.card.opening_hours) or r.card.hours_text,
    ),
    *_of_facets(),
    Column(
        "acces_handicap",
        "Accès des personnes handicapées",
        24,
        "« Oui », « Non » ou « En partie », et ce que sa liste en dit",
        lambda r: r.card.access_words,
    ),
    Column(
        "comment_orienter",
        "Comment orienter",
        36,
        "comment lui adresser un jeune, si sa liste le donne au public",
        lambda r: r.card.referral,
    ),
    Column(
        "qui_peut_orienter",
        "Qui peut orienter",
        30,
        "qui peut lui adresser un jeune, si sa liste le donne au public",
        lambda r: r.card.referrers,
    ),
    Column(
        "courriel",
        "Courriel",
        28,
        "son adresse électronique",
        lambda r: r.card.email,
    ),
    Column(
        "site",
        "Site",
        28,
        "son site",
        lambda r: r.card.website,
        linked=True,
    ),
    Column(
        "description",
        "Description",
        50,
        "ce qu’il dit de lui",
        lambda r: r.card.description,
    ),
    Column(
        "verifie_le",
        "Vérifié le",
        12,
        "le jour où une personne a vérifié ces informations",
        lambda r: r.card.verified_on,
    ),
    Column(
        "non_verifie",
        "Non vérifié",
        12,
        "« oui » où personne ne l’a plus vérifié depuis verifie_le, bien après le terme : "
        "téléphonez avant d’y envoyer quelqu’un",
        lambda r: "oui" if r.card.lapsed else None,
    ),
    Column(
        "registre",
        "Registre",
        24,
        "le registre national qui le nomme, si aucune liste ne le fait ; verifie_le est alors le "
        "jour de ce registre",
        lambda r: r.card.register,
    ),
    Column(
        "identifiant",
        "Identifiant",
        18,
        "le même d’un fichier à l’autre, sauf exception",
        lambda r: r.card.public_id,
    ),
    Column(
        "fiche",
        "Fiche",
        40,
        "l’adresse de sa page",
        lambda r: r.site + r.card.url,
        linked=True,
    ),
)


def columns(*, distance: bool) -> tuple[Column, ...]:
    """Return the columns of a file; distance: it is a selection around a place."""
    return tuple(column for column in COLUMNS if distance or column is not DISTANCE)


def _degrees(value: float | None) -> float | None:
    # Six decimals of a degree are a tenth of a metre.
    return None if value is None else round(value, 6)


def _lines(osm: str | None) -> str | None:
    return "\n".join(hours_lines(osm)) if osm else None
