"""France by territory as one SVG: every territory a link, overseas and inner Paris in boxes.

Knows nothing of the page: fills come from the classes share-0 to share-4, addresses are
/departements/<code>.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import shapely
from shapely.geometry import MultiPolygon, Polygon

from geo.lambert import to_lambert

_WEST, _NORTH = 99_000.0, 7_111_000.0
# One unit is 1.25 km: a whole number of units is finer than the outlines (0.01°).
_UNIT = 1_250.0
WIDTH, HEIGHT = 916, 1_064
OVERSEAS = ("971", "972", "973", "974", "976")
INNER_PARIS = ("75", "92", "93", "94")
# From how many actors each of the classes share-1 to share-4 begins.
STEPS = (1, 5, 10, 25)
_OVERSEAS_ROW = 888

Project = Callable[[float, float], tuple[float, float]]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A territory to draw. outline: WKB of a (multi)polygon in EPSG:4326 degrees."""

    code: str
    name: str
    count: int
    outline: bytes


def france_svg(shapes: Iterable[Shape]) -> str:
    """Return the `<svg>`, its own legend included; names are escaped, coordinates are integers."""
    known = {shape.code: shape for shape in shapes}
    mainland = [shape for code, shape in known.items() if code not in OVERSEAS]
    parts = [_link(shape, _lambert, again=shape.code in INNER_PARIS) for shape in mainland]
    parts.extend(_inner_paris([known[code] for code in INNER_PARIS if code in known]))
    parts.extend(
        _overseas(known[code], (index * 186, _OVERSEAS_ROW, 172, 128))
        for index, code in enumerate(OVERSEAS)
        if code in known
    )
    parts.extend(_legend())
    return (
        f'<svg class="france" viewBox="-1 -1 {WIDTH + 2} {HEIGHT + 2}" role="group"'
        f' aria-label="France par territoire, selon le nombre d’acteurs">{"".join(parts)}</svg>'
    )


def step(count: int) -> int:
    """Return which of the classes share-0 to share-4 a number of actors falls into."""
    return sum(count >= first for first in STEPS)


def _lambert(lon: float, lat: float) -> tuple[float, float]:
    x, y = to_lambert(lon, lat)
    return (x - _WEST) / _UNIT, (_NORTH - y) / _UNIT


def _fitted(outlines: Sequence[shapely.Geometry], project: Project, box: Box) -> Project:
    """Return a projection that centres these outlines in a box with a margin of 8 units."""
    left, top, width, height = box
    points = [project(*point) for point in shapely.get_coordinates(outlines).tolist()]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    scale = min((width - 16) / (max(xs) - min(xs)), (height - 16) / (max(ys) - min(ys)))
    middle_x, middle_y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2

    def fitted(lon: float, lat: float) -> tuple[float, float]:
        x, y = project(lon, lat)
        return left + width / 2 + (x - middle_x) * scale, top + height / 2 + (y - middle_y) * scale

    return fitted


def _rings(outline: bytes) -> Iterator[list[list[float]]]:
    geometry = shapely.from_wkb(outline)
    polygons = geometry.geoms if isinstance(geometry, MultiPolygon) else [geometry]
    for polygon in polygons:
        if isinstance(polygon, Polygon) and not polygon.is_empty:
            for ring in (polygon.exterior, *polygon.interiors):
                yield shapely.get_coordinates(ring).tolist()


def _path(outline: bytes, project: Project) -> str:
    """Return path data in whole units; a ring that shrinks to less than 3 points is left out."""
    drawn = []
    for ring in _rings(outline):
        points: list[tuple[int, int]] = []
        for lon, lat in ring:
            x, y = project(lon, lat)
            point = (round(x), round(y))
            if not points or point != points[-1]:
                points.append(point)
        if len(set(points)) < 3:
            continue
        moves = [
            f"{x - before_x} {y - before_y}"
            for (before_x, before_y), (x, y) in pairwise(points[:-1])
        ]
        drawn.append(f"M{points[0][0]} {points[0][1]}l{' '.join(moves)}z")
    return "".join(drawn).replace(" -", "-")


def _link(shape: Shape, project: Project, *, again: bool = False, extra: str = "") -> str:
    """Return a link; `again`: its first, small drawing, which keyboard and readers pass over."""
    actors = "acteur" if shape.count < 2 else "acteurs"
    label = escape(f"{shape.name} : {shape.count or 'aucun'} {actors}")
    reading = 'aria-hidden="true" tabindex="-1"' if again else f'aria-label="{label}"'
    return (
        f'<a href="/departements/{escape(shape.code)}" {reading}><title>{label}</title>{extra}'
        f'<path class="share-{step(shape.count)}" d="{_path(shape.outline, project)}"/></a>'
    )


def _frame(box: Box) -> str:
    x, y, width, height = box
    return f'<rect class="france__inset" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'


def _inner_paris(shapes: Sequence[Shape]) -> Iterator[str]:
    if shapes:
        box = (0, 530, 168, 172)
        outlines = [shapely.from_wkb(shape.outline) for shape in shapes]
        project = _fitted(outlines, _lambert, box)
        yield _frame(box)
        yield '<text x="0" y="518" aria-hidden="true">Grand Paris</text>'
        yield from (_link(shape, project) for shape in shapes)


def _overseas(shape: Shape, box: Box) -> str:
    outline = shapely.from_wkb(shape.outline)
    shrink = math.cos(math.radians(outline.centroid.y))
    project = _fitted([outline], lambda lon, lat: (lon * shrink, -lat), box)
    x, y, width, height = box
    caption = f'<text x="{x + width // 2}" y="{y + height + 32}" text-anchor="middle"'
    return _link(
        shape,
        project,
        extra=f'{_frame(box)}{caption} aria-hidden="true">{escape(shape.name)}</text>',
    )


def _legend() -> Iterator[str]:
    bounds = ["aucun", *(f"{a} à {b - 1}" for a, b in pairwise(STEPS))]
    yield '<g class="france__legend">'
    for index, words in enumerate([*bounds, f"{STEPS[-1]} et plus"]):
        y = index * 37
        swatch = f'<rect class="france__swatch share-{index}" x="0" y="{y}"'
        yield f'{swatch} width="30" height="26" rx="4"/>'
        yield f'<text x="40" y="{y + 14}">{words}</text>'
    yield "</g>"
