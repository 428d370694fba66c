"""Answers that come while somebody goes on: nothing that was asked for or written is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_around import SAINT_DENIS, asked

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]


def held_back(page: Page, address: str) -> list[Route]:
    """Hold the next request for such an address; it stands in the list once it is sent."""
    waiting: list[Route] = []
    others = False

    def hold(route: Route) -> None:
        nonlocal others
        if others:
            route.fallback()
        else:
            others = True
            waiting.append(route)

    # However long it is held: else the page gives it up by itself.
    page.evaluate("htmx.config.timeout = 0")
    # Not `times=1`: to take a handler away sends what is under way to the next one twice.
    page.route(re.compile(address), hold)
    return waiting


@pytest.mark.parametrize("finish", ["Enter", "Tab"])
def test_what_is_being_written_outlasts_an_older_answer(visit: Start, finish: str) -> None:
    page = visit().go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.click("#eloigner-pli > summary")
    waiting = held_back(page, "ecart=100")
    with page.expect_request(re.compile("ecart=100")):
        page.select_option("#ecart", "100")
    page.locator("#eloigner").press_sequentially("Boulogne-sur-Mer")
    waiting.pop().continue_()
    page.wait_for_selector("#liste[aria-busy=false]")
    assert page.input_value("#eloigner") == "Boulogne-sur-Mer"
    page.keyboard.press(finish)
    page.wait_for_selector(".chip:has-text('À plus de 100 km de Boulogne-sur-Mer')")
    assert page.input_value("#eloigner") == ""


def test_what_was_left_for_a_text_is_asked_for_where_none_was_written(visit: Start) -> None:
    page = visit().go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    waiting = held_back(page, "categorie=association")
    with page.expect_request(re.compile("categorie=association")):
        page.check("#categorie-association")
    page.locator("#q").press_sequentially("a")
    waiting.pop().continue_()
    page.wait_for_selector("#liste[aria-busy=false]")
    page.keyboard.press("Backspace")
    page.keyboard.press("Tab")
    page.wait_for_selector(".chip:has-text('Association')")


def test_what_is_pressed_at_the_moment_of_an_answer_is_asked_for(visit: Start) -> None:
    page = visit().go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.evaluate(
        """() => addEventListener("htmx:afterSwap", () => setTimeout(() =>
            document.getElementById("categorie-sante").click()), { once: true })"""
    )
    page.check("#categorie-association")
    page.wait_for_url("**&categorie=sante&categorie=association")


def test_filters_that_are_unfolded_as_an_answer_comes_stay_open(visit: Start) -> None:
    page = visit(viewport=PHONE).go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    waiting = held_back(page, "categorie=association")
    with page.expect_request(re.compile("categorie=association")):
        page.check("#categorie-association")
    page.click("#eloigner-pli > summary")
    waiting.pop().continue_()
    page.wait_for_selector(".chip:has-text('Association')", state="attached")
    page.wait_for_selector("#annonce:not(:empty)", state="attached")
    assert page.is_visible("#eloigner")
    assert page.evaluate("document.activeElement.parentElement.id") == "eloigner-pli"


def test_an_older_answer_does_not_take_the_place_of_what_was_pressed_last(visit: Start) -> None:
    # Taken for a failure: htmx writes an error of what is no longer asked.
    page = visit(may_fail=True).go(f"{SAINT_DENIS}&categorie=association")
    newer = held_back(page, "categorie=sante")
    older = held_back(page, "lieu=93066$")
    with page.expect_request(re.compile("lieu=93066$")):
        page.click(".chip:has-text('Association')")
    page.click("#filtres-pli > summary")
    with page.expect_event("requestfailed", lambda request: request == older[0].request):
        page.check("#categorie-sante")
    newer.pop().continue_()
    page.wait_for_selector(".chip:has-text('Santé')")
    assert ("categorie", "sante") in asked(page)
