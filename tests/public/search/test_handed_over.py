"""What scripts share with the service comes with the page and with its map."""

import json
import re
from html import unescape

import httpx
import pytest

from app.places.grid import DECIMALS, STEP, position_code
from app.search.clusters import NEAR
from app.search.criteria import DEFAULT_RADIUS, RADII
from app.search.viewport import BLOCK, CELLS_OF_A_TILE, NORTHERNMOST

GRID = {"step": STEP, "decimals": DECIMALS}


@pytest.mark.parametrize("path", ["/", "/autour", "/departements/93"])
def test_a_page_hands_the_grid_to_the_button_around_me(
    crowd_client: httpx.Client, path: str
) -> None:
    found = re.findall(r"data-place-here data-grid='([^']*)'", crowd_client.get(path).text)
    assert [json.loads(unescape(each)) for each in found] == [GRID]


@pytest.mark.parametrize(
    "path", ["/autour/carte.js", "/autour/carte.js?dans=93&dans=75", "/departements/93/carte.js"]
)
def test_every_map_hands_over_grid_radii_and_cells(crowd_client: httpx.Client, path: str) -> None:
    script = crowd_client.get(path).text
    options, _ = json.JSONDecoder().raw_decode(script.partition("mesure23.actors(map, ")[2])
    assert options["grid"] == GRID
    assert options["radii"] == [radius for radius in RADII if radius]
    assert options["usualRadius"] == DEFAULT_RADIUS
    assert options["cells"] == {
        "ofTile": CELLS_OF_A_TILE,
        "block": BLOCK,
        "northernmost": NORTHERNMOST,
        "near": NEAR,
    }
    assert options["actors"]


def test_the_decimals_are_those_that_the_step_needs() -> None:
    assert round(STEP, DECIMALS) == STEP
    assert position_code(48.9351, -0.0001) == "48.935,0.000"
