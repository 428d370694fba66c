"""Scripts say no number of the service again: they take it from the page or the map."""

import re

import pytest

from app.places.grid import STEP
from app.search.clusters import NEAR
from app.search.criteria import DEFAULT_RADIUS, RADII
from app.search.viewport import BLOCK, CELLS_OF_A_TILE, NORTHERNMOST
from app.settings import ROOT

SCRIPTS = ROOT / "static/js"
OF_PLACES = ["place-box.js", "map.js", "map/around.js", "map/clusters.js", "map/grid.js"]
OF_THE_SERVICE = {
    *(STEP, NEAR, BLOCK, CELLS_OF_A_TILE, NORTHERNMOST, DEFAULT_RADIUS),
    *(radius for radius in RADII if radius),
}


def numbers(script: str) -> set[float]:
    """Return the numbers that a script writes, those in comments and texts left out."""
    code = re.sub(r'"[^"\n]*"|//[^\n]*|/\*.*?\*/', " ", script, flags=re.DOTALL)
    return {
        float(each.replace("_", "")) for each in re.findall(r"(?<![\w.#])\d[\d_]*(?:\.\d+)?", code)
    }


@pytest.mark.parametrize("name", OF_PLACES)
def test_a_script_says_no_number_that_the_service_says(name: str) -> None:
    assert not numbers((SCRIPTS / name).read_text()) & OF_THE_SERVICE


def test_no_script_at_all_knows_the_grid_or_the_end_of_the_world() -> None:
    for path in sorted(SCRIPTS.rglob("*.js")):
        found = numbers(path.read_text())
        assert STEP not in found, path
        assert not any(85 <= each < 86 for each in found), path


def test_a_number_is_found_wherever_it_is_written() -> None:
    script = 'const A = [5, 10_000]; // 25\n/* 17 */ b(0.005, "8", c3) + -85.05;'
    assert numbers(script) == {5, 10_000, 0.005, 85.05}
