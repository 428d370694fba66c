"""The quick exit, in a real browser: at once, for good, and only when it is meant."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page, Route

from tests.browser.conftest import PHONE, Visit
from tests.chromium import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Start = Callable[..., Visit]
ELSEWHERE = "https://meteofrance.com/"
TERRITORY = "/departements/93"
# What a screen, a screen reader and the tab still say: logged by the page, as soon as anything
# is taken from it, since Playwright asks a page nothing while the next one is on its way.
LEFT = "left "
TELL = """{
  const tell = () => console.log(
    "left " + JSON.stringify([document.body.childNodes.length, document.title]));
  new MutationObserver(tell).observe(document.documentElement, { childList: true });
}"""
NOTHING = LEFT + '[0,"meteofrance.com"]'
# What Back does to a page that the browser cached, one moment after it was left.
ALIVE = """new MutationObserver((_, observer) => {
  observer.disconnect();
  setTimeout(() => {
    document.documentElement.append("Seine-Saint-Denis");
    dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  }, 50);
}).observe(document.documentElement, { childList: true })"""


def leave(page: Page, act: Callable[[], None], *, times: int = 1) -> None:
    """Act, and check that nothing is left to be read while the other site is slow in coming.

    times: how often the page changes until then. At the end the other site is there.
    """
    waiting: list[Route] = []
    messages: list[str] = []
    slow = True

    def arrive(route: Route) -> None:
        route.fulfill(body="<title>Météo</title><p>Il fait beau", content_type="text/html")

    def come(route: Route) -> None:
        # A page that leaves twice asks twice.
        waiting.append(route) if slow else arrive(route)

    def listen(message: ConsoleMessage) -> None:
        if message.text.startswith(LEFT):
            messages.append(message.text)

    page.on("console", listen)
    page.route(f"{ELSEWHERE}**", come)
    page.evaluate(TELL)
    act()
    try:
        wait_until(page, lambda: len(messages) >= times and bool(waiting))
    finally:
        # Before anything is checked: a page that waits for ever cannot be closed.
        slow = False
        for route in waiting:
            arrive(route)
    assert messages[-1:] == [NOTHING]
    page.wait_for_selector("text=Il fait beau")


def press(page: Page, *modifiers: Literal["Control"]) -> None:
    # Else Playwright waits for the other site.
    page.click(".exit", modifiers=modifiers, no_wait_after=True)


def shift(page: Page, times: int = 3) -> None:
    for _ in range(times):
        page.keyboard.press("Shift")


def still_there(page: Page) -> bool:
    # Whatever a key has begun is done once the page answers.
    page.evaluate("0")
    return page.is_visible("h1")


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_the_exit_is_the_first_stop_and_leads_away(visit: Start, scripted: bool) -> None:
    seen = visit(java_script_enabled=scripted)
    page = seen.go(TERRITORY)
    page.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="<p>Il fait beau"))
    page.keyboard.press("Tab")
    if scripted:
        assert seen.focused() == "exit"
    page.keyboard.press("Enter")
    page.wait_for_url(ELSEWHERE)
    page.wait_for_selector("text=Il fait beau")


@pytest.mark.parametrize("by", ["button", "shift", "control and button"])
def test_the_page_is_blank_before_the_next_one_comes(visit: Start, by: str) -> None:
    page = visit().go(TERRITORY)
    acts = {
        "button": partial(press, page),
        "control and button": partial(press, page, "Control"),
        "shift": partial(shift, page),
    }
    leave(page, acts[by])


def test_back_leads_to_no_page_of_ours(visit: Start) -> None:
    seen = visit()
    page = seen.go("/")
    seen.go(f"{TERRITORY}?s=4")
    seen.go(TERRITORY)
    leave(page, partial(press, page))
    for _ in range(2):
        # The page that Back leads to asks for the other site again.
        with page.expect_request(ELSEWHERE):
            page.evaluate("history.back()")
        page.wait_for_selector("text=Il fait beau")
        assert page.url == ELSEWHERE
    # Whoever asks for it again is shown it.
    page = seen.go(TERRITORY)
    assert page.is_visible("h1")
    page.reload()
    assert page.is_visible("h1")


def test_a_page_that_is_left_before_it_has_come_is_remembered(visit: Start) -> None:
    """What a page that comes forgets is who left before it did, not who leaves it meanwhile."""
    page = visit().go(TERRITORY)
    page.route(
        f"{ELSEWHERE}**",
        lambda route: route.fulfill(body="<p>Il fait beau", content_type="text/html"),
    )
    left_for = page.evaluate("""() => {
        document.querySelector(".exit").click();
        dispatchEvent(new PageTransitionEvent("pageshow", { persisted: false }));
        return sessionStorage.getItem("quitte");
    }""")
    page.wait_for_selector("text=Il fait beau")
    assert left_for == ELSEWHERE


def test_no_map_is_drawn_on_a_page_that_was_left_meanwhile(visit: Start) -> None:
    page = visit().go(TERRITORY)
    page.evaluate(
        """async () => {
          document.getElementById("map").remove();
          const again = document.createElement("script");
          again.src = document.querySelector("script[src^='/carte.js']").src;
          document.head.append(again);
          await new Promise((done) => { again.onload = () => setTimeout(done, 50); });
        }"""
    )


def test_a_page_that_back_brings_to_life_again_stays_blank(visit: Start) -> None:
    page = visit().go(TERRITORY)
    page.evaluate(ALIVE)
    leave(page, partial(press, page), times=2)


@pytest.mark.parametrize("box", ["#ou", "#categorie-association"], ids=["field", "checkbox"])
def test_shift_in_a_field_writes_and_in_a_checkbox_leaves(visit: Start, box: str) -> None:
    page = visit().go("/" if box == "#ou" else TERRITORY)
    page.focus(box)
    if box == "#ou":
        shift(page)
        assert still_there(page)
    else:
        leave(page, partial(shift, page))


def with_another_key_held(page: Page) -> None:
    page.keyboard.down("a")
    shift(page)
    page.keyboard.up("a")


def with_control_held(page: Page) -> None:
    page.keyboard.down("Control")
    shift(page)
    page.keyboard.up("Control")


def as_combinations(page: Page) -> None:
    for _ in range(4):
        page.keyboard.press("Shift+Tab")


def held_down(page: Page) -> None:
    for _ in range(4):  # Playwright repeats the key
        page.keyboard.down("Shift")
    page.keyboard.up("Shift")


def with_clicks(page: Page) -> None:
    for _ in range(3):
        page.click("#compte", modifiers=["Shift"])


@pytest.mark.parametrize(
    "act", [with_another_key_held, with_control_held, as_combinations, held_down, with_clicks]
)
def test_shift_that_means_something_else_does_not_leave(
    visit: Start, act: Callable[[Page], None]
) -> None:
    page = visit().go(TERRITORY)
    act(page)
    assert still_there(page)
    # Held down it is one press, whatever the keyboard repeats; the others are none.
    shift(page, 1)
    assert still_there(page)


def test_three_presses_count_only_within_five_seconds(visit: Start) -> None:
    page = visit().go(TERRITORY)
    shift(page, 2)
    page.wait_for_timeout(5_100)

    def press_twice_and_once_more() -> None:
        shift(page, 2)
        assert still_there(page)
        shift(page, 1)

    leave(page, press_twice_and_once_more)


def test_the_exit_stays_in_reach_on_a_phone(visit: Start) -> None:
    page = visit(viewport=PHONE).go(TERRITORY)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    box: dict[str, Any] = dict(page.locator(".exit").bounding_box() or {})
    assert box["y"] >= 0
    assert box["y"] + box["height"] < 80
    assert min(box["width"], box["height"]) >= 44
    # It stands in the header, beside what it could cover.
    others = [page.locator(each).bounding_box() for each in (".brand", ".urgent")]
    assert all(other and other["x"] + other["width"] <= box["x"] for other in others)


def test_a_frame_that_may_not_lead_its_page_away_is_blank(visit: Start) -> None:
    seen = visit(may_fail=True)
    page = seen.page

    def unframed(route: Route) -> None:
        # As a page for frames will be answered: our pages of today refuse to be in one.
        answer = route.fetch()
        headers = {k: v for k, v in answer.headers.items() if k != "content-security-policy"}
        route.fulfill(response=answer, headers=headers)

    frame = f'<iframe sandbox="allow-scripts allow-same-origin" src="{seen.base}{TERRITORY}">'
    page.route(f"{seen.base}{TERRITORY}", unframed)
    page.route("http://127.0.0.1:9/hote", lambda route: route.fulfill(body=frame))
    page.goto("http://127.0.0.1:9/hote")
    inner = page.frame_locator("iframe")
    inner.locator(".exit").click()
    inner.locator(".site-header").wait_for(state="detached")
    assert page.frames[1].evaluate("document.body.childNodes.length") == 0
    assert page.url == "http://127.0.0.1:9/hote"


def test_print_has_neither_exit_nor_legal_links(visit: Start) -> None:
    page = visit().go(TERRITORY)
    assert page.is_visible(".exit")
    page.emulate_media(media="print")
    for each in (".exit", ".exit-note", ".legal-links"):
        assert not page.is_visible(each)


def test_the_exit_has_an_outline_where_colours_are_forced(visit: Start) -> None:
    page = visit().go("/")
    page.emulate_media(forced_colors="active")
    seen = page.eval_on_selector(
        ".exit",
        "exit => { const { borderTopColor, backgroundColor } = getComputedStyle(exit);"
        " return [borderTopColor, backgroundColor] }",
    )
    assert seen[0] != seen[1]
