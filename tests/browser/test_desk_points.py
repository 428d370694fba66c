"""The points to be checked in a browser: moved, saved, confirmed, by hand and by key."""

import re

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from tests.browser.points import (
    HERE,
    NAMES,
    Points,
    fields,
    middle,
    number_of,
    page_of_points,
    pin,
    row,
    save,
    stored,
    undone,
)
from tests.chromium import seen
from tests.geocoding.geocoder_peer import LON, latitude

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(points_browser: BrowserContext) -> Page:
    return page_of_points(points_browser)


def test_a_pin_is_dragged_put_back_and_saved_by_its_row(page: Page, points: Points) -> None:
    name = NAMES[1]
    number = number_of(page, name)
    page.get_by_role("link", name=name, exact=True).focus()
    before = fields(page, name)
    expect(save(page, name)).to_be_disabled()

    def drag() -> None:
        x, y = middle(pin(page, number))
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y - 30, steps=6)
        page.mouse.up()

    drag()
    after = fields(page, name)
    assert after[0] > before[0]
    assert after[1] > before[1]
    expect(save(page, name)).to_be_in_viewport()
    row(page, name).get_by_role("button", name="Remettre comme avant").click()
    assert fields(page, name) == before
    expect(save(page, name)).to_be_disabled()
    drag()
    after = fields(page, name)
    save(page, name).click()
    seen(page.get_by_role("status").get_by_text("1 placé."))
    expect(page.get_by_text(f"{name} : point enregistré")).to_be_visible()
    expect(pin(page, number)).to_have_count(0)
    assert stored(points, name) == pytest.approx((*after, "address"))
    # The next one is looked at, by the number that it had.
    expect(page.locator(":focus")).to_have_text(NAMES[2])
    expect(page.locator(".desk-pin.is-chosen")).to_have_text(str(number_of(page, NAMES[2])))
    expect(page.locator("[data-points-left]")).to_have_text("5 points")
    undone(page)
    assert stored(points, name)[2] == "commune"


def test_a_pin_that_stands_aside_moves_from_where_it_is_seen(page: Page) -> None:
    page.evaluate("scrollTo(0, 100)")
    together = {name: middle(pin(page, number_of(page, name))) for name in NAMES[:3]}
    name = max(together, key=lambda each: together[each])
    x, y = together[name]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=6)
    page.mouse.up()
    at_x, at_y = middle(pin(page, number_of(page, name)))
    assert abs(at_x - x - 30) < 4
    assert abs(at_y - y) < 4


def test_a_row_stays_under_the_hand_that_chooses_it(page: Page) -> None:
    page.get_by_role("link", name=NAMES[0], exact=True).focus()
    third = row(page, NAMES[2])
    third.evaluate("row => row.scrollIntoView({ block: 'center' })")
    before = middle(third.get_by_role("checkbox"))
    page.mouse.click(*before)
    expect(third.get_by_role("checkbox")).to_be_checked()
    expect(third).to_have_class(re.compile("is-chosen"))
    assert middle(third.get_by_role("checkbox")) == pytest.approx(before, abs=2)


def test_all_of_it_goes_by_keys_alone(page: Page, points: Points) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    name = page.locator(":focus").inner_text()
    page.keyboard.press("c")
    assert page.locator(":focus").get_attribute("aria-label") is not None
    expect(pin(page, number_of(page, name))).to_be_focused()
    before = fields(page, name)
    scrolled = page.evaluate("scrollY")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    after = fields(page, name)
    assert after[0] > before[0]
    assert after[1] > before[1]
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.press("Enter")
    expect(save(page, name)).to_be_focused()
    page.keyboard.press("Enter")
    seen(page.get_by_role("status").get_by_text("1 placé."))
    assert stored(points, name) == pytest.approx((*after, "address"))
    assert page.evaluate("scrollY") >= scrolled
    undone(page)
    # One key says of the next that it is right.
    page.keyboard.press("j")
    name = page.locator(":focus").inner_text()
    page.keyboard.press("a")
    seen(page.get_by_role("status").get_by_text("1 confirmé."))
    expect(page.get_by_text(f"{name} : point juste")).to_be_visible()
    undone(page)


def test_coordinates_move_the_pin_and_what_is_wrong_is_said_on_the_row(page: Page) -> None:
    name = NAMES[0]
    page.get_by_role("link", name=name, exact=True).focus()
    written = row(page, name).get_by_label("Latitude")
    before = middle(page.locator(".desk-pin.is-chosen"))
    written.fill("48,915")
    assert middle(page.locator(".desk-pin.is-chosen")) != before
    written.fill("50,63")
    written.press("Enter")
    seen(page.get_by_role("alert").get_by_text("Ce point n’est pas à Bobigny."))
    assert written.input_value() == "50,63"
    # The row is the same, with its number, and is mended where it stands.
    assert row(page, name).get_by_text("Point 2").count() == 1
    written.fill("48,915")
    page.keyboard.press("Control+Enter")
    seen(page.get_by_role("status").get_by_text("1 placé."))
    undone(page)


def test_coordinates_that_are_pasted_together_are_divided_between_their_fields(page: Page) -> None:
    name = NAMES[0]
    page.get_by_role("link", name=name, exact=True).focus()
    before = middle(page.locator(".desk-pin.is-chosen"))
    for pasted in ("48.915, 2.4400", "48,915 2,44", "48.915,2.44"):
        row(page, name).get_by_label("Latitude").fill(pasted)
        assert fields(page, name) == (48.915, 2.44)
    assert middle(page.locator(".desk-pin.is-chosen")) != before
    row(page, name).get_by_role("button", name="Remettre comme avant").click()


def test_the_answer_is_seen_and_taken(page: Page, points: Points) -> None:
    name = NAMES[1]
    page.get_by_role("link", name=name, exact=True).focus()
    expect(page.locator(".desk-pin-answer")).to_be_visible()
    row(page, name).get_by_role("button", name="Prendre ce point").press("Enter")
    assert fields(page, name) == pytest.approx((latitude(1), LON))
    page.keyboard.press("Enter")
    seen(page.get_by_role("status").get_by_text("1 placé."))
    assert stored(points, name) == pytest.approx((latitude(1), LON, "address"))
    undone(page)
    # Of another département it is shown, and not to be taken.
    elsewhere = row(page, NAMES[5])
    page.get_by_role("link", name=NAMES[5], exact=True).focus()
    expect(page.locator(".desk-pin-answer")).to_be_visible()
    assert elsewhere.get_by_role("button", name="Prendre ce point").count() == 0
    expect(elsewhere.get_by_text("hors du département")).to_be_visible()


def test_of_two_who_look_at_one_point_the_second_learns_who_was_first(
    points_browser: BrowserContext, page: Page
) -> None:
    name = NAMES[2]
    other = points_browser.new_page()
    other.goto(HERE)
    page.get_by_role("link", name=name, exact=True).focus()
    row(page, name).get_by_label("Latitude").fill("48,915")
    row(other, name).get_by_role("button", name="Le point est juste").click()
    seen(other.get_by_role("status").get_by_text("1 confirmé."))
    save(page, name).click()
    alert = page.get_by_role("alert").get_by_text("Camille Exemple a changé cette fiche")
    expect(alert).to_contain_text("point dit juste")
    expect(row(page, name)).to_have_count(0)
    other.keyboard.press("u")
    seen(other.get_by_text("1 remis comme avant."))


def test_many_are_right_at_once(page: Page) -> None:
    page.get_by_label(f"Choisir {NAMES[0]}").check()
    page.get_by_label(f"Choisir {NAMES[1]}").check()
    page.get_by_role("button", name="Les points cochés sont justes").click()
    seen(page.get_by_role("status").get_by_text("2 confirmés."))
    expect(page.locator("[data-pin]")).to_have_count(len(NAMES) - 2)
    page.keyboard.press("u")
    seen(page.get_by_text("2 remis comme avant."))


def test_what_was_moved_and_not_saved_is_not_left_by_mistake(page: Page) -> None:
    name = NAMES[0]
    page.get_by_role("link", name=name, exact=True).focus()
    row(page, name).get_by_label("Latitude").fill("48,915")
    expect(row(page, name).get_by_role("button", name="Le point est juste")).to_be_disabled()
    asked = list[str]()

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.once("dialog", accept)
    page.goto("/gestion")
    assert asked == ["beforeunload"]


def test_where_the_service_does_not_answer_nothing_is_lost(page: Page) -> None:
    name = NAMES[0]
    page.get_by_role("link", name=name, exact=True).focus()
    row(page, name).get_by_label("Latitude").fill("48,915")
    page.route("**/gestion/points/*", lambda route: route.abort())
    save(page, name).click()
    seen(page.get_by_text("Rien n’est enregistré : le service ne répond pas"))
    assert fields(page, name)[0] == 48.915
    page.unroute("**/gestion/points/*")
    save(page, name).click()
    seen(page.get_by_role("status").get_by_text("1 placé."))
    undone(page)


def test_without_a_script_the_form_of_the_actor_has_the_map(points_bare: BrowserContext) -> None:
    page = points_bare.new_page()
    page.goto(HERE)
    expect(page.get_by_label("Latitude").first).to_be_hidden()
    one = row(page, NAMES[0])
    one.get_by_role("button", name="Le point est juste").click()
    expect(page.get_by_role("status")).to_contain_text("1 confirmé.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("1 remis comme avant.")
    row(page, NAMES[0]).get_by_role("link", name="Voir sur la carte").click()
    expect(page).to_have_url(re.compile("/modifier"))
