"""France with more actors than a map is sent: groups that open by mouse and keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import Connection

from app.platform.cluster.server import Cluster
from tests.browser.conftest import PHONE, Visit, stand_still
from tests.browser.crowds import CATEGORIES, crowded
from tests.databases import cloned
from tests.meanwhile import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]
MANY = 3_000
TOGETHER = 400
BOUNDS = (-1, 44, 6, 49)
SCALE = ".leaflet-control-scale-line"
NUMBER = re.compile(r"([0-9]+) acteurs : .*Ouvrir le groupe")


@pytest.fixture(scope="module")
def france(
    cluster: Cluster,
    admin: Connection,
    lean_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of a service over actors all over France, some of them on one point."""
    directory = tmp_path_factory.mktemp("france")
    with (
        cloned(cluster, admin, lean_template) as databases,
        crowded(databases, directory, MANY, TOGETHER, BOUNDS) as address,
    ):
        yield address


@pytest.fixture
def seen(visit: Start, france: str) -> Visit:
    """A visit of that service."""
    found = visit()
    found.base = france
    return found


def shown(page: Page) -> int:
    """Return how many actors the map shows, as it is read out."""
    several = [NUMBER.search(each) for each in page.locator(".cluster").all_inner_texts()]
    assert all(several)
    return page.locator(".actor-marker").count() + sum(int(each[1]) for each in several if each)


def moved(page: Page, key: str) -> None:
    """Press a key that moves the map, and wait until what it shows then has come."""
    with page.expect_response(lambda response: "groupes.geojson" in response.url):
        page.keyboard.press(key)
    page.wait_for_selector(".map-area[data-state=ready]", state="attached")


# Of the marks whose middle is in view (the map draws some around it as well), the largest.
LARGEST = """selector => {
  const box = document.querySelector(".leaflet-container").getBoundingClientRect();
  const number = (mark) => Number(mark.textContent.match(/([0-9]+) acteurs :/)?.[1] ?? 1);
  return [...document.querySelectorAll(selector)]
    .filter((mark) => {
      const { x, y, width, height } = mark.getBoundingClientRect();
      const at = [x + width / 2, y + height / 2];
      return box.left < at[0] && at[0] < box.right && box.top < at[1] && at[1] < box.bottom;
    })
    .sort((one, other) => number(other) - number(one))[0] ?? null;
}"""


def press(page: Page, selector: str = ".cluster") -> bool:
    """Press the mark in view that stands for the most actors; say whether there is one."""
    # Where it is: marks come and go while a map settles, and one of them is as good as another.
    at = page.evaluate(
        f"""selector => {{
          const box = ({LARGEST})(selector)?.getBoundingClientRect();
          return box && [box.x + box.width / 2, box.y + box.height / 2];
        }}""",
        selector,
    )
    if at:
        page.mouse.click(*at)
    return bool(at)


def test_all_of_france_is_on_the_map_and_no_sentence_says_otherwise(seen: Visit) -> None:
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go("/autour")
    assert shown(page) == MANY
    assert not page.locator("[data-note=most]").count()
    assert len([url for url in asked if "/api/groupes.geojson" in url]) == 1
    assert not [url for url in asked if "actors.geojson" in url]
    # A ring says thousands shortly, and all of the number to who listens.
    assert page.locator(".cluster__count").count() == page.locator(".cluster").count() > 5


def test_a_group_opens_by_mouse_down_to_actors(seen: Visit) -> None:
    page = seen.go("/autour")
    before = page.inner_text(SCALE)
    page.click(".cluster--counted >> nth=0")
    stand_still(page)
    assert page.inner_text(SCALE) != before
    for _ in range(12):
        if press(page, ".actor-marker"):
            break
        assert press(page)
        stand_still(page)
    # What the list has no card of is said by what came with the map.
    page.wait_for_selector(".leaflet-popup[role=dialog]")
    assert "Acteur" in page.inner_text(".popup")
    stand_still(page)
    assert page.locator(".leaflet-popup").count() == 1


def test_by_keyboard_down_to_those_on_one_point(seen: Visit) -> None:
    page = seen.go("/autour?tri=nom")
    for _ in range(20):
        if page.locator(".cluster-leg").count():
            break
        page.evaluate(f"selector => ({LARGEST})(selector).focus()", ".cluster")
        page.keyboard.press("Enter")
        stand_still(page)
        # Whoever opens a group by keyboard is still in the map.
        assert page.evaluate("document.activeElement.closest('.leaflet-container') !== null")
    assert page.locator(".cluster-leg").count() >= TOGETHER
    page.wait_for_selector(".actor-marker:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".leaflet-popup a[href='tel:+33143939393']")
    page.keyboard.press("Escape")
    page.wait_for_selector(".leaflet-popup", state="detached")


def test_the_focus_stays_in_the_map_when_its_mark_goes(seen: Visit) -> None:
    page = seen.go("/autour")
    for _ in range(3):
        at = page.evaluate(
            f"""selector => {{
              const mark = ({LARGEST})(selector);
              mark.focus();
              const box = mark.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            }}""",
            ".cluster",
        )
        before = page.inner_text(SCALE)
        # One zoom nearer to the largest group: some of it is grouped still.
        page.mouse.move(*at)
        page.mouse.wheel(0, -60)
        page.wait_for_function(
            "([scale, before]) => document.querySelector(scale).innerText !== before",
            arg=[SCALE, before],
        )
        stand_still(page)
        assert page.evaluate("document.activeElement.closest('.leaflet-container') !== null")


def test_a_card_raises_the_group_that_it_is_in(seen: Visit) -> None:
    page = seen.go("/autour?tri=nom")
    page.hover(".results .card >> nth=0")
    page.wait_for_selector(".cluster.is-highlighted")
    page.hover(".bar__count")
    page.wait_for_selector(".cluster.is-highlighted", state="detached")


def test_moving_keeps_what_stays_and_asks_once_for_what_comes(seen: Visit) -> None:
    page = seen.go("/autour")
    page.locator(".leaflet-container").focus()
    for _ in range(2):
        moved(page, "+")
    # One in view: of those around it some may stay behind.
    page.evaluate(f"({LARGEST})('.cluster--counted').dataset.mine = ''")
    page.locator(".leaflet-container").focus()
    moved(page, "ArrowLeft")
    assert page.locator("[data-mine]").count() == 1


def test_a_choice_that_leaves_few_sends_them_all(seen: Visit) -> None:
    page = seen.go("/autour?categorie=ase")
    assert shown(page) == MANY // len(CATEGORIES)
    assert not page.locator(".cluster--counted").count()
    page.goto(f"{seen.base}/autour?categorie=ase&categorie=pjj&categorie=police")
    stand_still(page)
    assert page.locator(".cluster--counted").count()
    assert shown(page) == MANY // 2


def test_a_view_that_does_not_come_is_said_and_can_be_asked_again(
    visit: Start, france: str
) -> None:
    found = visit(may_fail=True)
    found.base = france
    page = found.go("/autour")
    page.route("**/api/groupes.geojson*", lambda route: route.abort())
    page.click(".leaflet-control-zoom-in")
    page.wait_for_selector("[data-note=actors] button")
    assert page.locator(".cluster").count()
    page.unroute("**/api/groupes.geojson*")
    page.click("[data-note=actors] button")
    page.wait_for_selector("[data-note=actors]", state="detached")
    stand_still(page)


def test_a_phone_asks_for_groups_when_it_shows_the_map(visit: Start, france: str) -> None:
    found = visit(viewport=PHONE)
    found.base = france
    asked: list[str] = []
    found.page.on("request", lambda request: asked.append(request.url))
    page = found.go("/autour")
    assert not [url for url in asked if "geojson" in url]
    page.click("#vue-carte")
    page.wait_for_selector(".cluster--counted")
    until(lambda: shown(page) == MANY)
