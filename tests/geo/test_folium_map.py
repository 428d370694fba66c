"""Folium draws the map; nothing of it comes from another host, and no actor is in it."""

import re

import folium
import pytest
from branca.element import Figure

from geo.bounds import FRANCE
from geo.folium_map import BareMap, MapParts, Tiles, draw, tiles_named

BOUNDS = (48.8, 2.28, 49.01, 2.6)
OPTIONS = {"boundary": "/api/departements/93/boundary.geojson"}


@pytest.fixture
def drawn() -> MapParts:
    return draw(BOUNDS, tiles_named("ign"), OPTIONS)


def hosts(text: str) -> set[str]:
    return set(re.findall(r"//([a-z0-9.*{}-]+\.[a-z]+)", text))


def test_folium_itself_would_load_from_others() -> None:
    # What the next tests guard against is real.
    assert len(hosts(folium.Map().get_root().render())) >= 5


def test_the_whole_of_foliums_page_names_no_host_but_the_tiles() -> None:
    figure = Figure()
    figure.add_child(BareMap(location=[48.9, 2.4], tiles=None))
    assert hosts(figure.render()) == set()


def test_script_names_no_host_but_the_tiles(drawn: MapParts) -> None:
    assert hosts(drawn.script) == {"data.geopf.fr"}
    assert hosts(draw(BOUNDS, None, OPTIONS).script) == set()
    assets = (*BareMap.default_css, *BareMap.default_js)
    assert all(url.startswith("/static/vendor/") for _, url in assets)


def test_html_is_one_element_without_style(drawn: MapParts) -> None:
    assert re.fullmatch(r'<div class="folium-map" id="map"\s*></div>', drawn.html)


def test_viewport_that_forbids_zooming_is_left_out(drawn: MapParts) -> None:
    assert "user-scalable" not in drawn.html + drawn.script
    assert "<" not in drawn.script.replace("\\u003c", "")


def test_the_same_map_is_the_same_file(drawn: MapParts) -> None:
    assert draw(BOUNDS, tiles_named("ign"), OPTIONS).script == drawn.script


def test_script_shows_the_bounds_then_hands_over(drawn: MapParts) -> None:
    assert "[[48.8, 2.28], [49.01, 2.6]]" in drawn.script
    assert drawn.script.index("fitBounds") < drawn.script.index("mesure23.actors(map, ")
    assert OPTIONS["boundary"] in drawn.script


def test_without_bounds_france_is_shown() -> None:
    south, west, north, east = FRANCE
    assert f"[[{south}, {west}], [{north}, {east}]]" in draw(None, None, {}).script


def test_options_cannot_leave_the_script() -> None:
    script = draw(BOUNDS, None, {"boundary": "</script><script>`${x}"}).script
    assert "</script>" not in script


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("ign", "https://data.geopf.fr"),
        ("https://tuiles.exemple.fr/{z}/{x}/{y}.png", "https://tuiles.exemple.fr"),
        ("https://{s}.exemple.fr/{z}/{x}/{y}.png", "https://*.exemple.fr"),
    ],
)
def test_origin_of_tiles_is_what_a_policy_calls_it(name: str, origin: str) -> None:
    tiles = tiles_named(name)
    assert tiles is not None
    assert tiles.origin == origin


def test_tiles_can_be_none_or_credited() -> None:
    assert tiles_named("none") is None
    own = tiles_named("https://tuiles.exemple.fr/{z}/{x}/{y}.png", "© Exemple")
    assert own == Tiles("https://tuiles.exemple.fr/{z}/{x}/{y}.png", "© Exemple")
