"""Where a search is made around: from what an address carries, and from what a person types."""

from sqlalchemy.orm import Session

from app.places import queries
from app.places.addresses import WITHOUT_COMMUNE, Geocode, resolve_address
from app.places.completion import (
    AS_LARGE_AS,
    EXACT,
    PREFIX,
    SIMILAR,
    WORD,
    Match,
    find,
    places,
    suggest,
)
from app.places.grid import read_position
from app.places.points import place_of, position, read_place
from app.places.reading import PlaceQuery, read
from app.places.schemas import Place, Resolution, Suggestion

__all__ = [
    "WITHOUT_COMMUNE",
    "WITHOUT_POINT",
    "Geocode",
    "Place",
    "Resolution",
    "Suggestion",
    "homonyms",
    "read_place",
    "resolve",
    "suggest",
]

LARGEST = "Plusieurs lieux portent ce nom : voici le plus peuplé. Voir aussi :"
WITHOUT_POINT = "La position de cette commune n’est pas connue : voici tout son territoire."
# What stands on one line beside it.
OTHERS_MAX = 5
# Homonyms are many: 13 communes are called Sainte-Colombe.
CHOICES_MAX = 20
MANY_TIMES = 10
# Of several places the largest is meant if it is so many times as large as the next one.
FAR_LARGER = 3


def resolve(session: Session, text: str, geocode: Geocode | None = None) -> Resolution:
    """Return the place that a text means, or those that it may mean, and what to say about it.

    geocode asks for an address that cannot be found in our own table; without one, and wherever
    it fails, the commune of the address stands for it. A text that names one territory gives that
    one choice. The session's transaction may be ended while the geocoder is waited for.
    """
    if at := read_position(text):
        return Resolution(place=position(session, *at))
    query = read(text)
    if not query.text:
        return Resolution(notice="Indiquez une commune, un code postal ou une adresse.")
    matches = find(session, query)
    exact = [match for match in matches if match.rank == EXACT]
    if not exact and (query.is_address or not matches):
        return resolve_address(session, query, geocode)
    candidates = _with_larger(exact, matches) or matches
    row = candidates[0].row if len(candidates) == 1 and candidates[0].rank < SIMILAR else None
    if row is not None and row.lon is not None:
        return Resolution(place=place_of(row))
    return Resolution(
        choices=tuple(match.suggestion for match in candidates[:CHOICES_MAX]),
        notice=_notice(candidates),
        likely=_likely(query, candidates, matches),
    )


def homonyms(session: Session, place: Place) -> Resolution:
    """Return what to say on the page of the largest of several places: what the others are.

    They are those of the shortest text that means this place.
    """
    rows = places(session, queries.BY_CODE, codes=[place.code])
    words = rows[0].search_name.split() if rows else []
    for length in range(1, len(words) + 1):
        found = resolve(session, " ".join(words[:length]))
        if isinstance(found.likely, Place) and found.likely.code == place.code:
            others = tuple(each for each in found.choices if each.code != place.code)
            return Resolution(choices=others[:OTHERS_MAX], notice=LARGEST if others else None)
    return Resolution()


def _with_larger(exact: list[Match], matches: list[Match]) -> list[Match]:
    """Return the places of that very name, and the many times larger ones where words follow it.

    Évry is a village in Yonne, and for most people Évry-Courcouronnes.
    """
    size = max((match.size for match in exact), default=0) * MANY_TIMES
    names = {match.row.search_name for match in exact if match.row}
    return exact + [
        match
        for match in matches
        if match.rank == PREFIX
        and match.row
        and match.size > size
        and any(match.row.search_name.startswith(f"{name} ") for name in names)
    ]


def _likely(query: PlaceQuery, candidates: list[Match], matches: list[Match]) -> Place | str | None:
    """Return the candidate that is far larger than the others and whose name the text is.

    Or begins, word by word: "cherbourg" is not yet all of Cherbourg-en-Cotentin.
    """
    if candidates[0].rank >= WORD or query.begun or not query.name:
        return _place_or_territory(candidates[0]) if len(candidates) == 1 else None
    rivals = list(candidates)
    if all(match.row or match.rank != EXACT for match in candidates):
        # A region of that name: "bretagne" is a village too.
        rivals += [each for each in matches if each.row is None and each not in candidates]
    largest = max(rivals, key=_weight)
    named = largest.rank == EXACT or (
        largest.row is not None and largest.row.search_name.startswith(f"{query.name} ")
    )
    others = [each for each in rivals if each is not largest and not _is_part(each, largest)]
    if named and all(_weight(each) * FAR_LARGER <= _weight(largest) for each in others):
        return _place_or_territory(largest)
    return None


def _is_part(match: Match, largest: Match) -> bool:
    """Say whether a place is a former part of the largest, or the territory that it fills."""
    if largest.row is None:
        return False
    if match.row is None:
        own = (largest.row.territory_code, largest.row.name)
        return own == (match.suggestion.code, match.suggestion.label)
    return bool(match.row.commune_code == largest.row.commune_code)


def _weight(match: Match) -> int:
    return AS_LARGE_AS if match.row is None else match.size


def _place_or_territory(match: Match) -> Place | str | None:
    if match.rank >= WORD:
        return None
    if match.row is None:
        return match.suggestion.code
    return place_of(match.row) if match.row.lon is not None else str(match.row.territory_code)


def _notice(matches: list[Match]) -> str | None:
    if matches[0].rank >= SIMILAR:
        return "Aucun lieu ne s’écrit exactement ainsi. Vouliez-vous dire :"
    if len(matches) > 1:
        return "Plusieurs lieux conviennent : choisissez le bon."
    return None
