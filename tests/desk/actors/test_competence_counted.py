"""Where nobody is known to be competent is counted, and drawn on our own ground."""

import re

import pytest

from tests.desk.actors.conftest import Desk
from tests.short_lists import csv, run

PAGE = "/gestion/competence"
HOUSE = "Maison des solidarités;Maison des solidarités;1 rue Une;93000;Bobigny;01 99 00 00 51;"


@pytest.mark.slow
def test_the_list_of_territories_counts_the_communes_that_its_pages_name(desk: Desk) -> None:
    run(desk.runtime, csv(HOUSE), source="maisons")
    browser = desk.signed_in()
    page = browser.get(PAGE).text
    counted = dict(re.findall(rf'<a href="({PAGE}/\w+\?fonction=\w+)">(\d[\d\s]*)<', page))
    of_here = [path for path in counted if "/93?" in path]
    assert {f"{PAGE}/93?fonction={each}" for each in ("solidarites", "justice")} <= {*of_here}
    for path in (*of_here, *[each for each in counted if "/59?" in each][:2]):
        places = browser.get(path).text.count('data-tone="nobody"')
        assert places == int(re.sub(r"\s", "", counted[path])), path


def test_the_map_of_communes_lies_on_our_own_ground(desk: Desk) -> None:
    page = desk.signed_in().get(f"{PAGE}/93").text
    assert re.search(r'data-ground="[^"]*built/ground/france[^"]*" data-territory="93"', page)
