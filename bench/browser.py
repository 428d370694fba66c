"""Pages in a browser four times slower than the machine, beside the actors by plain Folium."""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from bench.actors import IN_TERRITORY, TERRITORY
from bench.plain import folium_page
from bench.service import FEWER
from bench.tools import ROUNDS, BenchFailed, Measure, figure_at_most, service
from geo.folium_map import tiles_named

SLOWER = 4
DESK: ViewportSize = {"width": 1440, "height": 900}
# A page is done when nothing has come for so long, in seconds.
QUIET = 0.5
PATIENCE = 60.0
# A transparent PNG of one pixel, in place of each tile.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)
# Notes what a page does from its first moment on: usable, when a selector is there so many times.
WATCH = """
window.noted = {paint: 0, blocking: 0, usable: 0};
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({type, buffered: true});
watch("largest-contentful-paint", (entry) => { noted.paint = entry.startTime; });
watch("longtask", ({duration}) => { noted.blocking += Math.max(0, duration - 50); });
new MutationObserver(() => {
  if (noted.usable || document.querySelectorAll(USABLE).length < TIMES) return;
  requestAnimationFrame(() => setTimeout(() => { noted.usable ||= performance.now(); }));
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
# Our pages are usable once the list stands there and the map has its actors.
READY = "body:has(#compte) .map-area[data-state=ready]"
MARKER = ".leaflet-marker-icon"
DRAWN = IN_TERRITORY

PAGE, EMBED = f"/departements/{TERRITORY}", f"/integration/{TERRITORY}"
FRANCE = "/autour"

PAGE_BYTES = "view_of_a_departement_kilobytes"
PAGE_PAINT = "view_of_a_departement_largest_paint_milliseconds"
PAGE_BLOCKING = "view_of_a_departement_blocking_milliseconds"
EMBED_BYTES = "embed_of_a_departement_kilobytes"
FRANCE_SOME = "france_of_5000_usable_milliseconds"
FRANCE_ALL = "france_of_100000_usable_milliseconds"
AIMS = {
    PAGE_BYTES: 250.0,
    PAGE_PAINT: 1_500.0,
    PAGE_BLOCKING: 150.0,
    EMBED_BYTES: 180.0,
    FRANCE_SOME: 2_000.0,
    FRANCE_ALL: 3_000.0,
}


@dataclass(frozen=True, slots=True)
class View:
    """A first view: kB over the wire without tiles, and milliseconds, of which blocking those that
    tasks took beyond 50.
    """

    kilobytes: float
    paint: float
    blocking: float
    usable: float


def browser() -> Iterator[Measure]:
    """Measure first views, medians of ROUNDS, each beside plain Folium's in the same round."""
    with chromium() as browser:
        with service() as base, folium_page(_actors(base)) as plain:
            page, beside = _in_turns(browser, base + PAGE, plain)
            yield _at_most(PAGE_BYTES, page.kilobytes, beside.kilobytes)
            yield _at_most(PAGE_PAINT, page.paint, beside.paint)
            # A page that blocks nothing has no ratio: one millisecond is as good as none.
            yield _at_most(PAGE_BLOCKING, max(1.0, page.blocking), max(1.0, beside.blocking))
            embed, beside = _in_turns(browser, base + EMBED, plain)
            yield _at_most(EMBED_BYTES, embed.kilobytes, beside.kilobytes)
            france, beside = _in_turns(browser, base + FRANCE, plain)
            whole = _at_most(FRANCE_ALL, france.usable, beside.usable)
        with service() as base, folium_page(_actors(base)) as plain, service(FEWER) as fewer:
            some, beside = _in_turns(browser, fewer + FRANCE, plain)
            yield _at_most(FRANCE_SOME, some.usable, beside.usable)
        yield whole


def _actors(base: str) -> str:
    return f"{base}/api{PAGE}/actors.geojson"


def _at_most(name: str, figure: float, reference: float) -> Measure:
    return figure_at_most(name, (figure, reference), AIMS[name])


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser that asks nothing of anybody by itself."""
    path = os.environ.get("MESURE23_CHROMIUM", "/usr/bin/chromium")
    options = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


def _in_turns(browser: Browser, ours: str, plain: str) -> tuple[View, View]:
    """Return the medians of both, one after the other ROUNDS times, a first one dropped."""
    rounds = []
    for _ in range(ROUNDS + 1):
        rounds.append((view(browser, ours, READY), view(browser, plain, MARKER, DRAWN)))
    first, second = (
        View(*(statistics.median(each) for each in zip(*map(astuple, views), strict=True)))
        for views in zip(*rounds[1:], strict=True)
    )
    return first, second


def view(browser: Browser, url: str, usable: str, times: int = 1) -> View:
    """Return what the first view of an address costs; usable: a selector, found so many times."""
    tiles = tiles_named("ign")
    context = browser.new_context(viewport=DESK)
    try:
        if tiles:
            context.route(f"{tiles.origin}/**", _answer_tile)
        page = context.new_page()
        page.add_init_script(WATCH.replace("USABLE", repr(usable)).replace("TIMES", str(times)))
        received = _bytes_of(page)
        page.goto(url)
        _wait(page, received)
        noted = page.evaluate("noted")
        return View(sum(received) / 1000, noted["paint"], noted["blocking"], noted["usable"])
    finally:
        context.close()


def _answer_tile(route: Route) -> None:
    route.fulfill(body=TILE, content_type="image/png")


def _bytes_of(page: Page) -> list[float]:
    """Slow a page down, and return a list that gets the bytes of everything that it receives."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    hosts: dict[str, bool] = {}
    received: list[float] = []

    def sent(event: dict[str, dict[str, str]]) -> None:
        hosts[str(event["requestId"])] = event["request"]["url"].startswith("http://127.0.0.1")

    def came(event: dict[str, float]) -> None:
        if hosts.get(str(event["requestId"])):
            received.append(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", came)
    return received


def _wait(page: Page, received: list[float]) -> None:
    """Wait until a page is usable and nothing comes any more."""
    begun = time.monotonic()
    known, since = -1, begun
    while True:
        page.wait_for_timeout(100)
        now = time.monotonic()
        if now - begun > PATIENCE:
            raise BenchFailed(f"{page.url} n'est pas devenue utilisable.")
        if len(received) != known or not page.evaluate("noted.usable"):
            known, since = len(received), now
        elif now - since > QUIET:
            return
