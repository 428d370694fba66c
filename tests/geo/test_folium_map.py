"""Folium draws the map; nothing of it comes from another host, and no actor is in it."""

import re

import folium
import pytest
from branca.element import Figure

from geo.folium_map import BareMap, MapParts, Tiles, draw, tiles_named

CONSTANTS = {"radii": [5, 10]}


@pytest.fixture
def drawn() -> MapParts:
    return draw(tiles_named("ign"), CONSTANTS)


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
    assert hosts(draw(None, CONSTANTS).script) == set()


def test_html_is_one_element_without_style(drawn: MapParts) -> None:
    assert re.fullmatch(r'<div class="folium-map" id="map"\s*></div>', drawn.html)


def test_viewport_that_forbids_zooming_is_left_out(drawn: MapParts) -> None:
    assert "user-scalable" not in drawn.html + drawn.script
    assert "<" not in drawn.script.replace("\\u003c", "")


def test_the_same_map_is_the_same_file(drawn: MapParts) -> None:
    assert draw(tiles_named("ign"), CONSTANTS).script == drawn.script


def test_script_hands_the_constants_over(drawn: MapParts) -> None:
    assert 'mesure23.actors(map, {"radii": [5, 10]}, ' in drawn.script


def test_constants_cannot_leave_the_script() -> None:
    script = draw(None, {"text": "</script><script>`${x}"}).script
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
    assert own == Tiles(
        "https://tuiles.exemple.fr/{z}/{x}/{y}.png",
        "© Exemple",
        "Fond détaillé (tuiles.exemple.fr)",
    )
