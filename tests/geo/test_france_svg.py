"""France as one SVG: conformal, complete, and safe to put into a page."""

import re
import xml.etree.ElementTree as ET

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.france_svg import INNER_PARIS, OVERSEAS, STEPS, WIDTH, Shape, france_svg, step


def square(lon: float, lat: float, side: float = 0.5) -> bytes:
    """Return a square as WKB, EPSG:4326."""
    return bytes(shapely.to_wkb(shapely.box(lon, lat, lon + side, lat + side)))


def points(svg: str, code: str) -> list[tuple[int, int]]:
    """Return the vertices of the last drawing of a territory."""
    link = re.findall(rf'<a href="/departements/{code}".*?d="([^"]+)"', svg)[-1]
    start, _, moves = link.removeprefix("M").removesuffix("z").partition("l")
    x, y = (int(number) for number in re.findall(r"-?\d+", start))
    found = [(x, y)]
    numbers = [int(number) for number in re.findall(r"-?\d+", moves)]
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_place_is_that_of_lambert_93() -> None:
    # Paris Notre-Dame: E 652 469, N 6 862 035 in EPSG:2154, so 442.8 and 199.2 units of 1.25 km.
    svg = france_svg([Shape("77", "Notre-Dame", 1, square(2.3499, 48.8530, 0.02))])
    x, y = min(points(svg, "77")), max(points(svg, "77"))
    assert x[0] == pytest.approx(442.8, abs=1)
    assert y[1] == pytest.approx(199.2, abs=2)


def test_neighbours_share_their_border_whatever_the_rounding() -> None:
    svg = france_svg([Shape("01", "A", 0, square(5, 46)), Shape("02", "B", 0, square(5.5, 46))])
    assert len(set(points(svg, "01")) & set(points(svg, "02"))) == 2


def test_overseas_and_inner_paris_have_boxes_in_view() -> None:
    shapes = [
        Shape("974", "La Réunion", 7, square(55.3, -21.3)),
        Shape("75", "Paris", 3, square(2.3, 48.8, 0.1)),
    ]
    svg = france_svg(shapes)
    for code in ("974", "75"):
        drawn = points(svg, code)
        assert all(0 <= x <= WIDTH and 0 <= y <= 1064 for x, y in drawn)
        assert max(x for x, _ in drawn) - min(x for x, _ in drawn) > 50
    # Drawn twice, announced once.
    assert svg.count('href="/departements/75"') == 2
    assert svg.count('aria-label="Paris : 3 acteurs"') == 1
    assert not set(OVERSEAS) & set(INNER_PARIS)


@given(name=st.text(max_size=30), count=st.integers(0, 5000))
def test_any_name_is_text(name: str, count: int) -> None:
    printable = "".join(char for char in name if char.isprintable())
    svg = france_svg([Shape("01", printable, count, square(5, 46))])
    titles = [element.text for element in ET.fromstring(svg).iter("title")]  # noqa: S314
    assert titles == [f"{printable} : {count or 'aucun'} acteur{'s' if count > 1 else ''}"]


def test_steps_begin_where_the_legend_says() -> None:
    assert [step(count) for count in (0, *STEPS)] == [0, 1, 2, 3, 4]
    assert step(STEPS[1] - 1) == 1
    assert "1 à 4" in france_svg([])
