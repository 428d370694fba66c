"""The map of a search on paper: which territories and towns it shows, and which actors where."""

from collections.abc import Iterable, Iterator
from math import cos, radians

from sqlalchemy.orm import Session

from app.exports.columns import Record
from app.find.criteria import Search
from app.prints import queries
from app.prints.drawings import shapes
from geo.folium_map import FRANCE
from geo.map_frame import KM_PER_DEGREE, Bounds, Frame
from geo.map_svg import Circle, Drawing, Label, Land, Mark, map_svg

# Kilometres that are shown around a place without a radius.
WIDEST_KM = 100
# Degrees from north to south from which a map shows outlines as that of France does.
COARSE = 4.0


def draw_place(session: Session, search: Search, title: str, records: Iterable[Record]) -> Drawing:
    """Draw where a search looks, with those of its actors that have a point there.

    title: what it shows, for who cannot see it. Its numbers are those of the records, in order;
    None for one that is not drawn.
    """
    frame = Frame.showing(_bounds(session, search))
    placed = list(records)
    circle = _circle(search)
    drawing = map_svg(
        frame,
        title,
        list(_lands(session, frame, search.territories)),
        _marks(placed),
        shapes(),
        labels=_labels(session, frame, circle, placed),
        circle=circle,
    )
    numbers = iter(drawing.numbers)
    return Drawing(
        drawing.svg,
        tuple(None if _mark(record) is None else next(numbers) for record in placed),
    )


def _mark(record: Record) -> Mark | None:
    # The public record has no point of what is protected; nor is one asked of it here.
    if record.lon is None or record.lat is None or record.card.protected:
        return None
    return Mark(record.lon, record.lat, record.card.category.icon, record.card.approximate)


def _marks(records: Iterable[Record]) -> Iterator[Mark]:
    return (mark for mark in map(_mark, records) if mark is not None)


def _bounds(session: Session, search: Search) -> Bounds:
    """Return what there is to show; all of France for a collectivité whose outline is not known."""
    if place := search.place:
        high = (search.radius or WIDEST_KM) / KM_PER_DEGREE
        wide = high / max(0.1, cos(radians(place.lat)))
        return (place.lat - high, place.lon - wide, place.lat + high, place.lon + wide)
    if search.territories:
        row = session.execute(queries.BOUNDS, {"codes": list(search.territories)}).one()
        if row[0] is not None:
            south, west, north, east = row
            return (south, west, north, east)
    return FRANCE


def _circle(search: Search) -> Circle | None:
    if (place := search.place) is None:
        return None
    # A position has no name, and on a map none needs its département.
    name = "" if place.is_position else place.label.partition(" (")[0]
    return Circle(place.lon, place.lat, search.radius, name)


def _box(frame: Frame) -> dict[str, float]:
    return dict(zip(("south", "west", "north", "east"), frame.bounds, strict=True))


def _lands(session: Session, frame: Frame, main: tuple[str, ...]) -> Iterator[Land]:
    coarse = frame.bounds[2] - frame.bounds[0] > COARSE
    statement = queries.OUTLINES if coarse else queries.BOUNDARIES
    for code, shape in session.execute(statement, _box(frame)):
        yield Land(bytes(shape), code in main)


def _labels(
    session: Session, frame: Frame, circle: Circle | None, records: Iterable[Record]
) -> Iterator[Label]:
    """Yield the towns of most of the actors, then those where most people live.

    circle: its middle is named already.
    """
    named = {circle.name} if circle else set()
    at: dict[str, list[Record]] = {}
    for record in records:
        name = record.card.commune_name
        if name and name not in named and _mark(record):
            at.setdefault(name, []).append(record)
    for name, several in sorted(at.items(), key=lambda item: (-len(item[1]), item[0])):
        yield Label(name, several[0].lon or 0.0, several[0].lat or 0.0)
    for name, lon, lat in session.execute(queries.TOWNS, _box(frame)):
        if name not in at and name not in named:
            yield Label(name, lon, lat)
