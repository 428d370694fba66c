"""Pages in a slow browser, the same one on each machine, beside the actors by plain Folium."""

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass

from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from app.desk.shell.gate import COOKIE
from bench.actors import IN_TERRITORY, TERRITORY
from bench.plain import folium_page
from bench.service import FEWER
from bench.tools import PACE, BenchFailed, Measure, figure_at_most, service
from geo.folium_map import tiles_named

# The browser that aims are of: four times slower than the machine on which they were set, where
# plain Folium's first paint then took so long.
SLOWER, USUAL_PAINT_MS = 4.0, 468.0
DESK: ViewportSize = {"width": 1440, "height": 900}
OUR_OWN = ("http://127.0.0.1", "http://localhost")
# A page is done when nothing has come for so long, in seconds.
QUIET = 0.5
# So long a new window starts other parts of its browser, whose own is there when somebody reads.
STARTS_MS = 1_000
PATIENCE = 60.0
# A transparent PNG of one pixel, in place of each tile.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)
# Notes what a page does from its first moment on: ready, when a selector is there so many times.
WATCH = """
window.noted = {first: 0, blocking: 0, shift: 0, ready: 0};
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({type, buffered: true});
watch("paint", ({name, startTime}) => {
  if (name === "first-contentful-paint") noted.first = startTime;
});
watch("longtask", ({duration}) => { noted.blocking += Math.max(0, duration - 50); });
watch("layout-shift", ({value}) => { noted.shift += value; });
new MutationObserver(() => {
  if (noted.ready || document.querySelectorAll(READY).length < TIMES) return;
  requestAnimationFrame(() => setTimeout(() => { noted.ready ||= performance.now(); }));
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
# The page itself, and the files that it had asked for before its map was ready.
REQUESTS = """() => 1 + new Set(performance.getEntriesByType("resource")
  .filter(({startTime}) => startTime < noted.ready).map(({name}) => name)).size"""
# Ours is ready once the list stands there and the map has its actors.
READY = "body:has(#compte) .map-area[data-state=ready]"
MARKER = ".leaflet-marker-icon"
DRAWN = IN_TERRITORY

PAGE, EMBED = f"/departements/{TERRITORY}", f"/integration/{TERRITORY}"
FRANCE, PLACE = "/autour", "/autour?lieu=48.935,2.355"

FIRST_PAINT = "first_view_first_paint_milliseconds"
MAP_READY = "first_view_map_ready_milliseconds"
REQUESTS_BEFORE = "first_view_requests_before_map"
BYTES = "first_view_kilobytes"
BLOCKING = "first_view_blocking_milliseconds"
SHIFT = "first_view_layout_shift_thousandths"
EMBED_BYTES = "embed_of_a_departement_kilobytes"
AIMS = {
    FIRST_PAINT: 400.0,
    MAP_READY: 1_000.0,
    REQUESTS_BEFORE: 10.0,
    BYTES: 250.0,
    BLOCKING: 100.0,
    SHIFT: 1.0,
    EMBED_BYTES: 180.0,
}


@dataclass(frozen=True, slots=True)
class Slow:
    """A browser, and how many times slower than the machine its pages are."""

    browser: Browser
    times: float


@dataclass(frozen=True, slots=True)
class View:
    """What a first view costs. first, ready, blocking (what tasks took beyond 50): milliseconds;
    requests: before the map; kilobytes: over the wire, without tiles; shift: how far what is seen
    moved, in thousandths.
    """

    first: float
    ready: float
    requests: float
    kilobytes: float
    blocking: float
    shift: float


def browser() -> Iterator[Measure]:
    """Measure first views, medians of rounds: the worst page of each figure, beside plain Folium's
    in the same rounds.
    """
    with chromium() as browser:
        with service() as base, folium_page(actors_of(base)) as plain:
            slow = slowed(browser, plain)
            pages = {path: in_turns(slow, base + path, plain) for path in (PAGE, PLACE, FRANCE)}
            embed, beside = in_turns(slow, base + EMBED, plain)
        with service() as base, folium_page(actors_of(base)) as plain, service(FEWER) as fewer:
            for path in (PAGE, PLACE, FRANCE):
                pages[f"{path} ({FEWER})"] = in_turns(slow, fewer + path, plain)
    for path, (ours, _) in pages.items():
        sys.stderr.write(f"{path} : {ours}\n")
    for name, field in zip(AIMS, View.__slots__, strict=False):
        # A page that blocks or moves nothing has no ratio: one is as good as none.
        worst = max(
            (getattr(ours, field), max(1.0, getattr(plain, field)))
            for ours, plain in pages.values()
        )
        yield figure_at_most(name, worst, AIMS[name])
    yield figure_at_most(EMBED_BYTES, (embed.kilobytes, beside.kilobytes), AIMS[EMBED_BYTES])


def actors_of(base: str) -> str:
    return f"{base}/api{PAGE}/actors.geojson"


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


def slowed(browser: Browser, plain: str) -> Slow:
    """Return a browser as slow as the one that aims are of, by what plain Folium's page takes."""
    slow = Slow(browser, SLOWER)
    # What comes over the network is not slowed down: it takes a few steps.
    for _ in range(3):
        paints = [view(slow, plain, MARKER, DRAWN).first for _ in range(PACE.rounds + 1)][1:]
        times = slow.times * USUAL_PAINT_MS / statistics.median(paints)
        slow = Slow(browser, max(1.0, times))
    sys.stderr.write(f"Navigateur ralenti {slow.times:.1f} fois\n")
    return slow


def in_turns(
    slow: Slow,
    ours: str,
    plain: str,
    ready: tuple[str, int] = (READY, 1),
    token: str | None = None,
) -> tuple[View, View]:
    """Return the medians of both, one after the other in rounds, a first one dropped.

    ready: a selector of ours, found so many times. token: of the session of a reader of the desk.
    """
    rounds = []
    for _ in range(PACE.rounds + 1):
        rounds.append((view(slow, ours, *ready, token), view(slow, plain, MARKER, DRAWN)))
    first, second = (
        View(*(statistics.median(each) for each in zip(*map(astuple, views), strict=True)))
        for views in zip(*rounds[1:], strict=True)
    )
    return first, second


def view(slow: Slow, url: str, ready: str, times: int = 1, token: str | None = None) -> View:
    """Return what the first view of an address costs; ready: a selector, found so many times."""
    tiles = tiles_named("ign")
    context = slow.browser.new_context(viewport=DESK)
    if token:
        context.add_cookies([
            {"name": COOKIE, "value": token, "domain": "localhost", "path": "/", "secure": True}
        ])  # fmt: skip
    try:
        if tiles:
            context.route(f"{tiles.origin}/**", _answer_tile)
        page = context.new_page()
        page.add_init_script(WATCH.replace("READY", repr(ready)).replace("TIMES", str(times)))
        received = _bytes_of(page, slow.times)
        page.wait_for_timeout(STARTS_MS)
        page.goto(url)
        _wait(page, received)
        noted = page.evaluate("noted")
        return View(
            first=noted["first"],
            ready=noted["ready"],
            requests=page.evaluate(REQUESTS),
            kilobytes=sum(received) / 1000,
            blocking=noted["blocking"],
            shift=noted["shift"] * 1000,
        )
    finally:
        context.close()


def _answer_tile(route: Route) -> None:
    route.fulfill(body=TILE, content_type="image/png")


def _bytes_of(page: Page, slower: float) -> list[float]:
    """Slow a page down; return a list that gets the bytes of everything that it receives."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    hosts: dict[str, bool] = {}
    received: list[float] = []

    def sent(event: dict[str, dict[str, str]]) -> None:
        hosts[str(event["requestId"])] = event["request"]["url"].startswith(OUR_OWN)

    def came(event: dict[str, float]) -> None:
        if hosts.get(str(event["requestId"])):
            received.append(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", came)
    return received


def _wait(page: Page, received: list[float]) -> None:
    """Wait until the map of a page is ready and nothing comes any more."""
    begun = time.monotonic()
    known, since = -1, begun
    while True:
        page.wait_for_timeout(100)
        now = time.monotonic()
        if now - begun > PATIENCE:
            raise BenchFailed(f"{page.url} n'est pas devenue utilisable.")
        if len(received) != known or not page.evaluate("noted.ready"):
            known, since = len(received), now
        elif now - since > QUIET:
            return
