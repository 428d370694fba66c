"""What scripts share with the service comes with the page and with its map."""

import json
import re
from html import unescape
from typing import Any

import httpx
import pytest

from app.places.grid import DECIMALS, STEP, position_code
from app.search.clusters import NEAR
from app.search.viewport import BLOCK, CELLS_OF_A_TILE, NORTHERNMOST

GRID = {"step": STEP, "decimals": DECIMALS}


@pytest.mark.parametrize("path", ["/", "/autour", "/departements/93"])
def test_a_page_hands_the_grid_to_the_button_around_me(
    crowd_client: httpx.Client, path: str
) -> None:
    found = re.findall(r"data-place-here data-grid='([^']*)'", crowd_client.get(path).text)
    assert [json.loads(unescape(each)) for each in found] == [GRID]


@pytest.mark.parametrize("path", ["/carte.js", "/carte.js?fond=sans", "/carte.js?fond=detaille"])
def test_the_script_of_maps_has_grid_and_cells(crowd_client: httpx.Client, path: str) -> None:
    script = crowd_client.get(path).text
    options, _ = json.JSONDecoder().raw_decode(script.partition("mesure23.actors(map, ")[2])
    assert options["grid"] == GRID
    assert options["cells"] == {
        "ofTile": CELLS_OF_A_TILE,
        "block": BLOCK,
        "northernmost": NORTHERNMOST,
        "near": NEAR,
    }


def options_of(client: httpx.Client, path: str) -> dict[str, Any]:
    """Return what a page hands to the script of its map."""
    [found] = re.findall(r"data-options='([^']*)'", client.get(path).text)
    options: dict[str, Any] = json.loads(unescape(found))
    return options


@pytest.mark.slow
def test_a_page_hands_over_what_its_map_shows(crowd_client: httpx.Client) -> None:
    options = options_of(crowd_client, "/departements/93?categorie=ase")
    assert options["boundaries"] == ["/api/departements/93/boundary.geojson"]
    assert options["actors"] == "/api/departements/93/actors.geojson?categorie=ase"
    (south, west), (north, east) = options["bounds"]
    assert (48 < south < north < 50, 2 < west < east < 3) == (True, True)
    # No boundary of it is known, but where its communes lie: not Matthew, which nobody lives on.
    overseas = options_of(crowd_client, "/departements/988")
    assert overseas["boundaries"] == []
    (south, west), (north, east) = overseas["bounds"]
    assert -23 < south < -22.7 < -19.7 < north < -19.5
    assert 163.5 < west < 163.6 < 167.9 < east < 168.1
    several = options_of(crowd_client, "/autour?dans=93&dans=75")
    assert [each[18:20] for each in several["boundaries"]] == ["93", "75"]
    near = options_of(crowd_client, "/integration/autour?lieu=48.910,2.440&rayon=5")
    assert (near["place"], near["radius"]) == ({"lat": 48.91, "lon": 2.44}, 5_000)
    extent = options_of(crowd_client, "/autour?cadre=2.400,48.880,2.480,48.930")
    assert extent["extent"] == [[48.88, 2.4], [48.93, 2.48]]
    # What the map of whoever asked was showing, so that it zooms out no further.
    assert extent["bounds"] == [[48.885, 2.405], [48.925, 2.475]]
    assert "place" not in extent


def test_a_map_shows_what_is_avoided(crowd_client: httpx.Client) -> None:
    asked = "/autour?lieu=48.910,2.440&sans=75&loin=48.910,2.440&ecart=50"
    avoided = options_of(crowd_client, asked)["avoided"]
    assert avoided["circle"] == {"lat": 48.91, "lon": 2.44, "radius": 50_000}
    assert avoided["boundaries"] == ["/api/departements/75/boundary.geojson"]
    assert "avoided" not in options_of(crowd_client, "/departements/93")


@pytest.mark.parametrize(
    "path",
    [
        "/autour?lieu=48.915,2.435",
        "/autour?cadre=2.4,48.88,2.48,48.93",
        "/autour?lieu=93008&loin=93066",
    ],
)
def test_no_address_that_a_browser_stores_names_a_place(
    crowd_client: httpx.Client, path: str
) -> None:
    page = crowd_client.get(path)
    assert page.headers["cache-control"] == "no-store"
    for url in re.findall(r'(?:src|<link rel="stylesheet" href)="(/[^"#]*)', page.text):
        stored = crowd_client.get(unescape(url))
        assert "immutable" in stored.headers["cache-control"]
        assert not re.search(r"lieu|loin|cadre|48\.9|2\.4|93008|93066", url)


def test_the_decimals_are_those_that_the_step_needs() -> None:
    assert round(STEP, DECIMALS) == STEP
    assert position_code(48.9351, -0.0001) == "48.935,0.000"
