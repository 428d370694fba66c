"""A map for paper: our own boundaries and numbered shapes, black on white, as one SVG.

Needs nothing from outside, and no tile. Its units are millimetres on the page;
coordinates come in as EPSG:4326 degrees.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import shapely
from shapely.geometry import Polygon

from geo.projection import SIZE, WIDTH, PageBox, PagePoint, Projection

# Tolerance of outlines in millimetres: finer edges are restless on paper, and slower to draw.
FINEST = 0.35
# A digit of the number of a shape, and the circle of several that stand together.
DIGIT, RING = 1.9, 2.6
LABELS, FONT = 14, "Open Sans, sans-serif"
# A box where no mark and no name may stand, and the y to which a mark that would is moved.
_Reserved = tuple[PageBox, float]
SCALES_KM = (1, 2, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Land:
    """A territory. shape: WKB of its boundary; main: it is what the map is about."""

    shape: bytes
    main: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """An actor. shape: a key of the shapes. approximate: its point is that of a town."""

    lon: float
    lat: float
    shape: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a town, the most important ones first."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Circle:
    """What lies within a radius, in kilometres; None: only its middle is drawn, with its name."""

    lon: float
    lat: float
    km: float | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map. numbers: for each mark the number under which it is found there, None outside."""

    svg: str
    numbers: tuple[int | None, ...]


@dataclass(slots=True)
class _Spot:
    at: PagePoint
    number: int
    marks: list[Mark]

    @property
    def alone(self) -> bool:
        """Return whether all its marks have one shape, which then stands for them."""
        return len({mark.shape for mark in self.marks}) == 1

    @property
    def reach(self) -> float:
        """Return how far it goes to the right of its middle, in millimetres."""
        if self.alone:
            return SIZE / 2 + DIGIT * len(str(self.number)) + 0.6
        return RING + 0.4


def map_svg(
    projection: Projection,
    title: str,
    lands: Sequence[Land],
    marks: Iterable[Mark],
    shapes: Mapping[str, str],
    *,
    labels: Iterable[Label] = (),
    circle: Circle | None = None,
) -> Drawing:
    """Draw marks over territories; what would overlap shares one number.

    title: what it shows, in a sentence, for who cannot see it. shapes: SVG of 24 by 24 units.
    """
    spots: list[_Spot] = []
    # No mark covers the place that the map is about, nor its name.
    reserved = _reserved(projection, circle) if circle else ()
    numbers = tuple(_number(projection, spots, mark, reserved) for mark in marks)
    outlines = _outlines(projection, lands)
    lines = [*shapely.boundary(outlines), *(_around(projection, circle) if circle else ())]
    parts = [
        f'<rect width="{WIDTH:g}" height="{projection.height:.1f}" fill="#e4e7ea"/>',
        *_lands(lands, outlines),
        *(_circle(projection, circle) if circle else ()),
        *_labels(projection, labels, spots, reserved, lines),
        *(_drawn(spot, shapes) for spot in spots),
        *(_here(projection, circle, shapes) if circle else ()),
        _scale(projection),
        f'<rect x="0.2" y="0.2" width="{WIDTH - 0.4:g}" height="{projection.height - 0.4:.1f}"'
        ' fill="none" stroke="#000" stroke-width="0.3"/>',
    ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {projection.height:.1f}"'
        f' width="{WIDTH:g}mm" height="{projection.height:.1f}mm" font-family="{FONT}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
    return Drawing(svg, numbers)


def _number(
    projection: Projection, spots: list[_Spot], mark: Mark, reserved: Sequence[_Reserved]
) -> int | None:
    """Add a mark to the spot that it would overlap, or to a new one; return its number.

    None where it is not on the map.
    """
    at = projection.page_point(mark.lon, mark.lat)
    if not projection.holds(at):
        return None
    # The widest that it may become: a shape with three digits.
    wide, high = SIZE + DIGIT * 2 + 0.4, SIZE + 0.4
    x, y = at
    for box, moved_to in reserved:
        if _overlap((x - RING, y - RING, x + wide - SIZE / 2, y + RING), box):
            # As near as a mark may be to the number that it shares with others.
            at = (x, moved_to)
            break
    near = [
        spot for spot in spots if abs(spot.at[0] - at[0]) < wide and abs(spot.at[1] - at[1]) < high
    ]
    if near:
        spot = min(near, key=lambda each: math.dist(each.at, at))
        spot.marks.append(mark)
        return spot.number
    spots.append(_Spot(at, len(spots) + 1, [mark]))
    return len(spots)


def _outlines(projection: Projection, lands: Sequence[Land]) -> Sequence[shapely.Geometry]:
    """Return the shapes of territories in millimetres, in their order."""
    south, west, north, east = projection.bounds
    box = shapely.box(west, south, east, north)
    shapes = shapely.from_wkb([land.shape for land in lands])
    shapes = shapely.transform(shapely.intersection(shapes, box), projection.project)
    # Simplified together, so that no slit opens between neighbours.
    return list(shapely.coverage_simplify(shapes, FINEST, simplify_boundary=True))


def _lands(lands: Sequence[Land], outlines: Sequence[shapely.Geometry]) -> Iterator[str]:
    drawn = sorted(zip(lands, outlines, strict=True), key=lambda pair: pair[0].main)
    for land, shape in drawn:
        fill, edge, width = ("#fff", "#000", 0.6) if land.main else ("#efefef", "#8a8a8a", 0.25)
        path = "".join(_rings(shape))
        if path:
            yield (
                f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{edge}"'
                f' stroke-width="{width}" stroke-linejoin="round"/>'
            )


def _rings(shape: shapely.Geometry) -> Iterator[str]:
    for polygon in shapely.get_parts(shape):
        if isinstance(polygon, Polygon) and not polygon.is_empty:
            for ring in (polygon.exterior, *polygon.interiors):
                points = [f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(ring).tolist()]
                yield f"M{'L'.join(points[:-1])}Z"


def _around(projection: Projection, circle: Circle) -> Iterator[shapely.Geometry]:
    if circle.km is not None:
        middle = shapely.Point(projection.page_point(circle.lon, circle.lat))
        yield middle.buffer(circle.km / projection.km_per_mm).boundary


def _circle(projection: Projection, circle: Circle) -> Iterator[str]:
    if circle.km is not None:
        x, y = projection.page_point(circle.lon, circle.lat)
        radius = circle.km / projection.km_per_mm
        yield (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="none"'
            ' stroke="#000" stroke-width="0.4" stroke-dasharray="1.6 1.2"/>'
        )


def _reserved(projection: Projection, circle: Circle) -> Sequence[_Reserved]:
    """Return the boxes of the middle of a map and of its name."""
    x, y = projection.page_point(circle.lon, circle.lat)
    half, gap = SIZE / 2 + 0.1, RING + 0.1
    reserved = [((x - half, y - half, x + half, y + half), y + half + gap)]
    if circle.name:
        wide, top = _half(circle.name), y - half - 3
        reserved.append(((x - wide, top, x + wide, top + 3), top - gap))
    return reserved


def _here(projection: Projection, circle: Circle, shapes: Mapping[str, str]) -> Iterator[str]:
    x, y = projection.page_point(circle.lon, circle.lat)
    yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{SIZE / 2:.2f}" fill="#fff"/>'
    yield _shape(shapes["here"], (x, y), SIZE, hollow=False)
    if circle.name:
        yield _name(circle.name, x, y - SIZE / 2 - 0.7, 2.7)


def _half(name: str) -> float:
    """Return half of how wide a name is."""
    return len(name) * 0.72


def _labels(
    projection: Projection,
    labels: Iterable[Label],
    spots: Sequence[_Spot],
    reserved: Sequence[_Reserved],
    lines: Sequence[shapely.Geometry],
) -> Iterator[str]:
    """Yield names of towns, each where nothing else stands, the first ones first."""
    taken = [
        (spot.at[0] - SIZE / 2, spot.at[1] - SIZE / 2, spot.at[0] + spot.reach, spot.at[1] + 2.2)
        for spot in spots
    ]
    taken += [box for box, _ in reserved]
    written = 0
    for label in labels:
        x, y = projection.page_point(label.lon, label.lat)
        half = _half(label.name)
        # In the middle of the town, else below or above what stands there.
        for middle in (y, y + 3.8, y - 3.8):
            box = (x - half, middle - 1.5, x + half, middle + 1.5)
            inside = (
                box[0] > 1 and box[2] < WIDTH - 1 and box[1] > 1 and box[3] < projection.height - 6
            )
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                written += 1
                over = shapely.intersects(lines, shapely.box(*box)).any()
                yield _name(label.name, x, middle + 0.9, 2.7, edged=bool(over))
                break
        if written == LABELS:
            return


def _overlap(one: PageBox, other: PageBox) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _drawn(spot: _Spot, shapes: Mapping[str, str]) -> str:
    (x, y), number = spot.at, str(spot.number)
    if spot.alone:
        left, top, wide = x - SIZE / 2, y - SIZE / 2, SIZE / 2 + spot.reach
        # White behind shape and number together: an edge around each takes three times as long.
        ground = (
            f'<rect x="{left - 0.4:.2f}" y="{top - 0.4:.2f}" width="{wide + 0.4:.2f}"'
            f' height="{SIZE + 0.8:.2f}" rx="1" fill="#fff"/>'
        )
        hollow = all(mark.approximate for mark in spot.marks)
        shape = _shape(shapes[spot.marks[0].shape], spot.at, SIZE, hollow=hollow)
        return ground + shape + _text(number, x + SIZE / 2 + 0.3, y + 1.15, 3.2, "start")
    ring = (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{RING}" fill="#fff" stroke="#000"'
        ' stroke-width="0.5"/>'
    )
    return ring + _text(number, x, y + 1.05, 2.9 if len(number) < 3 else 2.3, "middle")


def _shape(drawing: str, at: PagePoint, size: float, *, hollow: bool) -> str:
    where = f"translate({at[0] - size / 2:.2f} {at[1] - size / 2:.2f}) scale({size / 24:.4f})"
    ink = 'fill="#fff" stroke="#000" stroke-width="2.2"' if hollow else 'fill="#000"'
    return f'<g transform="{where}" {ink}>{drawing}</g>'


def _text(text: str, x: float, y: float, size: float, anchor: str, weight: str = "bold") -> str:
    attributes = (
        f'x="{x:.2f}" y="{y:.2f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    )
    return f"<text {attributes}>{escape(text)}</text>"


def _name(text: str, x: float, y: float, size: float, *, edged: bool = True) -> str:
    """Return a name in the middle; edged: with a white edge, so that it is read over lines.

    Each letter is laid out alone, and those of the edge once more.
    """
    name = _text(text, x, y, size, "middle", "normal")
    edge, ink = 'fill="#fff" stroke="#fff" stroke-width="0.9"', 'fill="#444"'
    looks = (edge, ink) if edged else (ink,)
    return "".join(name.replace("<text", f"<text {look}", 1) for look in looks)


def _scale(projection: Projection) -> str:
    km = max((km for km in SCALES_KM if km / projection.km_per_mm <= 40), default=SCALES_KM[0])
    long, y = km / projection.km_per_mm, projection.height - 3
    line = f"M4 {y - 1.4:.2f}V{y:.2f}H{4 + long:.2f}V{y - 1.4:.2f}"
    return (
        f'<path d="{line}" fill="none" stroke="#fff" stroke-width="1.1"/>'
        f'<path d="{line}" fill="none" stroke="#000" stroke-width="0.35"/>'
    ) + _name(f"{km} km", 4 + long / 2, y - 0.7, 2.5)
