"""What a first view costs a browser: errors that nobody sees, and what moves while a page comes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest
from playwright.sync_api import FloatRect, Page, Route

from tests.browser.conftest import DESK, PHONE, Visit

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]

PLACES = ".bar__count, .filter-sheet__summary, .bar__view, .place-box__input, .place-box__go"


def boxes(page: Page) -> list[FloatRect | None]:
    """Return where the first row of a page stands: what is folded away stands nowhere."""
    return [each.bounding_box() for each in page.locator(PLACES).all() if each.is_visible()]


def test_script_of_a_map_starts_without_an_error_that_it_catches(visit: Start) -> None:
    """V8 parses a whole bundle again to say where an error was thrown, even to who ignores it."""
    seen = visit()
    session = seen.page.context.new_cdp_session(seen.page)
    thrown: list[str] = []

    def paused(event: dict[str, dict[str, str]]) -> None:
        thrown.append(event["data"]["description"])
        session.send("Debugger.resume")

    session.on("Debugger.paused", paused)
    session.send("Debugger.enable")
    session.send("Debugger.setPauseOnExceptions", {"state": "all"})
    page = seen.go("/departements/93")
    assert not thrown
    assert page.evaluate("'namespaces' in document") is False


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/departements/93", "/autour?lieu=48.935,2.355", "/autour"])
def test_first_row_stands_still_while_what_follows_comes(
    visit: Start, path: str, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go(path)
    whole = boxes(page)
    page.evaluate("for (const late of document.querySelectorAll('.more, .reach')) late.remove()")
    assert boxes(page) == whole


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_filters_stand_still_until_the_way_to_the_map_comes(
    visit: Start, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go("/departements/93")
    first = page.locator(".bar__count, .filter-sheet__summary")
    whole = [each.bounding_box() for each in first.all()]
    page.evaluate(
        "for (const late of document.querySelectorAll('.bar__view, .more')) late.remove()"
    )
    assert [each.bounding_box() for each in first.all()] == whole


def test_list_of_an_embed_is_as_wide_before_its_map_comes(visit: Start) -> None:
    page = visit().go("/integration/93")
    card = page.locator(".results .card").first
    whole = card.bounding_box()
    page.evaluate("document.querySelector('.map-area').remove()")
    assert card.bounding_box() == whole


SHIFT = """window.shift = 0;
const add = ({value}) => { window.shift += value; };
new PerformanceObserver((list) => list.getEntries().forEach(add))
  .observe({type: "layout-shift", buffered: true});"""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_first_page_stands_still_when_around_me_is_offered(
    visit: Start, viewport: dict[str, int]
) -> None:
    seen = visit(viewport=viewport)
    seen.page.add_init_script(SHIFT)
    page = seen.page

    def continue_late(route: Route) -> None:
        page.wait_for_timeout(300)
        route.continue_()

    # Painted before the script comes, as on a slow line.
    page.route("**/home.js*", continue_late)
    seen.go("/")
    page.wait_for_selector("[data-place-here]:visible")
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 50)))")
    assert page.evaluate("shift") == 0


def test_filters_answer_before_leaflet_comes_and_its_map_shows_what_they_left(
    visit: Start,
) -> None:
    seen = visit()
    page = seen.page
    waiting: list[Route] = []
    page.route("**/map.js*", lambda route: waiting.append(route))
    page.goto(seen.base + "/departements/93", wait_until="commit")
    page.wait_for_function("() => Boolean(window.htmx)")
    page.click("#filtres-pli > summary")
    page.check("#categorie-association")
    # The page itself waits for its scripts.
    page.wait_for_url("**categorie=association*", wait_until="commit")
    page.wait_for_selector("#liste[data-geojson*='categorie=association']")
    assert page.get_attribute(".map-area", "data-state") == "loading"
    waiting[0].continue_()
    seen.wait_for_count(seen.count())
    # A press after that is followed too.
    page.check("#categorie-ase")
    page.wait_for_url("**categorie=ase*")
    seen.wait_for_count(seen.count())


def test_way_back_before_leaflet_comes_shows_the_list_as_it_was(visit: Start) -> None:
    seen = visit()
    page = seen.page
    page.route("**/map.js*", lambda route: None)
    page.goto(seen.base + "/departements/93", wait_until="commit")
    page.wait_for_function("() => Boolean(window.htmx)")
    page.click("#filtres-pli > summary")
    page.check("#categorie-association")
    page.wait_for_selector("#liste[data-geojson*='categorie=association']")
    page.evaluate("history.back()")
    page.wait_for_selector("#liste:not([data-geojson*='categorie=association'])")
    assert page.url.endswith("/departements/93")
    assert not page.is_checked("#categorie-association")


LAID_OUT = """[...document.querySelectorAll('.results .card a')]
  .every((each) => each.checkVisibility({contentVisibilityAuto: true}))"""


def test_list_out_of_sight_is_laid_out_once_the_map_stands(visit: Start) -> None:
    """Until then neither it nor what is in closed folds is; then nothing moves under a reader."""
    seen = visit()
    waiting: list[Route] = []
    seen.page.route("**/actors.geojson*", lambda route: waiting.append(route))
    page = seen.page
    page.goto(seen.base + "/autour")
    page.wait_for_selector(".leaflet-control-zoom")
    assert page.evaluate(LAID_OUT) is False
    assert page.locator("#filtres").evaluate("(form) => getComputedStyle(form).display") == "none"
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    page.wait_for_selector("[data-whole]")
    assert page.evaluate(LAID_OUT) is True
    assert page.locator("#filtres").evaluate("(form) => getComputedStyle(form).display") == "grid"


def test_page_without_script_lays_all_of_its_list_out(visit: Start) -> None:
    page = visit(java_script_enabled=False).page
    page.goto(visit().base + "/departements/93")
    card = page.locator(".results .card").last
    assert card.evaluate("(card) => getComputedStyle(card).contentVisibility") == "visible"


def test_back_shows_the_card_that_was_left(visit: Start) -> None:
    seen = visit(viewport=PHONE)
    page = seen.go("/autour")
    page.wait_for_selector("[data-whole]")
    link = page.locator(".results .card__name a").last
    link.evaluate("(link) => link.scrollIntoView({block: 'center'})")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    before = link.bounding_box()
    link.click()
    page.wait_for_selector("body:not(:has(.results))")
    page.go_back()
    page.wait_for_selector("[data-whole]")
    after = link.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 60


@contextmanager
def halting(base: str) -> Iterator[str]:
    """Yield the address of a server whose pages come in two halves of their first link."""

    class Halting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = httpx.get(base + self.path, timeout=30)
            self.send_response(found.status_code)
            self.send_header("Content-Type", found.headers["Content-Type"])
            self.end_headers()
            first, link, rest = found.content.partition(b"Quitter vite</a>")
            self.wfile.write(first)
            if link:
                time.sleep(0.5)
            self.wfile.write(link + rest)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing among what tests say."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Halting) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_header_that_comes_in_two_halves_does_not_move(visit: Start) -> None:
    """On a slow line the first link stood at the left, then jumped to the right."""
    seen = visit(viewport=DESK)
    seen.page.add_init_script(SHIFT)
    with halting(seen.base) as address:
        seen.page.goto(address, wait_until="load")
        seen.page.wait_for_timeout(100)
        assert seen.page.evaluate("shift") == 0
