"""The map of coverage draws the rows of its table, and nothing is lost without it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = pytest.mark.browser
Start = Callable[..., Visit]
ONE = "/couverture?fonction=ecoute"
STEPS = """rows => rows.map(row => row.dataset.step).sort()"""
SHADES = """areas => areas.map(area => area.getAttribute("class").match(/area--(\\d)/)[1]).sort()"""


@pytest.mark.slow
def test_each_area_has_the_shade_of_its_row(visit: Start) -> None:
    page = visit(viewport=DESK).go(ONE)
    page.wait_for_selector("path.coverage-area")
    drawn = page.eval_on_selector_all("path.coverage-area", SHADES)
    steps = page.eval_on_selector_all("tr[data-area]", STEPS)
    # Six territories have no outline.
    assert len(steps) - len(drawn) == 6
    assert len([each for each in steps if each != "0"]) == len([e for e in drawn if e != "0"])
    hole = page.locator("path.coverage-area--0").first
    assert "trou" in hole.evaluate("path => getComputedStyle(path).fill")


@pytest.mark.slow
def test_an_area_leads_where_its_row_does_and_a_button_overseas(visit: Start) -> None:
    page = visit(viewport=DESK).go(ONE)
    page.click("button:text-is('La Réunion')")
    page.locator(".coverage__canvas").click()
    page.wait_for_url(re.compile(r"/departements/974\?fonction=ecoute$"))


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_without_a_script_the_answers_and_the_table_are_there(
    visit: Start, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, java_script_enabled=False).go("/couverture")
    assert not page.is_visible(".coverage__map")
    page.select_option("#mission", "ecoute")
    page.click("text=Voir")
    page.wait_for_url("**/couverture?fonction=ecoute")
    expect(page.locator("#personne")).to_be_visible()
    expect(page.locator("tr[data-area]")).to_have_count(108)
    page.click("thead a:has-text('Territoire')")
    expect(page.locator("thead th:first-child")).to_have_attribute("aria-sort", "ascending")
