"""Embeds in real frames of another origin: allowed, refused, sandboxed, several, narrow, silent."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from playwright.sync_api import Browser, Frame, Page, ViewportSize

from app.embeds.code import height_script
from tests.axe import AXE, COLOURS, RUN_AXE, in_turn
from tests.browser.conftest import wait_for_ground
from tests.browser.hosts import ELSEWHERE, WIDE, Host, hosting
from tests.chromium import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EMBED = "/integration/93"
SMALL: ViewportSize = {"width": 320, "height": 480}
SANDBOX = 'sandbox="allow-scripts"'
READY = ".map-area[data-state=ready]"
Start = Callable[..., Host]


@pytest.fixture
def host(chromium: Browser, live_server: str) -> Iterator[Start]:
    """Open a page of another origin: host(**options of a context)."""
    with hosting(chromium, live_server) as start:
        yield start


@pytest.mark.parametrize("attributes", ["", SANDBOX], ids=["framed", "sandboxed"])
def test_a_frame_has_its_map_and_filters_and_says_nothing(host: Start, attributes: str) -> None:
    seen = host()
    (frame,) = seen.show(EMBED, attributes=attributes)
    frame.wait_for_selector(READY)
    assert frame.locator(".leaflet-marker-icon").count() > 1
    # The border comes by a request of its own.
    frame.wait_for_selector(".territory-border", state="attached")
    assert frame.locator(".territory-border").count() == 1
    # Drawn, not only there.
    mark = frame.locator(".card .mark").first.bounding_box()
    assert mark
    assert mark["width"] > 10
    before = frame.locator(".card").count()
    frame.click("#filtres > summary")
    frame.click(".choice:has-text('Association')")
    frame.wait_for_url("**/integration/93?categorie=association#f-categorie")
    frame.wait_for_selector(READY)
    assert 0 < frame.locator(".card").count() < before
    frame.click(".chip")
    frame.wait_for_url(f"**{EMBED}")
    assert not seen.messages
    assert not seen.page.context.cookies()


@pytest.mark.parametrize("attributes", ["", SANDBOX], ids=["framed", "sandboxed"])
def test_a_frame_stands_on_our_ground_and_no_other_host_hears_of_it(
    host: Start, attributes: str
) -> None:
    seen = host()
    (frame,) = seen.show(EMBED, attributes=attributes)
    for pane in ("near", "names"):
        wait_for_ground(frame, pane)
    assert seen.hosts == {"127.0.0.1"}


def test_a_street_and_its_town_stand_on_lines_of_their_own(host: Start) -> None:
    (frame,) = host().show(EMBED)
    addresses = frame.locator(".card__address")
    written = addresses.all_text_contents()
    assert any("\n" in address for address in written)
    assert addresses.all_inner_texts() == written


@pytest.mark.parametrize("width", [320, 1024, 1440])
def test_an_embed_of_the_map_alone_has_all_of_its_width(host: Start, width: int) -> None:
    seen = host(viewport={"width": width, "height": 640})
    (frame,) = seen.show(f"{EMBED}?liste=non", height=640)
    # A map without width is drawn too, with nothing on it.
    frame.wait_for_selector(READY, state="attached")
    area = frame.locator(".map-area").bounding_box()
    assert area
    assert area["width"] == width
    assert area["height"] >= 256
    frame.locator(".leaflet-marker-icon").first.wait_for(state="visible")


def test_a_popup_says_what_the_card_says(host: Start) -> None:
    (frame,) = host().show(f"{EMBED}?categorie=police")
    frame.wait_for_selector(READY)
    frame.locator(".leaflet-marker-icon.actor-marker").first.click()
    link = frame.locator(".leaflet-popup .card__name a")
    assert link.get_attribute("target") == "_blank"
    # What comes last on a map.
    frame.wait_for_selector(".territory-border", state="attached")
    assert frame.locator(".map-area__search").count() == 0


def test_without_script_there_is_the_list(host: Start) -> None:
    seen = host(java_script_enabled=False)
    (frame,) = seen.show(f"{EMBED}?vue=carte")
    assert frame.locator(".card").first.is_visible()
    assert frame.locator(".map-area__noscript").is_visible()
    assert not frame.locator(".view-tabs").is_visible()
    frame.click("#filtres > summary")
    frame.click(".choice:has-text('Association')")
    frame.wait_for_url("**categorie=association*")
    # Whoever wanted only the map has the list where there can be none.
    (frame,) = seen.show(f"{EMBED}?liste=non")
    assert frame.locator(".card").first.is_visible()


DRAWN_TWENTY_TIMES = """async () => {
  for (let n = 0; n < 20; n += 1) await new Promise((done) => requestAnimationFrame(done));
}"""


def heights_of(page: Page) -> list[int]:
    found: list[int] = page.eval_on_selector_all(
        "iframe", "all => all.map(each => each.offsetHeight)"
    )
    return found


def contents_of(frames: Iterable[Frame]) -> list[int]:
    return [each.evaluate("document.documentElement.scrollHeight") for each in frames]


def test_several_frames_each_get_their_own_height_and_stay(host: Start) -> None:
    seen = host()
    frames = seen.show(
        f"{EMBED}?categorie=association",
        EMBED,
        f"{EMBED}?liste=non",
        after=height_script(seen.service),
    )
    for frame in frames:
        frame.wait_for_selector(READY, state="attached")
        # What is out of sight is laid out after the map.
        frame.wait_for_selector("[data-whole]")
    # All of it, without a scroll bar and without an empty end.
    wait_until(seen.page, lambda: heights_of(seen.page) == contents_of(frames))
    heights = heights_of(seen.page)
    assert len(set(heights)) == 3
    # One that chases the other does so at each frame that is drawn.
    seen.page.evaluate(DRAWN_TWENTY_TIMES)
    assert heights == heights_of(seen.page)
    # What somebody unfolds is seen, and what is folded leaves no hole.
    frames[0].click("#filtres > summary")
    wait_until(seen.page, lambda: heights_of(seen.page)[0] > heights[0])
    frames[0].click("#filtres > summary")
    wait_until(seen.page, lambda: heights_of(seen.page) == heights)
    assert not seen.messages


@pytest.mark.parametrize("attributes", ["", SANDBOX], ids=["framed", "sandboxed"])
def test_in_a_small_frame_list_and_map_are_one_tap_apart(host: Start, attributes: str) -> None:
    seen = host(viewport=SMALL)
    (frame,) = seen.show(EMBED, attributes=attributes, width=320)
    assert frame.locator(".card").first.is_visible()
    assert not frame.locator(".map-area").is_visible()
    frame.click("text='Carte'")
    frame.wait_for_selector(READY)
    assert not frame.locator(".card").first.is_visible()
    for path in (EMBED, f"{EMBED}?vue=carte", f"{EMBED}?liste=non", f"{EMBED}?couleur=x"):
        (frame,) = seen.show(path, attributes=attributes, width=320)
        assert frame.evaluate("document.documentElement.scrollWidth") <= 320, path
        whole = frame.locator(".exit").bounding_box()
        assert whole
        assert whole["x"] + whole["width"] <= 320
        assert min(whole["width"], whole["height"]) >= 44
    (frame,) = seen.show(f"{EMBED}?q={'anticonstitutionnellement' * 2}", width=320)
    assert frame.locator(".empty .button").is_visible()
    assert frame.evaluate("document.documentElement.scrollWidth") <= 320
    small = frame.page.evaluate("innerHeight")
    assert small == SMALL["height"]


def test_by_keyboard_the_exit_comes_first_then_all_else(host: Start) -> None:
    seen = host()
    (frame,) = seen.show(f"{EMBED}?fond=sans")
    frame.wait_for_selector(READY)
    focused = "document.activeElement.className || document.activeElement.id"
    reached = []
    for _ in range(8):
        seen.page.keyboard.press("Tab")
        reached.append(frame.evaluate(focused))
    assert reached[0] == "exit"
    assert reached[1] == "skip-link"
    assert {"embed__full-screen", "disclosure__summary"} <= set(reached)
    frame.focus("#filtres > summary")
    seen.page.keyboard.press("Enter")
    frame.focus(".choice >> nth=0")
    seen.page.keyboard.press("Enter")
    frame.wait_for_url("**categorie=*")


@pytest.mark.parametrize("viewport", [SMALL, WIDE], ids=["small", "wide"])
@pytest.mark.parametrize("attributes", ["", SANDBOX, 'sandbox=""'], ids=["framed", "alone", "bare"])
def test_after_a_choice_filters_stay_open_and_the_keyboard_goes_on_there(
    host: Start, attributes: str, viewport: dict[str, int]
) -> None:
    seen = host(viewport=viewport, java_script_enabled=attributes != 'sandbox=""')
    (frame,) = seen.show(f"{EMBED}?fond=sans", attributes=attributes)
    frame.locator("#filtres > summary").click()
    frame.locator(".facet:has(#f-fonction) > summary").click()
    frame.locator("#f-fonction .choice").first.focus()
    seen.page.keyboard.press("Enter")
    frame.wait_for_url("**fonction=*#f-fonction")
    first = frame.locator("#f-fonction .choice").first
    first.wait_for(state="visible")
    seen.page.keyboard.press("Tab")
    frame.locator("#f-fonction .choice:focus").wait_for()
    # Below what stays at the top, with the name of the filter.
    name = frame.locator(".facet:has(#f-fonction) > summary").bounding_box()
    bar = frame.locator(".embed__title-bar .exit").bounding_box()
    assert name
    assert bar
    assert bar["y"] + bar["height"] <= name["y"] < viewport["height"]


def leave(frame: Frame, by: str) -> None:
    """Ask for the exit, by its button or by its key."""
    if by == "button":
        # Else Playwright waits for the other site.
        frame.click(".exit", no_wait_after=True)
        return
    frame.click("h1")
    for _ in range(3):
        frame.page.keyboard.press("Shift")


@pytest.mark.parametrize("by", ["button", "shift"])
def test_the_exit_leads_the_page_around_away(host: Start, by: str) -> None:
    seen = host()
    (frame,) = seen.show(EMBED)
    frame.wait_for_selector(READY)
    leave(frame, by)
    seen.page.wait_for_url(ELSEWHERE)
    seen.page.wait_for_selector("text=Il fait beau")


def test_the_exit_leads_away_without_script(host: Start) -> None:
    seen = host(java_script_enabled=False)
    (frame,) = seen.show(EMBED)
    frame.click(".exit", no_wait_after=True)
    seen.page.wait_for_url(ELSEWHERE)


@pytest.mark.parametrize("by", ["button", "shift"])
def test_the_exit_blanks_a_frame_that_may_not_leave(host: Start, by: str) -> None:
    seen = host()
    (frame,) = seen.show(EMBED, attributes=SANDBOX)
    frame.wait_for_selector(READY)
    leave(frame, by)
    frame.wait_for_selector("body:empty", state="attached")
    assert frame.title() == "meteofrance.com"
    assert seen.page.url.startswith(seen.origin)


@pytest.mark.parametrize("path", ["/", "/departements/93", "/autour", "/table", "/integrer"])
def test_no_other_page_stands_in_a_frame(host: Start, path: str) -> None:
    seen = host()
    (frame,) = seen.show(path)
    wait_until(seen.page, lambda: frame.url.startswith("chrome-error:"))
    wait_until(seen.page, lambda: any("frame-ancestors" in each for each in seen.messages))


def test_a_sheet_opens_beside_the_frame(host: Start) -> None:
    seen = host()
    (frame,) = seen.show(EMBED)
    with seen.page.context.expect_page() as opened:
        frame.locator(".card__name a").first.click()
    opened.value.wait_for_url("**/acteurs/**")
    assert EMBED in frame.url
    # What was opened knows nothing of the page it came from.
    assert opened.value.evaluate("opener") is None


def test_an_embed_opens_by_itself(host: Start) -> None:
    seen = host()
    seen.page.goto(seen.service + EMBED)
    seen.page.wait_for_selector(READY)
    assert seen.page.is_visible(".card >> nth=0")
    assert not seen.messages


def test_axe_finds_nothing(host: Start) -> None:
    seen = host()
    source = AXE.read_text(encoding="utf-8")
    for path, size in in_turn(
        EMBED,
        f"{EMBED}?vue=carte",
        f"{EMBED}?liste=non",
        f"{EMBED}?categorie=association&couleur=8a1c5c&papier=fff6ee",
        f"{EMBED}?q=zzzz",
        "/integration/autour?lieu=93066&s=2",
        widths=(SMALL, WIDE),
    ):
        seen.page.set_viewport_size(size)
        seen.page.goto(seen.service + path)
        seen.page.wait_for_selector(READY, state="attached")
        if seen.page.locator("#filtres").count():
            seen.page.click("#filtres > summary")
        seen.page.evaluate(source)
        seen.page.emulate_media(color_scheme="light")
        assert not seen.page.evaluate(RUN_AXE, {}), path
        seen.page.emulate_media(color_scheme="dark")
        assert not seen.page.evaluate(RUN_AXE, COLOURS), path
