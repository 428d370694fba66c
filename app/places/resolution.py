"""Where a search is made around: from what an address carries, and from what a person query."""

from sqlalchemy.orm import Session

from app.places.addresses import WITHOUT_COMMUNE, Geocode, resolve_address
from app.places.completion import EXACT, PREFIX, SIMILAR, Match, find, suggest
from app.places.grid import read_position
from app.places.points import place_of, position, read_place
from app.places.reading import read
from app.places.schemas import Place, Resolution, Suggestion

__all__ = [
    "WITHOUT_COMMUNE",
    "Geocode",
    "Place",
    "Resolution",
    "Suggestion",
    "read_place",
    "resolve",
    "suggest",
]

# Homonyms are many: 13 communes are called Sainte-Colombe.
CHOICES_MAX = 20
MANY_TIMES = 10


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
    )


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


def _notice(matches: list[Match]) -> str | None:
    if matches[0].rank >= SIMILAR:
        return "Aucun lieu ne s’écrit exactement ainsi. Vouliez-vous dire :"
    if len(matches) > 1:
        return "Plusieurs lieux conviennent : choisissez le bon."
    return None
