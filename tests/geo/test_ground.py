"""The ground of maps, on areas small enough to reckon by hand."""

import numpy as np
import pytest
import shapely

from geo.ground import abroad, from_afar, from_topojson, grounds

# Four communes in a row, each 0.1° wide, with a slit of 0.002° in the third.
COMMUNES = np.array(
    [
        shapely.box(0.0, 0.0, 0.1, 0.1),
        shapely.box(0.1, 0.0, 0.2, 0.1),
        shapely.box(0.2, 0.0, 0.3, 0.1) - shapely.box(0.24, 0.04, 0.242, 0.042),
        shapely.box(0.3, 0.0, 0.4, 0.1),
    ],
    dtype=object,
)
TERRITORIES = np.array(["A", "A", "A", "B"])
EPCIS = np.array(["1", "1", "2", "2"])


def line(x: float) -> shapely.LineString:
    return shapely.LineString([(x, 0.0), (x, 0.1)])


def test_a_territory_has_its_land_and_the_lines_inside_it() -> None:
    by_code = dict(grounds(COMMUNES, TERRITORIES, EPCIS))
    assert sorted(by_code) == ["A", "B"]
    # The slit between communes is land of the one around it.
    assert shapely.equals(by_code["A"].land, shapely.box(0.0, 0.0, 0.3, 0.1))
    assert shapely.equals(by_code["A"].communes, line(0.1))
    assert shapely.equals(by_code["A"].epcis, line(0.2))
    # What lies between two territories is the edge of the land of both.
    assert by_code["B"].communes.is_empty
    assert by_code["B"].epcis.is_empty
    assert by_code["B"].land.bounds == (0.3, 0.0, 0.4, 0.1)


def test_from_afar_land_is_one_and_each_border_is_written_once() -> None:
    # Small as it is, an island has its shape.
    island = shapely.box(1.0, 1.0, 1.01, 1.01)
    land, borders = from_afar(COMMUNES[[0, 1]], np.array([island]))
    assert shapely.equals(land, shapely.union(shapely.box(0.0, 0.0, 0.2, 0.1), island))
    assert shapely.equals(borders, line(0.1))


def test_topojson_gives_areas_by_name_without_islets_of_two_points() -> None:
    document = {
        "transform": {"scale": [0.5, 0.5], "translate": [10.0, 20.0]},
        # A square in two arcs, and a line that goes and comes back.
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2]], [[9, 9], [1, 0], [-1, 0]]],
        "objects": {
            "countries": {
                "geometries": [
                    {
                        "type": "MultiPolygon",
                        "arcs": [[[0, 1]], [[2]]],
                        "properties": {"name": "Carré"},
                    },
                    {"type": "Polygon", "arcs": [[-2, -1]], "properties": {"name": "Envers"}},
                    {"type": None, "properties": {"name": "Rien"}},
                ]
            }
        },
    }
    areas = from_topojson(document, "countries")
    square = shapely.box(10.0, 20.0, 11.0, 21.0)
    assert set(areas) == {"Carré", "Envers"}
    assert all(shapely.equals(area, square) for area in areas.values())


def test_land_abroad_leaves_no_slit_along_the_border_and_no_land_in_the_sea() -> None:
    own = shapely.MultiPolygon([shapely.box(0.0, 0.0, 2.0, 2.0)])
    # Another source: its border lies 1 km from ours.
    neighbour = shapely.box(2.01, 0.0, 4.0, 2.0)
    land = abroad(np.array([neighbour]), shapely.box(50.0, 0.0, 60.0, 10.0), own)
    assert shapely.covers(shapely.union(land, own), shapely.box(2.0, 0.02, 2.01, 1.98))
    sea = shapely.box(0.0, 2.02, 4.0, 3.0)
    assert shapely.intersection(land, sea).area == pytest.approx(0.0, abs=1e-6)
    # The rest of the world is there too.
    assert shapely.covers(land, shapely.Point(55.0, 5.0))


def test_what_is_seen_with_our_land_from_afar_has_its_shape() -> None:
    own = shapely.MultiPolygon([shapely.box(0.0, 0.0, 2.0, 2.0)])
    # 300 to 700 km away, less wide than the shapes of the rest of the world are exact.
    peninsula = shapely.box(5.0, 0.5, 9.0, 1.0)
    country = shapely.union(peninsula, shapely.box(9.0, -4.0, 20.0, 6.0))
    rough = shapely.box(8.0, -5.0, 20.0, 7.0)
    land = abroad(np.array([country]), rough, own)
    assert shapely.covers(land, shapely.Point(6.0, 0.75))
    assert not shapely.intersects(land, shapely.box(5.0, 2.0, 8.9, 6.0))
    # Farther away, a shape to recognize.
    assert shapely.covers(land, shapely.Point(15.0, 6.5))


def test_island_between_two_of_our_own_has_its_shape() -> None:
    """As Madagascar, of which Mayotte and La Réunion each have a corner around them."""
    own = shapely.MultiPolygon(
        [shapely.box(0.0, 10.0, 1.0, 11.0), shapely.box(10.0, 0.0, 11.0, 1.0)]
    )
    island = shapely.box(0.0, -1.0, 4.0, 8.0)
    land = abroad(np.array([island]), shapely.box(-3.0, -3.0, 4.0, 8.0), own)
    assert shapely.covers(land, shapely.Point(1.0, 0.0))
    assert not shapely.intersects(land, shapely.Point(-1.0, 0.0))


def test_land_that_crosses_the_antimeridian_runs_not_back_around_the_earth() -> None:
    document = {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "arcs": [[[178, 60], [-356, 0], [0, 5], [356, 0], [0, -5]]],
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
    }
    land = from_topojson(document, "land")[""]
    assert shapely.area(land) == pytest.approx(4.0 * 5.0)
    assert not shapely.intersects(land, shapely.box(-177.0, -90.0, 177.0, 90.0))
    assert shapely.covers(land, shapely.Point(-179.0, 62.0))
