"""From polygons of communes to boundaries of territories that fit together without slit or overlap.

Arrays in, arrays out: object arrays of shapely geometries in EPSG:4326 degrees, None where a
polygon is not known. Nothing here reads a file. docs/decisions/boundaries.md has the evidence.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Geometries = NDArray[np.object_]

# About 0.1 m: the precision of the sources, and what makes shared borders share their vertices.
GRID = 1e-6
# The map of France: 100 m at most, 86 kB compressed where 1e-6 weighs 148 kB.
OUTLINE_GRID = 1e-3
OUTLINE_TOLERANCE = 0.01
# A degree of the equator, not KM_PER_DEGREE of the sphere: MAIRIE_LIMIT_M was chosen by counts that
# were made with it, and one mairie would change sides.
METRES_PER_DEGREE = 111_320.0


def decode(hexes: Sequence[str | None]) -> Geometries:
    """Return polygons from hexadecimal WKB; a missing text and an empty shape are None."""
    shapes = np.asarray(shapely.from_wkb([text or None for text in hexes]), dtype=object)
    shapes[shapely.is_empty(shapes)] = None
    return shapes


def dissolve(polygons: Geometries, owners: NDArray[np.str_]) -> tuple[list[str], Geometries]:
    """Return the sorted distinct owners and, for each, the union of its polygons."""
    codes = sorted(set(owners.tolist()))
    unions = [shapely.union_all(polygons[owners == code]) for code in codes]
    return codes, np.array(unions, dtype=object)


def noded(
    areas: Geometries, grid: float, closing: Sequence[shapely.LineString] = ()
) -> shapely.Geometry:
    """Return the boundaries of all areas on a grid (degrees), each line once, split where two meet.

    closing: lines that close a bay into a gap.
    """
    lines = np.append(shapely.boundary(areas), np.array(closing, dtype=object))
    return shapely.union_all(lines, grid_size=grid)


def faces_of(lines: shapely.Geometry) -> Geometries:
    """Return the polygons between noded lines, gaps too."""
    return np.asarray(shapely.get_parts(shapely.polygonize([lines])), dtype=object)


def owners_of(faces: Geometries, areas: Geometries) -> NDArray[np.intp]:
    """Return for each face the index of an area that holds it, -1 where none does.

    Boundaries are noded, so a face lies wholly inside or outside of an area: one point decides.
    """
    face, area = shapely.STRtree(areas).query(shapely.point_on_surface(faces), "intersects")
    owners = np.full(len(faces), -1, dtype=np.intp)
    # Reversed, so that of two areas that overlap (less than 1 ha here) the first one wins.
    owners[face[::-1]] = area[::-1]
    return owners


def give_gaps(
    faces: Geometries, owners: NDArray[np.intp], foreign: Sequence[shapely.Point]
) -> None:
    """Write into owners who gets each enclosed gap: who shares the longest border with it.

    foreign: points of gaps that stay nobody's.
    """
    tree = shapely.STRtree(faces)
    for gap in np.flatnonzero(owners < 0):
        if shapely.intersects(faces[gap], np.array(foreign, dtype=object)).any():
            continue
        around = tree.query(faces[gap], "touches")
        around = around[owners[around] >= 0]
        shared = shapely.intersection(shapely.boundary(faces[gap]), shapely.boundary(faces[around]))
        lengths = np.bincount(owners[around], weights=shapely.length(shared))
        if lengths.any():
            owners[gap] = lengths.argmax()


def as_coverage(
    areas: Geometries,
    *,
    grid: float = GRID,
    fill: bool = True,
    closing: Sequence[shapely.LineString] = (),
    foreign: Sequence[shapely.Point] = (),
) -> Geometries:
    """Return the areas as MultiPolygons that form a valid coverage on a grid (degrees).

    Enclosed gaps are given (see give_gaps) unless fill is false. closing: see noded.
    """
    faces = faces_of(noded(areas, grid, closing))
    owners = owners_of(faces, areas)
    if fill:
        give_gaps(faces, owners, foreign)
    return multi([shapely.coverage_union_all(faces[owners == i]) for i in range(len(areas))])


def outline(coverage: Geometries) -> Geometries:
    """Return a valid coverage simplified for a map of the whole country, on OUTLINE_GRID.

    Simplifying alone leaves seven decimals; rounding them makes invalid rings (06, 22, 29, 56, 83
    and 971), hence a second noding. Gaps stay gaps there: a bay that closes is still the sea.
    """
    simple = shapely.coverage_simplify(coverage, OUTLINE_TOLERANCE)
    return as_coverage(np.asarray(simple, dtype=object), grid=OUTLINE_GRID, fill=False)


def multi(shapes: Sequence[shapely.Geometry] | Geometries) -> Geometries:
    """Return the shapes as MultiPolygons."""
    wrapped = [
        shape if isinstance(shape, shapely.MultiPolygon) else shapely.multipolygons([shape])
        for shape in shapes
    ]
    return np.array(wrapped, dtype=object)


def metres_between(points: Geometries, areas: Geometries) -> NDArray[np.float64]:
    """Return the distance of each point to the area of the same rank, 0 inside, NaN if unknown.

    Longitudes are shrunk by the cosine of the point's latitude: right within 1 % below 100 km.
    """
    shrink = np.cos(np.radians(np.nan_to_num(shapely.get_y(points))))
    flat = []
    for shapes in (points, areas):
        coordinates, rank = shapely.get_coordinates(shapes, return_index=True)
        coordinates[:, 0] *= shrink[rank]
        flat.append(shapely.set_coordinates(np.array(shapes, dtype=object), coordinates))
    return np.asarray(shapely.distance(flat[0], flat[1]) * METRES_PER_DEGREE, dtype=np.float64)


def points_within(points: Geometries, areas: Geometries, limit: float) -> Geometries:
    """Return the points that lie within limit metres of their area, else a point inside it.

    A point without an area is not trusted: nothing says that it is right. No area: None.
    """
    near = metres_between(points, areas) <= limit
    return np.where(near, points, shapely.point_on_surface(areas))
