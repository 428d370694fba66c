"""The box that says where to search: by keyboard, by touch, from the device, and by itself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.axe import AXE, COLOURS, RUN_AXE
from tests.browser.conftest import DESK, PHONE, Visit, propose

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Start = Callable[..., Visit]
# A doorstep, and the point of the grid that may leave the device.
DOORSTEP = {"latitude": 48.935123, "longitude": 2.354987}
POINT = "48.935,2.355"


def active(page: Page) -> str:
    """Return the text of the option that the box says is active, "" for none."""
    option = page.get_attribute("#ou", "aria-activedescendant")
    if option is None:
        return ""
    assert page.get_attribute(f"#{option}", "aria-selected") == "true"
    return page.inner_text(f"#{option}")


def test_a_place_is_chosen_by_keyboard(visit: Start) -> None:
    page = visit().go("/")
    found = propose(page, "st-denis")
    assert len(found) == 10
    assert re.match(r"Saint-Denis\s+97400, La Réunion", found[0])
    assert page.get_attribute("#ou", "role") == "combobox"
    assert page.get_attribute("#ou", "aria-expanded") == "true"
    assert page.get_attribute("#ou", "aria-controls") == "ou-liste"
    assert page.inner_text("[data-place-status]") == "10 propositions"
    assert active(page) == ""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert "Seine-Saint-Denis" in active(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/autour?lieu=93066")


def test_arrows_go_round_and_the_other_keys_return_to_the_text(visit: Start) -> None:
    page = visit().go("/")
    found = propose(page, "bobi")
    page.keyboard.press("ArrowUp")
    assert active(page) == found[-1]
    page.keyboard.press("ArrowDown")
    assert active(page) == ""
    page.keyboard.press("ArrowDown")
    assert active(page) == found[0]
    page.keyboard.press("Home")
    assert active(page) == ""
    page.keyboard.type("x")
    assert page.input_value("#ou") == "xbobi"


def test_escape_closes_then_empties_and_tab_goes_on(visit: Start) -> None:
    seen = visit()
    page = seen.go("/")
    propose(page, "bobi")
    page.keyboard.press("Escape")
    assert page.is_hidden("#ou-liste")
    assert page.input_value("#ou") == "bobi"
    page.keyboard.press("ArrowDown")
    assert page.is_visible("#ou-liste")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.input_value("#ou") == ""
    propose(page, "lille")
    page.keyboard.press("Tab")
    assert page.is_hidden("#ou-liste")
    assert page.get_attribute("#ou", "aria-expanded") == "false"
    assert "place-box__go" in seen.focused()


def test_a_place_is_chosen_by_touch(visit: Start) -> None:
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True).go("/")
    propose(page, "93200")
    page.tap(".place-box__option >> nth=0")
    page.wait_for_url("**/autour?lieu=93066")


def test_a_press_elsewhere_closes(visit: Start) -> None:
    page = visit().go("/")
    propose(page, "bobi")
    page.click("h1")
    assert page.is_hidden("#ou-liste")


def test_a_territory_leads_to_its_page(visit: Start) -> None:
    page = visit().go("/")
    propose(page, "seine-saint-d")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/departements/93")


def test_what_the_form_keeps_goes_along(visit: Start) -> None:
    page = visit().go("/")
    page.evaluate(
        """() => {
          for (const value of ["ase", "pjj"]) {
            const field = document.createElement("input");
            Object.assign(field, {type: "hidden", name: "categorie", value});
            document.querySelector("[data-place-box]").append(field);
          }
        }"""
    )
    propose(page, "bobigny")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/autour?lieu=93008&categorie=ase&categorie=pjj")


def test_a_late_answer_does_not_replace_a_newer_one(visit: Start) -> None:
    page = visit().go("/")
    waiting: list[Route] = []

    def answer(route: Route) -> None:
        if "q=bobi" in route.request.url:
            waiting.append(route)
        else:
            route.fallback()

    page.route("**/api/lieux*", answer)
    with page.expect_request(lambda request: "q=bobi" in request.url):
        page.locator("#ou").press_sequentially("bobi")
    page.fill("#ou", "lille")
    page.wait_for_selector(".place-box__option:has-text('Lille')")
    for each in waiting:
        each.fallback()
    page.wait_for_timeout(300)
    assert page.locator(".place-box__option:has-text('Bobigny')").count() == 0


def test_without_proposals_the_button_still_searches(visit: Start) -> None:
    page = visit(may_fail=True).go("/")
    page.route("**/api/lieux*", lambda route: route.abort())
    page.locator("#ou").press_sequentially("bobigny")
    expect(page.locator("[data-place-status]")).to_have_text(re.compile("indisponibles"))
    assert page.is_hidden("#ou-liste")
    page.keyboard.press("Enter")
    page.wait_for_url("**/autour?lieu=93008")


def test_without_script_the_form_finds_the_place(visit: Start) -> None:
    page = visit(java_script_enabled=False).go("/")
    assert page.is_hidden("[data-place-here]")
    page.fill("#ou", "Bobigny")
    page.click("text=Chercher")
    page.wait_for_url("**/autour?lieu=93008")
    page.fill("#ou", "Saint-Denis")
    page.click("[data-place-box] button[type=submit]")
    page.click("main a[href^='/autour?lieu=93066']")
    page.wait_for_url("**/autour?lieu=93066*")


def asked(page: Page) -> list[str]:
    """Return every address that the page asks from now on, as it grows."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


def test_around_me_sends_no_more_than_half_a_kilometre(visit: Start) -> None:
    seen = visit(geolocation=DOORSTEP, permissions=["geolocation"])
    page = seen.page
    page.add_init_script(
        "const get = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);"
        "window.asked = 0;"
        "navigator.geolocation.getCurrentPosition = (...all) => {window.asked++; get(...all);}"
    )
    seen.go("/")
    addresses = asked(page)
    assert page.evaluate("window.asked") == 0
    page.click("[data-place-here]")
    page.wait_for_url(f"**/autour?lieu={POINT.replace(',', '%2C')}")
    assert addresses
    assert not [each for each in addresses if "48.9351" in each or "2.3549" in each]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Autorisez-la pour ce site, ou écrivez une commune"),
        ({"permissions": ["geolocation"]}, "introuvable pour le moment"),
    ],
    ids=["refused", "unavailable"],
)
def test_a_position_that_does_not_come_is_reported(
    visit: Start, options: dict[str, Any], words: str
) -> None:
    seen = visit(**options)
    page = seen.go("/")
    # A device that does not know where it is.
    page.context.new_cdp_session(page).send("Emulation.setGeolocationOverride")
    page.click("[data-place-here]")
    expect(page.locator("[role=alert]")).to_contain_text(words)
    assert page.inner_text("[data-place-here]").strip() == "Autour de moi"
    assert "place-box__here" in seen.focused()


def test_around_me_is_not_offered_where_browsers_refuse_it(visit: Start) -> None:
    seen = visit()
    seen.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    assert seen.go("/").is_hidden("[data-place-here]")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_in_an_open_list(visit: Start, viewport: dict[str, int]) -> None:
    page = visit(viewport=viewport).go("/")
    propose(page, "saint")
    page.keyboard.press("ArrowDown")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.emulate_media(color_scheme="light")
    assert not page.evaluate(RUN_AXE, {})
    page.emulate_media(color_scheme="dark")
    assert not page.evaluate(RUN_AXE, COLOURS)


def test_an_open_list_fits_320_pixels(visit: Start) -> None:
    page = visit(viewport={"width": 320, "height": 640}).go("/")
    propose(page, "pierrefitte")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_street_without_its_town_stays_in_the_box_and_in_no_address(visit: Start) -> None:
    seen = visit()
    page = seen.go("/")
    page.fill("#ou", "12 rue de la Paix")
    page.keyboard.press("Enter")
    expect(page.locator("[data-place-error]")).to_contain_text("ajoutez son nom")
    assert page.input_value("#ou") == "12 rue de la Paix"
    assert seen.focused() == "ou"
    assert page.url.endswith("/")
    page.fill("#ou", "12 rue de la Paix, 93000 Bobigny")
    page.keyboard.press("Enter")
    page.wait_for_url("**/autour?lieu=*")
    assert "Paix" not in page.url


def test_without_script_the_page_says_that_a_street_was_not_kept(visit: Start) -> None:
    page = visit(java_script_enabled=False).go("/")
    page.fill("#ou", "12 rue de la Paix")
    page.keyboard.press("Enter")
    page.wait_for_url("**/autour?avis=commune")
    assert "que nous n’avons pas gardée" in page.inner_text(".notice[role=status]")
