"""Which part of the world the map of a sheet shows, so that whatever it shows can be read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.public.prints import queries
from app.search.criteria import Search
from geo.bounds import FRANCE, Bounds, around
from geo.projection import Projection

# Kilometres that are shown around a place without a radius.
WIDEST_KM = 100
# Kilometres per millimetre, at most, where one map shows several territories. France in Europe
# takes 12; Guadeloupe with Guyane would take 19, and Paris with La Réunion 90.
COARSEST = 16.0


@dataclass(frozen=True, slots=True)
class Seat:
    """A point of an actor, in EPSG:4326 degrees, and the territory of its seat."""

    lon: float
    lat: float
    territory_code: str


@dataclass(frozen=True, slots=True)
class _Territory:
    code: str
    name: str
    bounds: Bounds


def bounds_of(
    session: Session, search: Search, seats: Collection[Seat]
) -> tuple[Bounds, tuple[str, ...]]:
    """Return what to show of a search, and the names of its territories that lie beyond it.

    Of territories across oceans: those within reach of each other where most of its actors are.
    """
    if search.extent:
        return search.extent.bounds, ()
    if place := search.place:
        return around(place.lon, place.lat, search.reach or WIDEST_KM), ()
    if not search.territories and (not seats or any(_holds(FRANCE, seat) for seat in seats)):
        return FRANCE, ()
    # A search of all of France whose actors are all overseas shows the territories where they are.
    codes = search.territories or sorted({seat.territory_code for seat in seats})
    rows = session.execute(queries.BOUNDS, {"codes": list(codes)})
    found = [
        _Territory(code, name, (south, west, north, east))
        for code, name, south, west, north, east in rows
    ]
    if not found:
        # Neither its outline nor where its communes lie is known.
        return FRANCE, ()

    def actors(group: Iterable[_Territory]) -> int:
        codes = {each.code for each in group}
        return sum(seat.territory_code in codes for seat in seats)

    found.sort(key=lambda each: -actors([each]))
    group = max((_within_reach(each, found) for each in found), key=actors)
    too_far = [each.name for each in found if each not in group] if search.territories else ()
    return _together(group), tuple(too_far)


def _within_reach(first: _Territory, others: Iterable[_Territory]) -> list[_Territory]:
    """Return a territory, and of the others, in order, those that one map shows with it."""
    group = [first]
    for other in others:
        together = _together([*group, other])
        if other is not first and Projection.showing(together).km_per_mm <= COARSEST:
            group.append(other)
    return group


def _together(group: Sequence[_Territory]) -> Bounds:
    south, west, north, east = zip(*(each.bounds for each in group), strict=True)
    return (min(south), min(west), max(north), max(east))


def _holds(bounds: Bounds, seat: Seat) -> bool:
    south, west, north, east = bounds
    return south <= seat.lat <= north and west <= seat.lon <= east
