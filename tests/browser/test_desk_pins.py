"""The map of numbered points in a browser, beside what the page says of them."""

import json
import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.axe import AXE, RUN_AXE
from tests.browser.points import (
    DESK,
    HERE,
    NAMES,
    PHONE,
    middle,
    number_of,
    page_of_points,
    pin,
    row,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(points_browser: BrowserContext) -> Page:
    return page_of_points(points_browser)


def test_rows_are_numbered_as_their_pins(page: Page) -> None:
    assert page.locator(".desk-pin").count() == len(NAMES)
    for name in NAMES:
        number = number_of(page, name)
        label = pin(page, number).get_attribute("aria-label") or ""
        assert label.startswith(f"Point {number} : {name}. Flèches pour le déplacer")
        assert pin(page, number).inner_text() == str(number)
        assert f"Point {number}" in (row(page, name).text_content() or "")


def test_a_row_that_is_chosen_centres_its_pin(page: Page) -> None:
    name = "Association de la voie"
    page.get_by_role("link", name=name, exact=True).focus()
    expect(page.locator(".desk-pin.is-chosen")).to_have_text(str(number_of(page, name)))
    x, y = middle(page.locator(".desk-pins__map"))
    at_x, at_y = middle(page.locator(".desk-pin.is-chosen"))
    # Its foot is the point.
    assert abs(at_x - x) < 3
    assert 0 < y - at_y < 40
    page.keyboard.press("k")
    expect(page.locator(".desk-pin.is-chosen")).not_to_have_text(str(number_of(page, name)))


def test_an_answer_that_is_far_off_does_not_take_the_map_from_its_point(page: Page) -> None:
    page.get_by_role("link", name="Association du Nord", exact=True).focus()
    expect(page.locator(".leaflet-control-scale-line")).to_have_text("1 km")


def test_a_pin_that_is_chosen_brings_its_row_into_view(page: Page) -> None:
    number = number_of(page, NAMES[2])
    page.evaluate("scrollTo(0, 0)")
    pin(page, number).click()
    expect(row(page, NAMES[2])).to_have_class(re.compile("is-chosen"))
    expect(row(page, NAMES[2])).to_be_in_viewport()


def test_those_on_one_point_stand_side_by_side(page: Page) -> None:
    places = sorted(middle(pin(page, number_of(page, name))) for name in NAMES[:3])
    apart = [right - left for (left, _), (right, _) in pairwise(places)]
    assert min(apart) >= 24
    assert len({y for _, y in places}) == 1


def test_nothing_of_the_map_is_left_without_a_script(points_bare: BrowserContext) -> None:
    page = points_bare.new_page()
    page.goto(HERE)
    assert page.locator("[data-pin]").count() == len(NAMES)
    expect(page.locator(".desk-pins")).to_be_hidden()
    expect(page.locator(".desk-numbered").first).to_be_hidden()


def test_the_map_is_handed_what_the_page_shows_and_no_more(page: Page) -> None:
    given = json.loads(page.locator("[data-pins]").get_attribute("data-pins") or "")
    assert {each["name"] for each in given["pins"]} == set(NAMES)
    assert given.keys() == {"ground", "territories", "pins"}
    assert all(
        each.keys() <= {"number", "name", "lat", "lon", "rough", "answer"} for each in given["pins"]
    )


def test_the_page_asks_nobody_else_and_has_no_fault(page: Page) -> None:
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.goto(HERE)
        page.wait_for_selector(".desk-pin")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN_AXE, {}) == []
    assert {urlsplit(each).netloc for each in asked} == {urlsplit(page.url).netloc}
