"""An address that a person typed: its commune from our own table, its point from the geocoder."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.places import queries
from app.places.completion import Found, before_territory, places, suggestion_of
from app.places.points import place_of, position
from app.places.reading import PlaceQuery, districts
from app.places.schemas import Instead, Place, Resolution
from geo.answers import Answer, GeocoderError, Query
from geo.names import behind_de, without_article
from geo.postal import area_of
from geo.street import find_street
from geo.territories import Commune
from geo.trust import stands_for
from geo.ways import SMALL_WORDS, WAYS

WITHOUT_COMMUNE = (
    "Nous ne reconnaissons pas de commune dans cette adresse, que nous n’avons pas gardée : "
    "écrivez-la de nouveau, avec sa commune ou son code postal."
)
UNKNOWN = (
    "Aucun lieu de ce nom. Vérifiez l’orthographe, essayez une commune voisine ou un code postal."
)

# Asks the geocoder, and raises GeocoderError where it cannot be asked now.
Geocode = Callable[[Query], Answer | None]

# The longest names of communes have eight words.
WORDS_MAX = 8
# What stands before a commune's name in the name of a way: "rue de Paris", "faubourg Saint-Denis".
_BINDING = {*map(str.lower, SMALL_WORDS), "aux", "au"}
_WAYS = {each.lower() for each in WAYS}


def resolve_address(session: Session, query: PlaceQuery, geocode: Geocode | None) -> Resolution:
    """Return the point of an address on the grid, else its commune with a notice that says so.

    What is no address and no name of our table ("mairie de Bobigny") gets its commune as well.
    """
    communes, street = named_in(session, query)
    if not communes:
        if query.is_address:
            return Resolution(notice=WITHOUT_COMMUNE, shorter="")
        return Resolution(notice=UNKNOWN, beside=_beside_territory(session, query))
    if len(communes) > 1:
        return Resolution(
            choices=tuple(suggestion_of(row) for row in communes),
            notice="Plusieurs communes conviennent à cette adresse : choisissez la bonne, ou "
            "ajoutez son code postal.",
            shorter=communes[0].commune_name if query.is_address else None,
        )
    commune = communes[0]
    if commune.lon is None:
        return Resolution(choices=(suggestion_of(commune),))
    there = place_of(commune)
    if not query.is_address:
        return _instead(Instead.UNKNOWN, there, commune)
    # Nothing of the database is held while the network is waited for.
    session.rollback()
    question = _question(street, query, commune)
    try:
        answer = None if geocode is None else geocode(question)
    except GeocoderError:
        return _instead(Instead.SILENT, there, commune)
    if answer is None or not stands_for(question, answer, _value(commune)):
        return _instead(Instead.NOT_FOUND, there, commune)
    return Resolution(place=position(session, answer.lat, answer.lon))


def _beside_territory(session: Session, query: PlaceQuery) -> tuple[str, str] | None:
    for words, territory in before_territory(session, query.full_name.split()):
        if code := query.territory or territory:
            return " ".join(words), code
    return None


def named_in(session: Session, query: PlaceQuery) -> tuple[list[Found], str]:
    """Return the communes that an address may mean, [] where it names none, and its street.

    "12 rue de Paris" names no commune, "12 rue de Paris Lilas" and "Les Lilas, 12 rue de Paris" do.
    """
    words = query.full_name.split()
    for name, territory in before_territory(session, words):
        found, rest = _named(session, name, query.territory or territory)
        if query.postcode:
            found = _of_postcode(found, query.postcode)
        if found:
            return found, _street(rest)
    if query.postcode:
        rows = places(session, queries.BY_POSTCODE, postcodes=[query.postcode])
        parts = [row for row in rows if row.commune_type == "arrondissement"]
        return [*(parts or (row for row in rows if row.commune_type == "commune"))], _street(words)
    return [], ""


def _named(
    session: Session, words: list[str], territory: str | None
) -> tuple[list[Found], list[str]]:
    """Return the communes that the words end with, else begin with, and the other words."""
    splits = [(words[-n:], words[:-n]) for n in _lengths(words) if not _binds(words[:-n])]
    # "Paris 12 rue de Bagnolet" is not in the 12th.
    splits += [
        (words[:n], words[n:])
        for n in _lengths(words)
        if _begins_street(words[n:]) and not words[n - 1].isdigit()
    ]
    named = [(_names(part), rest) for part, rest in splits]
    names = [name for several, _ in named for name in several]
    by_name: dict[str, list[Found]] = {}
    for row in places(session, queries.BY_NAME, names=names, territory=territory):
        by_name.setdefault(row.search_name, []).append(row)
    for several, rest in named:
        if found := [row for name in several for row in by_name.get(name, ())]:
            return found, rest
    return [], words


def _lengths(words: list[str]) -> range:
    return range(min(WORDS_MAX, len(words) - 1), 0, -1)


def _binds(words: list[str]) -> bool:
    """Say whether a name behind these words is a way's: "12 rue", "rue du faubourg", "rue de".

    Not behind "allée du parc", where the second word of a way is a name itself.
    """
    last, way_before = words[-1], not _WAYS.isdisjoint(words[:-1])
    if last in _BINDING or last == "faubourg":
        return way_before or last == "faubourg"
    return last in _WAYS and not way_before


def _begins_street(words: list[str]) -> bool:
    return words[0][0].isdigit() or words[0] in _WAYS


def _names(words: list[str]) -> tuple[str, ...]:
    name = " ".join(words)
    return districts(name) or (without_article(name),)


def _of_postcode(found: list[Found], postcode: str) -> list[Found]:
    """Return those of a postcode, else those of its area: it may be one for mail alone."""
    exact = [row for row in found if postcode in row.postcodes]
    return exact or [row for row in found if area_of(postcode) in map(area_of, row.postcodes)]


def _street(words: list[str]) -> str:
    text = " ".join(words)
    return find_street(text, ways_only=True) or text


def _question(street: str, query: PlaceQuery, row: Found) -> Query:
    code = row.code if row.commune_type == "arrondissement" else row.commune_code
    return Query("", street, query.postcode, row.commune_name, code)


def _value(row: Found) -> Commune:
    return Commune(
        code=row.commune_code,
        name=row.commune_name,
        territory=row.territory_code,
        postcodes=tuple(row.postcodes),
        epci=row.epci_code,
        lon=row.lon,
        lat=row.lat,
    )


def _instead(instead: Instead, place: Place, row: Found) -> Resolution:
    stands = f"la commune {behind_de(row.name)}"
    if row.commune_type == "arrondissement":
        # "Paris 11e Arrondissement"
        stands = f"le {row.name.split()[1]} arrondissement de {row.commune_name}"
    return Resolution(place, notice=f"{instead.reason} : voici {stands}.", instead=instead)
