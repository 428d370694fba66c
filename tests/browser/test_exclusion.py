"""To exclude what is near a place: it is found by its name, or the visitor learns why not."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.test_around import SAINT_DENIS, asked

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]


def in_sight(page: Page, selector: str) -> bool:
    """Return whether the whole of the first such thing is on the screen, under the header."""
    box = page.locator(selector).first.bounding_box()
    header = page.locator(".site-header").bounding_box()
    assert box is not None
    assert header is not None
    assert page.viewport_size is not None
    low = box["y"] + box["height"]
    return header["height"] <= box["y"] and low <= page.viewport_size["height"]


def test_place_to_exclude_is_found_by_its_name(visit: Start) -> None:
    seen = visit()
    page = seen.go(SAINT_DENIS)
    before = seen.count()
    page.click("#filtres-pli > summary")
    page.click("#eloigner-pli > summary")
    page.fill("#eloigner", "Bobigny")
    page.keyboard.press("Enter")
    page.wait_for_url("**loin=93008")
    assert asked(page) == [("lieu", "93066"), ("loin", "93008")]
    assert "À plus de 25 km de Bobigny" in page.inner_text(".chips")
    assert seen.count() < before
    page.select_option("#ecart", "5")
    page.wait_for_selector(".chip:has-text('À plus de 5 km')")
    page.select_option("#sans", "75")
    # The address comes first, then the form that knows of it.
    page.wait_for_selector(".chip:has-text('Paris')")
    page.select_option("#sans", "92")
    page.wait_for_url("**sans=75&sans=92*")
    assert "Hors Paris (75)" in page.inner_text(".chips")
    # Nothing whose address is not published stays where its territory may be too near.
    assert page.locator("#groupe-2").count() == 0
    page.click("[data-see]")
    page.click(".chip:has-text('Paris')")
    page.wait_for_url(lambda url: "sans=92" in url and "sans=75" not in url)


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_homonyms_to_exclude_are_offered_under_their_field(
    visit: Start, viewport: dict[str, int], scripted: bool
) -> None:
    seen = visit(viewport=viewport, java_script_enabled=scripted)
    page = seen.go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.click("#eloigner-pli > summary")
    page.fill("#eloigner", "st denis")
    page.press("#eloigner", "Enter")
    page.wait_for_selector("#eloigner-avis:text('pas encore appliqué')")
    if scripted:
        page.wait_for_selector(
            "#annonce:text-matches('pas encore appliqué.*acteurs')", state="attached"
        )
        assert asked(page) == [("lieu", "93066")]
    page.wait_for_load_state()
    assert page.input_value("#eloigner") == "st denis"
    page.wait_for_selector("#eloigner:focus")
    assert page.get_attribute("#eloigner", "aria-describedby") == "eloigner-avis"
    assert in_sight(page, "#eloigner")
    assert in_sight(page, ".exclusion__notice li")
    assert not page.locator(".chip").count()
    # What was typed stands in its own field alone; with script not even in the address.
    assert re.findall(r"st(?: |\+|%20)denis", page.content()) == ["st denis"]
    page.click(".place-choices a:has-text('La Réunion')")
    page.wait_for_url("**loin=97411")
    assert dict(asked(page)) == {"lieu": "93066", "loin": "97411"}
    page.wait_for_selector(".chip:has-text('Saint-Denis')")
    assert page.input_value("#eloigner") == ""


def test_a_place_that_nobody_knows_is_not_taken_for_one_that_is_excluded(
    visit: Start,
) -> None:
    seen = visit()
    page = seen.go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.click("#eloigner-pli > summary")
    page.fill("#eloigner", "zzzz")
    page.press("#eloigner", "Enter")
    page.wait_for_selector("#annonce:text('Vérifiez l’orthographe')", state="attached")
    assert in_sight(page, ".exclusion__notice")
    # It stays until it is mended, whatever else is chosen meanwhile.
    page.focus("#sans")
    page.select_option("#sans", "75")
    page.wait_for_selector(".chip:has-text('Paris')")
    assert page.input_value("#eloigner") == "zzzz"
    assert seen.focused() == "sans"
    assert page.is_visible("#eloigner-avis")
    assert asked(page) == [("lieu", "93066"), ("sans", "75")]


def test_a_commune_that_stands_for_an_address_to_exclude_is_reported_there(
    visit: Start,
) -> None:
    page = visit().go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.click("#eloigner-pli > summary")
    page.fill("#eloigner", "mairie de Bobigny")
    page.press("#eloigner", "Enter")
    page.wait_for_url("**loin=93008")
    page.wait_for_selector("#annonce:text('inconnu')", state="attached")
    assert page.input_value("#eloigner") == ""
    assert in_sight(page, "#eloigner-avis")


def test_territory_to_exclude_is_left_out_whole(visit: Start) -> None:
    page = visit(java_script_enabled=False).go("/autour?eloigner=Seine-Saint-Denis")
    assert asked(page) == [("sans", "93")]
