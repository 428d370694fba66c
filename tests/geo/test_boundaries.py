"""Boundaries on small squares: nothing overlaps, no slit stays, a gap goes where it belongs."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from geo.boundaries import (
    Geometries,
    as_coverage,
    decode,
    dissolve,
    metres_between,
    outline,
    points_within,
)


def areas(*shapes: shapely.Geometry | None) -> Geometries:
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result


def total_overlap(shapes: Geometries) -> float:
    return float(shapely.area(shapes).sum() - shapely.union_all(shapes).area)


def test_unknown_and_empty_shapes_are_none() -> None:
    square = shapely.to_wkb(box(0, 0, 1, 1), hex=True)
    empty = shapely.to_wkb(shapely.Polygon(), hex=True)
    shapes = decode([square, None, "", empty])
    assert shapes[0].equals(box(0, 0, 1, 1))
    assert list(shapes[1:]) == [None, None, None]


def test_communes_become_one_area_per_owner() -> None:
    polygons = areas(box(0, 0, 1, 1), box(2, 0, 3, 1), box(1, 0, 2, 1))
    codes, unions = dissolve(polygons, np.array(["B", "A", "B"]))
    assert codes == ["A", "B"]
    assert unions[1].equals(box(0, 0, 2, 1))


def test_slit_between_neighbours_is_closed() -> None:
    # The right square has a vertex that the left one has not, and stands 3e-7 away.
    left = box(0, 0, 1, 1)
    right = shapely.Polygon([(1.0000003, 0), (2, 0), (2, 1), (1.0000003, 1), (1.0000002, 0.4)])
    assert not shapely.coverage_is_valid(areas(left, right), 1e-6)
    fitted = as_coverage(areas(left, right))
    assert shapely.coverage_is_valid(fitted, 1e-6)
    assert shapely.union_all(fitted).equals(box(0, 0, 2, 1))


def test_overlap_belongs_to_one_area_only() -> None:
    fitted = as_coverage(areas(box(0, 0, 1.001, 1), box(1, 0, 2, 1)))
    assert shapely.coverage_is_valid(fitted)
    assert total_overlap(fitted) == pytest.approx(0, abs=1e-12)
    assert fitted[0].equals(box(0, 0, 1.001, 1))


def test_gap_goes_to_the_longest_shared_border() -> None:
    hole = box(1.5, 1, 2.5, 2)
    left = box(0, 0, 2, 3).difference(hole)
    right = box(2, 0, 4, 3).difference(hole).difference(box(2, 0, 2.5, 1))
    filler = box(2, 0, 2.5, 1)
    fitted = as_coverage(areas(left.union(filler), right))
    assert shapely.coverage_is_valid(fitted)
    # The left one touches the hole on its left side, under it, and half above it.
    assert fitted[0].covers(hole)
    assert shapely.union_all(fitted).equals(box(0, 0, 4, 3))


def test_foreign_enclave_stays_a_hole() -> None:
    hole = box(1, 1, 2, 2)
    fitted = as_coverage(areas(box(0, 0, 3, 3).difference(hole)), foreign=[Point(1.5, 1.5)])
    assert fitted[0].equals(box(0, 0, 3, 3).difference(hole))


def test_bay_is_filled_only_behind_a_closing_line() -> None:
    bay = shapely.Polygon([(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3)])
    assert as_coverage(areas(bay))[0].area == pytest.approx(bay.area)
    closed = as_coverage(areas(bay), closing=[shapely.LineString([(1, 3), (2, 3)])])
    assert closed[0].equals(box(0, 0, 3, 3))


def test_islands_and_single_polygons_become_multipolygons() -> None:
    fitted = as_coverage(areas(box(0, 0, 1, 1).union(box(5, 5, 6, 6)), box(1, 0, 2, 1)))
    assert [shape.geom_type for shape in fitted] == ["MultiPolygon", "MultiPolygon"]
    assert shapely.get_num_geometries(fitted).tolist() == [2, 1]


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(
    cuts=st.lists(st.floats(0.1, 0.9), min_size=1, max_size=4, unique=True),
    jitter=st.lists(st.floats(-2e-6, 2e-6), min_size=5, max_size=5),
)
def test_any_row_of_jittered_strips_becomes_a_coverage(
    cuts: list[float], jitter: list[float]
) -> None:
    edges = [0.0, *sorted(round(cut, 2) + rank * 0.01 for rank, cut in enumerate(cuts)), 2.0]
    strips = [
        box(left + move, 0, right, 1)
        for left, right, move in zip(edges, edges[1:], jitter, strict=False)
        if right - left > 0.001
    ]
    fitted = as_coverage(areas(*strips))
    assert shapely.coverage_is_valid(fitted)
    assert total_overlap(fitted) == pytest.approx(0, abs=1e-9)


def test_outline_is_lighter_and_still_fits() -> None:
    steps = np.linspace(0, 2, 400)
    border = list(zip(1 + 0.002 * np.sin(steps * 90), steps, strict=True))
    left = shapely.Polygon([(0, 2), (0, 0), *border])
    right = shapely.Polygon([*border, (2, 2), (2, 0)])
    simple = outline(as_coverage(areas(left, right)))
    assert shapely.coverage_is_valid(simple)
    assert shapely.is_valid(simple).all()
    assert shapely.get_num_coordinates(simple).sum() < 200  # of 808
    coordinates = shapely.get_coordinates(simple)
    assert np.allclose(coordinates, np.round(coordinates, 3), atol=1e-12)


def test_metres_shrink_with_latitude() -> None:
    squares = areas(box(0, 48, 1, 49), box(0, -21, 1, -20), None, box(0, 0, 1, 1))
    points = areas(Point(2, 48.5), Point(2, -20.5), Point(0, 0), None)
    far = metres_between(points, squares)
    # One degree of longitude: 73.8 km at 48.5° north, 104.3 km at 20.5° south.
    assert far[:2] == pytest.approx([73_800, 104_300], rel=0.01)
    assert np.isnan(far[2:]).all()


def test_point_is_kept_within_the_limit_and_replaced_beyond() -> None:
    square = box(2, 48, 2.1, 48.1)
    near, far = Point(2.101, 48.05), Point(3, 48.05)
    points = points_within(areas(near, far, None, near), areas(square, square, square, None), 2000)
    assert points[0] == near
    assert square.contains(points[1])
    assert square.contains(points[2])
    assert points[3] is None
