"""A map for paper: what is asked is on it, nothing overlaps, and numbers lead to marks."""

import re

import pytest
import shapely

from geo.map_svg import LABELS, Circle, Label, Land, Mark, map_svg
from geo.projection import LOWEST, SIZE, TALLEST, WIDTH, Projection

HERE = '<path d="M12 1V23"/>'
SHAPES = {
    "circle": '<circle cx="12" cy="12" r="10"/>',
    "cross": '<path d="M1 1H9Z"/>',
    "here": HERE,
}
BOX = (48.8, 2.2, 49.0, 2.6)
LANDS = [
    Land(shapely.to_wkb(shapely.box(2.2, 48.8, 2.4, 49.0)), True),
    Land(shapely.to_wkb(shapely.box(2.4, 48.8, 2.8, 49.0)), False),
]


def mark(lon: float, lat: float, shape: str = "circle", *, approximate: bool = False) -> Mark:
    return Mark(lon, lat, shape, approximate)


@pytest.mark.parametrize(
    "bounds", [BOX, (48.0, 2.0, 50.0, 2.1), (-21.4, 55.2, -20.8, 55.9), (48.9, 2.4, 48.9, 2.4)]
)
def test_a_projection_shows_its_bounds_whole_and_evenly(
    bounds: tuple[float, float, float, float],
) -> None:
    projection = Projection.showing(bounds)
    assert LOWEST <= projection.height <= TALLEST
    south, west, north, east = bounds
    for lon, lat in ((west, south), (east, north)):
        assert projection.holds(projection.page_point(lon, lat))
    # As many kilometres for a millimetre both ways.
    middle = ((west + east) / 2, (south + north) / 2)
    x, y = projection.page_point(*middle)
    assert (x, y) == pytest.approx((WIDTH / 2, projection.height / 2))


def test_what_would_overlap_shares_a_number() -> None:
    projection = Projection.showing(BOX)
    marks = [
        *(mark(2.30, 48.90), mark(2.45, 48.90), mark(2.3001, 48.9001)),
        *(mark(2.45, 48.9001, "cross"), mark(9.0, 48.9), mark(2.55, 48.85, approximate=True)),
    ]
    drawing = map_svg(projection, "Carte", LANDS, marks, SHAPES)
    assert drawing.numbers == (1, 2, 1, 2, None, 3)
    # One shape for those of one kind, a circle of its own for several, a hollow one for a town.
    assert drawing.svg.count(SHAPES["circle"]) == 2
    assert SHAPES["cross"] not in drawing.svg
    assert 'fill="#fff" stroke="#000" stroke-width="2.2"' in drawing.svg


def test_marks_stand_apart_however_many_there_are() -> None:
    projection = Projection.showing(BOX)
    marks = [mark(2.2 + n % 20 * 0.02, 48.8 + n // 20 * 0.0133) for n in range(300)]
    drawing = map_svg(projection, "Carte", LANDS, marks, SHAPES)
    assert None not in drawing.numbers
    places = [
        (float(x), float(y))
        for x, y in re.findall(r"translate\(([\d.]+) ([\d.]+)\) scale", drawing.svg)
    ]
    assert len(places) == max(number or 0 for number in drawing.numbers)
    for at, (x, y) in enumerate(places):
        for other_x, other_y in places[:at]:
            assert abs(x - other_x) > 6 or abs(y - other_y) > 4


def test_names_stand_where_nothing_else_does() -> None:
    projection = Projection.showing(BOX)
    labels = [Label("Bobigny", 2.3, 48.9), Label("Drancy", 2.3005, 48.9), Label("<b>", 2.5, 48.9)]
    svg = map_svg(projection, "Carte", LANDS, [mark(2.3, 48.9)], SHAPES, labels=labels).svg
    found = re.findall(r'y="([\d.]+)"[^>]*>(Bobigny|Drancy)<', svg)
    assert len({height for height, _ in found}) == 2
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg


def test_nothing_covers_the_place_that_is_looked_around_nor_its_name() -> None:
    projection = Projection.showing(BOX)
    # All over the map, so that wherever the name were there would be some.
    marks = [mark(2.2 + n % 40 * 0.01, 48.8 + n // 40 * 0.01) for n in range(800)]
    marks += [mark(2.4, 48.9, "cross"), mark(2.4, 48.92, "cross")]
    towns = [Label(f"Ville {n}", 2.4, 48.8 + n * 0.002) for n in range(LABELS * 7)]
    circle = Circle(2.4, 48.9, 10, "Saint-Denis")
    drawing = map_svg(projection, "Carte", LANDS, marks, SHAPES, labels=towns, circle=circle)
    assert None not in drawing.numbers[-2:]
    assert drawing.svg.rindex(HERE) > drawing.svg.rindex(SHAPES["circle"])
    x, y = projection.page_point(2.4, 48.9)
    name = re.findall(r'x="([\d.]+)" y="([\d.]+)"[^>]*>Saint-Denis<', drawing.svg)
    assert {(float(left), y - 4 < float(top) < y - SIZE / 2) for left, top in name} == {
        (round(x, 2), True)
    }
    spots = [
        (float(left), float(top))
        for left, top in re.findall(r"translate\(([\d.]+) ([\d.]+)\) scale", drawing.svg)
    ]
    spots.remove(min(spots, key=lambda at: abs(at[0] + SIZE / 2 - x) + abs(at[1] + SIZE / 2 - y)))
    assert len(spots) > 100
    for left, top in spots:
        assert left > x + SIZE / 2 or left + SIZE < x - SIZE / 2 or abs(top + SIZE / 2 - y) > SIZE
        wide = len("Saint-Denis") * 0.72
        beside = left > x + wide or left + SIZE < x - wide
        assert beside or top + SIZE < y - SIZE / 2 - 3 or top > y - SIZE / 2


def test_a_place_without_a_name_has_none_on_the_map() -> None:
    projection = Projection.showing(BOX)
    svg = map_svg(projection, "Carte", LANDS, [], SHAPES, circle=Circle(2.4, 48.9, None)).svg
    assert HERE in svg
    # What the scale says.
    assert svg.count("<text") == 2


def test_a_radius_is_drawn_to_scale() -> None:
    projection = Projection.showing(BOX)
    svg = map_svg(projection, "Carte", LANDS, [], SHAPES, circle=Circle(2.4, 48.9, 10)).svg
    radius = re.search(r'r="([\d.]+)" fill="none"', svg)
    assert radius
    # A hundredth of a degree of latitude is 1.112 km.
    step = projection.page_point(2.4, 48.89)[1] - projection.page_point(2.4, 48.9)[1]
    assert float(radius[1]) == pytest.approx(step * 10 / 1.112, rel=0.01)


def test_neighbours_meet_without_a_slit() -> None:
    svg = map_svg(Projection.showing(BOX), "Carte", LANDS, [], SHAPES).svg
    main, other = (
        {tuple(point.split()) for point in re.split("[MLZ]", path) if point}
        for path in re.findall(r'<path d="(M[^"]*Z)" fill="#(?:fff|efefef)"', svg)
    )
    assert len(main & other) == 2


@pytest.mark.parametrize(
    ("lon", "circle", "written"),
    [
        (2.3, None, 1),
        (2.4, None, 2),
        (2.3, Circle(2.3, 48.9, None), 1),
        (2.34, Circle(2.3, 48.9, 3.0), 2),
    ],
    ids=["within", "over a border", "beside a point", "over a circle"],
)
def test_a_name_has_a_white_edge_where_a_line_goes_through_it(
    lon: float, circle: Circle | None, written: int
) -> None:
    label = Label("Ville", lon, 48.93 if circle and circle.km is None else 48.9)
    projection = Projection.showing(BOX)
    drawing = map_svg(projection, "Carte", LANDS, [], SHAPES, labels=[label], circle=circle)
    assert drawing.svg.count(">Ville</text>") == written
