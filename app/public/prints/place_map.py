"""The map of a search on paper: which territories and towns it shows, and which actors where."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.public.prints import queries
from app.public.prints.bounds import Seat, bounds_of
from app.public.prints.drawings import shapes
from app.search.columns import Record
from app.search.criteria import Search
from geo.map_svg import Circle, Label, Land, Mark, map_svg
from geo.projection import Projection

# Degrees from north to south from which simplified outlines are drawn, as on the map of France.
COARSE = 4.0
# How many territories that are not on the map are named; the others are counted together, under
# the empty name.
MOST_OUTSIDE, ELSEWHERE = 6, ""


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A map, with a number for each record, in order; None for one that is not drawn.

    outside: territories that it does not show, by name, with how many of the actors are there;
    "": those elsewhere, last.
    """

    svg: str
    numbers: tuple[int | None, ...]
    outside: tuple[tuple[str, int], ...]


def draw_place(session: Session, search: Search, title: str, records: Iterable[Record]) -> PlaceMap:
    """Draw where a search looks, with those of its actors that have a point there.

    title: what it shows, for who cannot see it.
    """
    everyone = list(records)
    placed = [(record, mark) for record in everyone if (mark := _mark(record))]
    seats = [Seat(mark.lon, mark.lat, record.card.seat_territory_code) for record, mark in placed]
    bounds, too_far = bounds_of(session, search, seats)
    projection = Projection.showing(bounds)
    drawing = map_svg(
        projection,
        title,
        list(_lands(session, projection, search.territories)),
        (mark for _, mark in placed),
        shapes(),
        labels=_labels(session, projection, search, (record for record, _ in placed)),
        circle=_circle(search),
    )
    outside = Counter(dict.fromkeys(too_far, 0))
    for (record, _), number in zip(placed, drawing.numbers, strict=True):
        if number is None:
            name = record.card.seat_territory_name
            here = record.card.seat_territory_code in search.territories and name not in too_far
            # Named after its territory, such an actor would be looked for on this map of it.
            outside[ELSEWHERE if here else name] += 1
    numbers = iter(drawing.numbers)
    return PlaceMap(
        drawing.svg,
        tuple(next(numbers) if _mark(record) else None for record in everyone),
        tuple(_most(outside)),
    )


def _most(outside: Counter[str]) -> Iterator[tuple[str, int]]:
    elsewhere = outside.pop(ELSEWHERE, 0)
    yield from outside.most_common(MOST_OUTSIDE)
    if elsewhere := elsewhere + sum(several for _, several in outside.most_common()[MOST_OUTSIDE:]):
        yield ELSEWHERE, elsewhere


def _mark(record: Record) -> Mark | None:
    # A protected actor has no point in the public record; it is left out here all the same.
    if record.lon is None or record.lat is None or record.card.protected:
        return None
    return Mark(record.lon, record.lat, record.card.category.shape, record.card.approximate)


def _circle(search: Search) -> Circle | None:
    # All of an extent is shown.
    if (place := search.place) is None or search.extent:
        return None
    # A position has no name; a commune needs no département on a map.
    name = "" if place.is_position else place.label.partition(" (")[0]
    return Circle(place.lon, place.lat, search.reach, name)


def _box(projection: Projection) -> dict[str, float]:
    return dict(zip(("south", "west", "north", "east"), projection.bounds, strict=True))


def _lands(session: Session, projection: Projection, main: tuple[str, ...]) -> Iterator[Land]:
    coarse = projection.bounds[2] - projection.bounds[0] > COARSE
    statement = queries.OUTLINES if coarse else queries.BOUNDARIES
    for code, shape in session.execute(statement, _box(projection)):
        yield Land(bytes(shape), code in main)


def _labels(
    session: Session, projection: Projection, search: Search, records: Iterable[Record]
) -> Iterator[Label]:
    """Yield towns, those of the territories first: of most actors, then where most people live."""
    at = Counter(record.commune_code for record in records if record.commune_code)
    towns = [code for code, _ in at.most_common()]
    asked = {**_box(projection), "codes": list(search.territories), "towns": towns}
    circle = _circle(search)
    for name, lon, lat in session.execute(queries.TOWNS, asked):
        # The place that is looked around is named already.
        if circle is None or name != circle.name:
            yield Label(name, lon, lat)
