"""Lambert 93 and back, beside the points of the national register of establishments."""

import pytest

from geo.lambert import from_lambert, to_lambert


# Ferney-Voltaire, Nantes, Grasse, Vitteaux: what FINESS says in metres and in degrees.
@pytest.mark.parametrize(
    ("metres", "degrees"),
    [
        ((939295.37, 6577936.79), (6.107372, 46.258925)),
        ((355662.46, 6688060.96), (-1.551218, 47.203505)),
        ((1015959.22, 6291558.14), (6.917071, 43.652519)),
        ((815992.47, 6700691.33), (4.53787, 47.396399)),
    ],
)
def test_a_point_is_the_same_in_metres_and_in_degrees(
    metres: tuple[float, float], degrees: tuple[float, float]
) -> None:
    assert from_lambert(*metres) == pytest.approx(degrees, abs=2e-6)
    assert to_lambert(*degrees) == pytest.approx(metres, abs=0.2)


@pytest.mark.parametrize("metres", [(0, 0), (338_000, 7_700_000), (657_242, 1_795_384)])
def test_metres_that_are_not_in_france_are_no_point(metres: tuple[float, float]) -> None:
    assert from_lambert(*metres) is None
