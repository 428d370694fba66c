"""What a map shows, as an address says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RequestInvalid
from app.places.extent import read_extent
from geo.distance import kilometres

LONS = st.floats(-89, 89)
LATS = st.floats(-89, 89)


@given(west=LONS, south=LATS, wide=st.floats(0.001, 1), high=st.floats(0.001, 1))
def test_it_is_rounded_outwards_to_the_grid_once(
    west: float, south: float, wide: float, high: float
) -> None:
    east, north = west + wide, south + high
    found = read_extent(f"{west:.9f},{south:.9f},{east:.9f},{north:.9f}")
    assert found
    assert found.west <= west + 1e-6 < west + 0.006
    assert found.west > west - 0.005001
    assert found.south <= south + 1e-6
    assert east - 1e-6 <= found.east < east + 0.005001
    assert north - 1e-6 <= found.north < north + 0.005001
    assert read_extent(found.code) == found
    assert all(len(part.partition(".")[2]) == 3 for part in found.code.split(","))


def test_all_of_it_lies_within_its_reach() -> None:
    found = read_extent("2.2,48.8,2.5,49")
    assert found
    lat, lon = found.middle
    assert (lat, lon) == pytest.approx((48.9, 2.35))
    corners = [kilometres((lon, lat), (x, y)) for x in (2.2, 2.5) for y in (48.8, 49.0)]
    assert found.reach(lat, lon) - 1 < max(corners) <= found.reach(lat, lon)


@pytest.mark.parametrize("text", ["-180,-90,180,90", "-120,-60,120,60"])
def test_what_shows_half_of_the_world_is_no_place(text: str) -> None:
    assert read_extent(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "1,2,3", "1,2,3,4,5", "nan,48,3,49", "inf,48,3,49", "2,48,1e9,49", " 2,48,3,49"),
        *("3,48,2,49", "2,49,3,48", "2,48,2,49", "2,48,3,48"),
        *("179,-20,-179,-10", "179,-20,181,-10", "2,48,3,91", "2,-91,3,48", "2,48,3,49\x00"),
    ],
)
def test_what_is_no_rectangle_of_the_globe_is_refused(text: str) -> None:
    with pytest.raises(RequestInvalid):
        read_extent(text)
