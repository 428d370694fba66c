"""Bounding boxes on the globe."""

import pytest

from geo.bounds import around
from geo.distance import kilometres


@pytest.mark.parametrize("point", [(2.44, 48.9), (55.5, -21.1), (-52.3, 4.9)])
def test_bounds_touch_the_circle_on_its_four_sides(point: tuple[float, float]) -> None:
    lon, lat = point
    south, west, north, east = around(lon, lat, 25)
    for side in ((lon, south), (lon, north), (west, lat), (east, lat)):
        assert kilometres(point, side) == pytest.approx(25, rel=0.001)
