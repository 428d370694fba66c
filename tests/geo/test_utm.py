"""Metres of UTM, overseas."""

import pytest

from geo.utm import from_utm


@pytest.mark.parametrize(
    ("territory", "metres", "degrees"),
    [
        ("971", (657103.137, 1796046.839), (-61.53, 16.24)),
        ("973", (352537.246, 546179.397), (-52.33, 4.94)),
        ("974", (338568.315, 7690475.437), (55.4481, -20.8789)),
        ("975", (563359.638, 5181051.221), (-56.17, 46.78)),
        ("976", (524735.375, 8587115.812), (45.2279, -12.7806)),
    ],
)
def test_metres_become_degrees(
    territory: str, metres: tuple[float, float], degrees: tuple[float, float]
) -> None:
    assert from_utm(*metres, territory) == pytest.approx(degrees, abs=1e-7)


def test_a_territory_without_a_zone_and_what_is_outside_have_no_point() -> None:
    assert from_utm(500_000, 600_000, "988") is None
    assert from_utm(650_000, 6_860_000, "93") is None
    assert from_utm(5e8, -3e9, "974") is None
