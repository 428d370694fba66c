"""The ground of maps: land, lines of communes and of their intercommunalities, land abroad.

Arrays in, geometries out, in EPSG:4326 degrees; nothing here reads a file. Every line comes from
one noding of all communes, so what two territories share lies on the same points in both.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity

from geo.boundaries import Geometries, faces_of, give_gaps, multi, noded, owners_of

# Degrees. Four decimals are 11 m, and the sources have a point every kilometre or so.
_NEAR, _AFAR = 1e-4, 1e-3
# Of what is seen from afar: 2 km, some four pixels where it gives way to what is seen from near.
# Islands that no border divides are simplified by 300 m.
_TOLERANCE, _ISLAND = 0.02, 0.003
# Land abroad, within 200 km of ours, is simplified by 3 km, without islands of less than 200 km².
# It comes from another source: what lies between, up to 4 km, is land too.
_FINE, _SMALLEST, _SEAM = 0.03, 0.02, 0.02
# Up to 800 km from ours, which is what is seen with it, by 15 km; the rest of the world by 100 km:
# a shape to recognize, nothing more.
_COARSE, _FAR = 0.15, 1.0
_AROUND, _FARTHER = 2.0, 8.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What is drawn of a territory from near; the lines are those inside it.

    epcis: between two intercommunalities. communes: between two communes of the same one.
    """

    land: shapely.MultiPolygon
    epcis: shapely.MultiLineString
    communes: shapely.MultiLineString


@dataclass(frozen=True, slots=True)
class _Mosaic:
    """Areas as faces that fit, each of one owner, and the arcs between two owners.

    owners, left, right: ranks of areas, those of the arcs for either side.
    """

    faces: Geometries
    owners: NDArray[np.intp]
    arcs: Geometries
    left: NDArray[np.intp]
    right: NDArray[np.intp]


def grounds(
    polygons: Geometries,
    territories: NDArray[np.str_],
    epcis: NDArray[np.str_],
    *,
    closing: Sequence[shapely.LineString] = (),
    foreign: Sequence[shapely.Point] = (),
) -> Iterator[tuple[str, Ground]]:
    """Yield the ground of each territory by its code.

    polygons: of communes; territories, epcis: the codes of what each lies in. closing, foreign: see
    geo.boundaries.
    """
    mosaic = _mosaic(polygons, _NEAR, fill=True, closing=closing, foreign=foreign)
    inside = territories[mosaic.left] == territories[mosaic.right]
    arcs, left, right = mosaic.arcs[inside], mosaic.left[inside], mosaic.right[inside]
    same_epci = epcis[left] == epcis[right]
    of_arcs, of_faces = territories[left], territories[mosaic.owners]
    for code in sorted(set(territories.tolist())):
        own = of_arcs == code
        yield (
            code,
            Ground(
                land=multi([shapely.coverage_union_all(mosaic.faces[of_faces == code])])[0],
                epcis=shapely.MultiLineString(list(arcs[own & ~same_epci])),
                communes=shapely.MultiLineString(list(arcs[own & same_epci])),
            ),
        )


def from_afar(
    outlines: Geometries, islands: Geometries
) -> tuple[shapely.MultiPolygon, shapely.MultiLineString]:
    """Return all land of a coverage as one, and the lines between its parts, both simplified.

    islands: land of its own, some so small that as much would leave a triangle of them.
    """
    simple = [
        *shapely.coverage_simplify(outlines, _TOLERANCE),
        *shapely.simplify(islands, _ISLAND),
    ]
    mosaic = _mosaic(np.asarray(simple, dtype=object), _AFAR, fill=False)
    land = multi([shapely.coverage_union_all(mosaic.faces)])[0]
    return land, shapely.MultiLineString(list(mosaic.arcs))


def _mosaic(
    areas: Geometries,
    grid: float,
    *,
    fill: bool,
    closing: Sequence[shapely.LineString] = (),
    foreign: Sequence[shapely.Point] = (),
) -> _Mosaic:
    lines = noded(areas, grid, closing)
    faces = faces_of(lines)
    owners = owners_of(faces, areas)
    if fill:
        give_gaps(faces, owners, foreign)
    faces, owners = faces[owners >= 0], owners[owners >= 0]
    arcs = np.asarray(shapely.get_parts(shapely.line_merge(lines)), dtype=object)
    left, right = (_beside(arcs, side * grid / 10, faces, owners) for side in (1, -1))
    between = (left >= 0) & (right >= 0) & (left != right)
    return _Mosaic(faces, owners, arcs[between], left[between], right[between])


def _beside(
    arcs: Geometries, distance: float, faces: Geometries, owners: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return who owns what lies so far left of each arc's first segment; -1 for nobody."""
    start, end = (shapely.get_coordinates(shapely.get_point(arcs, rank)) for rank in (0, 1))
    along = end - start
    across = np.column_stack((-along[:, 1], along[:, 0])) / np.hypot(*along.T)[:, None]
    points = shapely.points((start + end) / 2 + distance * across)
    arc, face = shapely.STRtree(faces).query(points, "within")
    beside = np.full(len(arcs), -1, dtype=np.intp)
    beside[arc] = owners[face]
    return beside


def from_topojson(document: Mapping[str, Any], name: str) -> dict[str, shapely.Geometry]:
    """Return the areas of one object of a quantized TopoJSON document by name, some not valid."""
    scale, translate = (np.array(document["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in document["arcs"]]

    def ring(ranks: Sequence[int]) -> NDArray[np.float64]:
        # ~rank is the same arc backwards; each begins where the one before it ends.
        parts = [arcs[rank] if rank >= 0 else arcs[~rank][::-1] for rank in ranks]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    def area(geometry: Mapping[str, Any]) -> shapely.Geometry:
        several = geometry["type"] == "MultiPolygon"
        polygons = geometry["arcs"] if several else [geometry["arcs"]]
        rings = [[ring(ranks) for ranks in polygon] for polygon in polygons]
        # The quantization leaves islets of two points.
        drawn = [
            part
            for outer, *holes in rings
            if len(outer) > 3
            for part in _within_the_antimeridian(outer, [hole for hole in holes if len(hole) > 3])
        ]
        return shapely.MultiPolygon(drawn)

    return {
        geometry.get("properties", {}).get("name", ""): area(geometry)
        for geometry in document["objects"][name]["geometries"]
        if geometry["type"] is not None
    }


def _within_the_antimeridian(
    outer: NDArray[np.float64], holes: Sequence[NDArray[np.float64]]
) -> list[shapely.Polygon]:
    """Return a polygon whole, or in its parts where it crosses the 180th meridian.

    Else the ring of Chukotka or of Fiji would run back around the earth.
    """
    unrolled = outer.copy()
    unrolled[:, 0] = np.unwrap(outer[:, 0], period=360)
    crosses = not np.allclose(unrolled, outer)
    # That of Antarctica goes around the pole, and closes nowhere else.
    if not crosses or not np.allclose(unrolled[0], unrolled[-1]):
        return [shapely.Polygon(outer, holes)]
    whole = shapely.make_valid(shapely.Polygon(unrolled))
    parts = []
    for turn in (-360, 0, 360):
        part = shapely.clip_by_rect(whole, turn - 180, -90, turn + 180, 90)
        areas = [each for each in shapely.get_parts(part) if each.geom_type == "Polygon"]
        parts += [affinity.translate(each, -turn) for each in areas]
    return parts


def abroad(
    countries: Geometries, world: shapely.Geometry, own: shapely.MultiPolygon
) -> shapely.MultiPolygon:
    """Return the land of other countries near ours, below it along the border, and of the world
    farther away.
    """
    around, farther = (_around(own, reach) for reach in (_AROUND, _FARTHER))
    # What lies between two islands too: else Madagascar would end in straight lines.
    farther = shapely.union_all(shapely.envelope(shapely.get_parts(farther)))
    seen = shapely.make_valid(countries[shapely.intersects(shapely.envelope(countries), farther)])
    land = shapely.simplify(shapely.union_all(shapely.intersection(seen, around)), _FINE)
    beside = shapely.intersection(land, shapely.buffer(own, 2 * _SEAM))
    ours = shapely.intersection(own, shapely.buffer(beside, 2 * _SEAM))
    closed = shapely.buffer(shapely.buffer(shapely.union(beside, ours), _SEAM), -_SEAM)
    seam = shapely.intersection(closed, shapely.buffer(beside, _SEAM))
    coarse = shapely.simplify(shapely.union_all(shapely.intersection(seen, farther)), _COARSE)
    far = shapely.make_valid(shapely.simplify(world, _FAR))
    rings = [
        shapely.union(land, seam),
        shapely.difference(shapely.make_valid(coarse), around),
        shapely.difference(far, farther),
    ]
    parts = shapely.get_parts(shapely.union_all(rings))
    return snapped(shapely.union_all(parts[shapely.area(parts) > _SMALLEST]))


def _around(own: shapely.MultiPolygon, reach: float) -> shapely.Geometry:
    """Return what lies no farther from a part of our land than so many degrees."""
    bounds = shapely.bounds(shapely.get_parts(own))
    return shapely.union_all(shapely.box(*(bounds + reach * np.array([-1, -1, 1, 1])).T))


def snapped(land: shapely.Geometry) -> shapely.MultiPolygon:
    """Return land on the grid of what is seen from afar; what is thinner than that is gone."""
    parts = shapely.get_parts(
        shapely.get_parts(shapely.set_precision(shapely.make_valid(land), _AFAR))
    )
    return shapely.MultiPolygon(list(parts[shapely.get_dimensions(parts) == 2]))
