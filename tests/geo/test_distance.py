"""Distances on the globe."""

import pytest

from geo.distance import KM_PER_DEGREE, kilometres


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((2.3522, 48.8566), (4.8357, 45.7640), 392),  # Paris, Lyon
        ((-54.03, 3.64), (-52.33, 4.94), 237),  # Maripasoula, Cayenne
        ((2.0, 48.0), (2.0, 49.0), KM_PER_DEGREE),
        ((0.0, 0.0), (180.0, 0.0), 20015),
        ((2.4, 48.9), (2.4, 48.9), 0),
    ],
)
def test_kilometres_follow_the_globe(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    assert kilometres(one, other) == pytest.approx(km, rel=0.005)
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
