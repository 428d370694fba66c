"""Home, sheet and errors; and every page without script, narrow, enlarged, and under axe."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page

from tests.axe import AXE, COLOURS, RUN_AXE, in_turn
from tests.browser.conftest import PHONE, Visit
from tests.chromium import seen as shown

pytestmark = pytest.mark.browser
Start = Callable[..., Visit]
PATHS = (
    "/",
    "/autour?ou=saint-denis",
    "/autour?ou=zzzz",
    "/departements/93",
    "/departements/93?vue=carte",
    "/departements/93?categorie=police&fonction=hebergement",
    "/departements/48",
    "/autour?lieu=93066",
    "/autour?lieu=93066&s=2",
    "/autour?lieu=93066&s=2&vue=carte",
    "/autour?lieu=93066&loin=93001&ecart=5&sans=75&eloigner=saint+denis",
    "/autour?lieu=97302&fond=sans",
    "/departements/999",
)


def sheet_path(page: Page, base: str) -> str:
    """Return the address of the sheet of the list's first actor."""
    listed = page.request.get(f"{base}/departements/93").text()
    found = re.search(r'card__name"><a href="(/acteurs/[^"]+)', listed)
    assert found
    return found[1]


@pytest.mark.slow
def test_france_leads_to_a_territory_overseas_included(visit: Start) -> None:
    seen = visit()
    page = seen.go("/")
    links = page.locator(".france a:not([aria-hidden])")
    assert links.count() == 102
    for name, path in (
        ("La Réunion", "/departements/974"),
        ("Seine-Saint-Denis", "/departements/93"),
    ):
        page.click(f".france a[aria-label^='{name} :'] path")
        page.wait_for_url(f"**{path}")
        page.go_back()


@pytest.mark.slow
def test_every_territory_is_a_link_with_its_count(visit: Start) -> None:
    page = visit().go("/")
    hrefs = page.eval_on_selector_all(
        ".region__list a", "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(hrefs) == len(set(hrefs)) == 108
    label = str(
        page.get_attribute(".france a[href='/departements/93']:not([aria-hidden])", "aria-label")
    )
    count = page.inner_text(".region__list a[href='/departements/93'] .region__count")
    assert f" {count.split()[0]} acteurs" in label


@pytest.mark.slow
def test_sheet_has_the_phone_as_its_largest_control(visit: Start) -> None:
    seen = visit(viewport=PHONE)
    page = seen.go(sheet_path(seen.page, seen.base))
    heights = page.eval_on_selector_all(
        "main a, main button", "all => all.map(each => [each.className, each.offsetHeight])"
    )
    assert max(heights, key=lambda pair: pair[1])[0] == "phone"
    assert page.get_attribute(".phone", "href") == "tel:+33143939393"


@pytest.mark.slow
def test_ways_on_from_a_sheet_stand_apart_where_they_stand_below_one_another(visit: Start) -> None:
    seen = visit(viewport=PHONE)
    ways = seen.go(sheet_path(seen.page, seen.base)).locator("main .button--quiet")
    boxes = "all => all.map(each => each.getBoundingClientRect())"
    edges = [(box["top"], box["bottom"]) for box in ways.evaluate_all(boxes)]
    assert len(edges) == 3
    for (first, above), (below, _) in pairwise(edges):
        assert first == below or below - above >= 8


@pytest.mark.slow
def test_protected_sheet_says_no_place(visit: Start) -> None:
    page = visit().go("/departements/93")
    page.click("#groupe-2 ~ .cards .card__name a >> nth=0")
    shown(page.locator("text=Non publiée, pour la sécurité des enfants"))
    assert page.locator(".facts a[href^='mailto:']").count() == 0


@pytest.mark.slow
def test_without_script_filters_and_list_work(visit: Start) -> None:
    seen = visit(java_script_enabled=False)
    page = seen.go("/departements/93")
    assert page.is_visible(".map-area__noscript")
    page.click("#filtres-pli > summary")
    page.check("#categorie-association")
    page.click("text=Appliquer les filtres")
    page.wait_for_url("**/departements/93?*categorie=association*")
    assert 0 < page.locator(".results .card").count() < 10
    page.click(".chip")
    page.wait_for_url("**/departements/93")


@pytest.mark.slow
def test_without_script_the_phone_has_the_list_of_a_map_that_was_shared(visit: Start) -> None:
    page = visit(java_script_enabled=False, viewport=PHONE).go("/departements/93?vue=carte")
    page.click("#filtres-pli > summary")
    page.check("#categorie-sante")
    page.click("text=Appliquer les filtres")
    page.wait_for_url("**categorie=sante*")
    assert page.is_visible(".results .card >> nth=0")
    assert page.is_visible(".map-area__noscript")
    assert not page.is_visible("#vue-carte")


@pytest.mark.parametrize(
    ("width", "scale"), [(320, 1), (720, 2), (1024, 1)], ids=["320 px", "200 %", "between"]
)
@pytest.mark.slow
def test_nothing_overflows(visit: Start, width: int, scale: int) -> None:
    seen = visit(viewport={"width": width, "height": 450}, device_scale_factor=scale, may_fail=True)
    for path in (*PATHS, sheet_path(seen.page, seen.base)):
        page = seen.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.slow
def test_axe_finds_nothing(visit: Start) -> None:
    # The page of an unknown territory answers 404, which the console calls an error.
    seen = visit(may_fail=True)
    source = AXE.read_text(encoding="utf-8")
    for path, size in in_turn(*PATHS, sheet_path(seen.page, seen.base)):
        seen.page.set_viewport_size(size)
        page = seen.go(path)
        if size == PHONE and page.locator("#filtres-pli").count():
            page.click("#filtres-pli > summary")
        page.evaluate(source)
        page.emulate_media(color_scheme="light")
        assert not page.evaluate(RUN_AXE, {}), path
        page.emulate_media(color_scheme="dark")
        assert not page.evaluate(RUN_AXE, COLOURS), path


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/departements/93",
        "/autour?lieu=93066&s=2&suivi=59",
        "/autour?lieu=93066&vue=carte",
        "/autour?lieu=69123&loin=69123&ecart=100",
        "/table?territoire=93",
        "/integrer?dans=93",
        "/integration/93",
        "the sheet of an actor",
    ],
)
def test_a_phone_whose_texts_are_twice_as_large_scrolls_one_way(visit: Start, path: str) -> None:
    seen = visit(viewport=PHONE)
    path = path if path.startswith("/") else sheet_path(seen.page, seen.base)
    sizes = {"fontSizes": {"standard": 32}}
    seen.page.context.new_cdp_session(seen.page).send("Page.setFontSizes", sizes)
    page = seen.go(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
