"""The page of a territory, as somebody uses it: filters, list and map tell one story."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit, stand_still

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Start = Callable[..., Visit]
SEINE_SAINT_DENIS = "/departements/93"


def category_counts(page: Page) -> dict[str, int]:
    """Return what the filters announce for each category."""
    pairs: list[list[Any]] = page.eval_on_selector_all(
        "[type=checkbox][name=categorie]",
        "boxes => boxes.map(box => [box.value,"
        " parseInt(box.closest('label').querySelector('.tally').textContent)])",
    )
    return dict(pairs)


def listed_in(page: Page) -> int:
    """Return how many actors the cards stand for: some say the same, and are one card."""
    names = page.locator(".results .card__name").all_text_contents()
    gathered = (re.match(r"(\d+) lieux", name.strip()) for name in names)
    return sum(int(found[1]) if found else 1 for found in gathered)


def unfold(page: Page) -> None:
    """Open the filters."""
    page.click("#filtres-pli > summary")


def test_list_map_and_filters_say_the_same(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    total = seen.count()
    assert total == listed_in(page) == sum(category_counts(page).values())
    answer = page.request.get(seen.base + str(page.get_attribute("#liste", "data-geojson"))).json()
    listed = page.eval_on_selector_all(".card", "cards => cards.map(card => card.dataset.actor)")
    drawn = [feature["id"] for feature in answer["features"]]
    assert 0 < len(drawn) == seen.drawn()
    assert set(drawn) <= set(listed)
    withheld = page.eval_on_selector_all(
        "#groupe-2 ~ .cards .card", "cards => cards.map(card => card.dataset.actor)"
    )
    assert withheld
    assert not set(withheld) & set(drawn)


def test_filter_changes_list_map_counts_and_address(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    before, announced = seen.drawn(), category_counts(page)
    unfold(page)
    page.check("#categorie-association")
    seen.wait_for_count(announced["association"])
    assert page.url.endswith("/departements/93?categorie=association")
    assert page.locator(".results .card").count() == announced["association"]
    assert 0 < seen.drawn() < before
    # The focus stays on the box, and the number is announced.
    assert seen.focused() == "categorie-association"
    number = page.inner_text("#compte")
    page.wait_for_selector(f"#annonce:text-is({number!r})", state="attached")
    # What was unfolded stays so.
    page.check("#categorie-sante")
    seen.wait_for_count(announced["association"] + announced["sante"])


def test_a_filter_far_down_a_phone_stays_under_the_finger(visit: Start) -> None:
    seen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = seen.go(SEINE_SAINT_DENIS)
    unfold(page)
    page.locator("#categorie-association").scroll_into_view_if_needed()
    before = page.locator("#categorie-association").bounding_box()
    page.check("#categorie-association")
    seen.wait_for_count(category_counts(page)["association"])
    after = page.locator("#categorie-association").bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=2)


def test_shared_link_shows_the_same_view(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    unfold(page)
    page.check("#categorie-association")
    seen.wait_for_count(category_counts(page)["association"])
    other = visit()
    other.go(page.url.removeprefix(seen.base))
    assert other.page.is_checked("#categorie-association")
    assert (other.count(), other.drawn()) == (seen.count(), seen.drawn())


def test_back_restores_list_filters_and_map(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    first = (seen.count(), seen.drawn())
    unfold(page)
    page.check("#categorie-association")
    seen.wait_for_count(category_counts(page)["association"])
    second = (seen.count(), seen.drawn())
    page.go_back()
    seen.wait_for_count(first[0])
    assert (seen.count(), seen.drawn()) == first
    assert not page.is_checked("#categorie-association")
    page.go_forward()
    seen.wait_for_count(second[0])
    assert (seen.count(), seen.drawn()) == second
    assert page.is_checked("#categorie-association")


def test_a_style_that_a_script_left_is_carried_into_no_answer(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    # As extensions leave it; writing it would break the page's policy, which the console tells.
    page.eval_on_selector(
        "#filtres", "form => { form.style.width = '9rem'; form.style.width = '' }"
    )
    unfold(page)
    page.fill("#q", "cellule")
    page.press("#q", "Enter")
    page.wait_for_url("**q=cellule*")
    seen.wait_for_count(seen.count())
    assert page.get_attribute("#filtres", "style") is None


def test_chip_removes_its_filter(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS + "?categorie=association&categorie=sante")
    page.click(".chip:has-text('Santé')")
    page.wait_for_url("**/departements/93?categorie=association")
    seen.wait_for_count(category_counts(page)["association"])
    assert not page.is_checked("#categorie-sante")
    assert seen.focused() == "compte"


def test_empty_result_says_what_to_relax(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS + "?categorie=police&fonction=hebergement")
    assert seen.count() == seen.drawn() == 0
    page.click("text=Sans « Hébergement »")
    page.wait_for_url("**/departements/93?categorie=police")
    seen.wait_for_count(1)


def test_popup_is_the_card(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS + "?categorie=uaped")
    page.click(".actor-marker")
    popup, card = page.inner_text(".popup"), page.inner_text(".card.is-selected")
    assert popup == card
    assert page.locator(".popup a[href^='tel:']").count() == 1
    page.click(".leaflet-popup-close-button")
    page.wait_for_selector(".popup", state="detached")


def test_card_under_the_pointer_raises_its_marker(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS + "?categorie=uaped")
    page.hover(".card")
    page.wait_for_selector(".actor-marker.is-highlighted")
    page.hover(".bar__count")
    page.wait_for_selector(".actor-marker.is-highlighted", state="detached")


def test_marker_that_is_pointed_at_or_has_the_focus_raises_its_card(visit: Start) -> None:
    page = visit().go(SEINE_SAINT_DENIS + "?categorie=uaped")
    page.focus(".actor-marker")
    page.wait_for_selector(".card.is-highlighted")
    page.focus(".brand")
    page.wait_for_selector(".card.is-highlighted", state="detached")
    page.hover(".actor-marker")
    page.wait_for_selector(".card.is-highlighted")
    page.hover(".bar__count")
    page.wait_for_selector(".card.is-highlighted", state="detached")


def test_actors_on_one_point_are_spread_and_reached_by_keyboard(visit: Start) -> None:
    seen = visit()
    page = seen.go("/departements/59?categorie=association&categorie=pjj&categorie=prevention")
    for _ in range(6):
        if page.locator(".cluster-leg").count():
            break
        page.focus(".cluster >> nth=-1")
        page.keyboard.press("Enter")
        stand_still(page)
    assert page.locator(".cluster-leg").count() >= 2
    page.wait_for_selector(".actor-marker:focus")
    marker = page.evaluate_handle("document.activeElement")
    for key in ("Enter", " "):
        page.keyboard.press(key)
        page.wait_for_selector(".leaflet-popup[role=dialog]")
        # The focus is inside, and Escape brings it back.
        assert page.evaluate("document.activeElement.matches('.popup a')")
        page.keyboard.press("Escape")
        page.wait_for_selector(".leaflet-popup", state="detached")
        assert page.evaluate("marker => marker === document.activeElement", marker)


def test_keyboard_goes_from_skip_link_to_filter_and_card(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    page.keyboard.press("Tab")
    assert seen.focused() == "exit"
    page.keyboard.press("Tab")
    assert seen.focused() == "skip-link"
    page.keyboard.press("Enter")
    while not seen.focused().startswith("filter-sheet__summary"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert seen.focused() == "q"
    page.keyboard.press("Tab")
    assert seen.focused() == "facet__summary"
    page.keyboard.press("Tab")
    assert seen.focused().startswith("categorie-")
    page.keyboard.press("Space")
    page.wait_for_url("**?categorie=*")
    assert seen.focused().startswith("categorie-")
    # Escape folds the filters, and what was pressed has the focus again.
    page.keyboard.press("Escape")
    assert seen.focused().startswith("filter-sheet__summary")
    assert not page.is_visible("#q")


def test_keyboard_can_skip_the_filters(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    for _ in range(3):  # the exit, and two links that skip
        page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Aller à la liste"
    page.keyboard.press("Enter")
    page.wait_for_selector("#liste:focus")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.results .card') !== null")


def test_phone_shows_the_map_one_tap_away(visit: Start) -> None:
    seen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = seen.go(SEINE_SAINT_DENIS)
    assert page.is_visible(".card .phone >> nth=0")
    assert not page.is_visible("#map")
    page.tap("#vue-carte")
    page.wait_for_url("**?vue=carte")
    page.wait_for_selector("#map", state="visible")
    assert not page.is_visible("#liste")
    expect(page.locator(".bar__view")).to_have_text("Liste")
    # The whole map is on the screen.
    area = page.locator(".map-area").bounding_box()
    assert area is not None
    assert area["y"] + area["height"] <= PHONE["height"] + 1
    # Fitted to the territory although it was hidden when it was drawn.
    page.wait_for_selector(".territory-border", state="attached")
    stand_still(page)
    border = page.locator(".territory-border").bounding_box()
    assert border is not None
    assert 100 < border["width"] <= PHONE["width"]
    # A filter keeps the map in view, and the address keeps both.
    page.tap("#filtres-pli > summary")
    page.check("#categorie-association")
    page.wait_for_url("**?categorie=association&vue=carte")
    assert page.is_visible("#map")
    page.tap("[data-see]")
    page.tap("#vue-liste")
    page.wait_for_url("**?categorie=association")
    assert page.is_visible("#liste")
    page.go_back()
    page.wait_for_selector("#liste[data-view]", state="attached")
    assert page.is_visible("#map")


def test_failed_data_can_be_asked_again(visit: Start) -> None:
    seen = visit(may_fail=True)
    page = seen.page
    page.route("**/actors.geojson*", lambda route: route.abort())
    seen.go(SEINE_SAINT_DENIS)
    page.wait_for_selector("text=n’ont pas pu être placés")
    page.unroute("**/actors.geojson*")
    page.click("text=Réessayer")
    seen.wait_for_count(seen.count())
    assert seen.drawn() > 0
    assert page.locator(".map-area__note").count() == 0


def test_territory_without_boundary_works(visit: Start) -> None:
    seen = visit()
    page = seen.go("/departements/975")
    assert seen.count() == 0
    assert page.is_visible("text=Allô enfance en danger >> nth=0")
