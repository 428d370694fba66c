"""A real Chromium over the whole service; every visit checks that it stayed at home and quiet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Frame, Page, Route

TILE_HOST = "data.geopf.fr"
# A transparent PNG of one pixel, in place of each tile.
TILE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
Requests = Callable[[Route], None]


@dataclass
class Visit:
    """A page, and what must not have happened on it."""

    page: Page
    base: str
    scripted: bool
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the service and wait until its map, if any, has its actors."""
        self.page.goto(self.base + path)
        if self.scripted and self.page.locator(".map-area").count():
            self.wait_for_map()
        return self.page

    def wait_for_map(self) -> None:
        """Wait until the map has its actors, or says that it could not have them."""
        self.page.wait_for_selector(
            ".map-area:is([data-state=ready], [data-state=error])", state="attached"
        )

    def count(self) -> int:
        """Return the number of actors that the list announces."""
        words = self.page.inner_text("#compte")
        return 0 if words.startswith("Aucun") else int(words.split()[0])

    def wait_for_count(self, number: int) -> None:
        """Wait until the list announces so many, and the map has followed."""
        words = f"{number or 'Aucun'} acteur"
        # Selectors, since the page's policy forbids the eval behind wait_for_function.
        self.page.wait_for_selector(f"#compte:text-matches('^{words}')")
        shown = self.page.get_attribute("#liste", "data-geojson")
        self.page.wait_for_selector(f'.map-area[data-shows="{shown}"]', state="attached")

    def drawn(self) -> int:
        """Return how many actors the map shows, alone or in a ring."""
        total: int = self.page.evaluate(
            "[...document.querySelectorAll('.leaflet-marker-icon')].reduce((sum, icon) =>"
            " sum + Number(icon.querySelector('.cluster__count')?.textContent ?? 1), 0)"
        )
        return total

    def focused(self) -> str:
        """Return the id, else the classes, of what has the focus."""
        words: str = self.page.evaluate(
            "document.activeElement.id || document.activeElement.className"
        )
        return words


# A zoom begins with the next frame; a map asks, and writes its names, some time after its end:
# timers end in their order, however slow a machine is.
STAND_STILL = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const pane = document.querySelector(".leaflet-map-pane");
  const moving = ".leaflet-zoom-anim, .leaflet-pan-anim, .leaflet-cluster-anim";
  await frame();
  do await frame(); while (pane.matches(moving));
  await new Promise((done) => setTimeout(done, 200));
}"""


def stand_still(page: Page) -> None:
    """Wait until a map that was moved has ended to, and has what it shows then."""
    page.evaluate(STAND_STILL)
    page.wait_for_selector(".map-area[data-state=ready]", state="attached")
    # What was drawn of the answer has its names.
    page.evaluate(STAND_STILL)


# Whether a part of the ground is drawn: enough pixels of its canvas are not empty.
PAINTED = """pane => [...document.querySelectorAll(`.leaflet-${pane}-pane canvas`)]
.reduce((sum, c) => {
  const copy = Object.assign(document.createElement("canvas"), {width: c.width, height: c.height});
  const context = copy.getContext("2d", {willReadFrequently: true});
  context.drawImage(c, 0, 0);
  const {data} = context.getImageData(0, 0, c.width, c.height);
  for (let at = 3; at < data.length; at += 4) if (data[at]) sum += 1;
  return sum;
}, 0) > 1000"""


def wait_for_ground(page: Page | Frame, pane: str) -> None:
    """Wait until this part of the ground is drawn."""
    page.wait_for_function(PAINTED, arg=pane)


def propose(page: Page, text: str) -> list[str]:
    """Type a text as a person does; return what is proposed for it, once nothing older is shown."""
    page.fill("#ou", "")
    page.locator("#ou").press_sequentially(text)
    page.wait_for_selector("#ou-liste[aria-busy=false] .place-box__option")
    return page.locator(".place-box__option").all_inner_texts()


# A page may be left, or a machine be slow, before the map asks for what was announced.
UNUSED = "was preloaded using link preload but not used within a few seconds"


@pytest.fixture
def visit(chromium: Browser, live_server: str) -> Iterator[Callable[..., Visit]]:
    """Open a page of its own: visit(**options of a context); `tiles=True` lets it ask for tiles.

    Afterwards nothing else may have been asked of another host, stored, or written as an error.
    """
    visits: list[tuple[Visit, bool, bool]] = []

    def start(*, tiles: bool = False, may_fail: bool = False, **options: Any) -> Visit:
        context = chromium.new_context(**{"viewport": DESK, "reduced_motion": "reduce"} | options)
        seen = Visit(context.new_page(), live_server, options.get("java_script_enabled", True))

        def answer(route: Route) -> None:
            host = urlsplit(route.request.url).hostname or ""
            seen.hosts.add(host)
            if host == "127.0.0.1":
                route.continue_()
            elif tiles and host == TILE_HOST:
                route.fulfill(body=TILE, content_type="image/png")
            else:
                route.abort()

        def listen(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and UNUSED not in message.text:
                seen.errors.append(message.text)

        context.route("**/*", answer)
        seen.page.on("console", listen)
        seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
        visits.append((seen, may_fail, tiles))
        return seen

    yield start
    for seen, may_fail, tiles in visits:
        stored = seen.page.context.cookies()
        if seen.page.evaluate("typeof document") and seen.page.url.startswith(live_server):
            stored += seen.page.evaluate(
                "[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
            )
        seen.page.context.close()
        assert not stored
        assert seen.hosts <= {"127.0.0.1"} | ({TILE_HOST} if tiles else set())
        assert may_fail or not seen.errors, seen.errors
