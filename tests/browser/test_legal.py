"""Legal pages and the frame of every page: under axe, narrow, enlarged, with landmarks."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.axe import AXE, COLOURS, RUN_AXE, in_turn
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser
Start = Callable[..., Visit]
PATHS = (
    *("/mentions-legales", "/confidentialite", "/accessibilite", "/nulle/part"),
    *("/departements", "/donnees", "/couverture", "/couverture?fonction=ecoute"),
    "/departements/93/pilotage",
)


@pytest.mark.slow
def test_axe_finds_nothing_on_legal_pages(visit: Start) -> None:
    # A page that is not there answers 404, which the console calls an error.
    seen = visit(may_fail=True)
    for path, size in in_turn(*PATHS):
        seen.page.set_viewport_size(size)
        page = seen.go(path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.emulate_media(color_scheme="light")
        assert not page.evaluate(RUN_AXE, {}), path
        page.emulate_media(color_scheme="dark")
        assert not page.evaluate(RUN_AXE, COLOURS), path


@pytest.mark.slow
@pytest.mark.parametrize(("width", "scale"), [(320, 1), (720, 2)], ids=["320 px", "200 %"])
def test_legal_pages_do_not_overflow(visit: Start, width: int, scale: int) -> None:
    seen = visit(viewport={"width": width, "height": 450}, device_scale_factor=scale, may_fail=True)
    for path in PATHS:
        page = seen.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 720, 1440])
def test_the_header_is_one_line_that_holds_everything(visit: Start, width: int) -> None:
    page = visit(viewport={"width": width, "height": 700}).go("/accessibilite")
    boxes = [page.locator(each).bounding_box() for each in (".brand__logo", ".urgent", ".exit")]
    assert all(box and box["y"] >= 0 and box["y"] + box["height"] <= 62 for box in boxes)
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert all(left[1] <= right[0] for left, right in pairwise(edges))
    # What is not drawn on a narrow screen is still said.
    assert page.get_by_role("link", name="Mesure 23").count() == 1


@pytest.mark.slow
def test_every_part_of_a_page_is_a_landmark_with_a_name_of_its_own(visit: Start) -> None:
    page = visit().go("/confidentialite")
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    names = page.eval_on_selector_all("nav", "all => all.map(nav => nav.ariaLabel)")
    assert len(names) == len(set(names)) >= 1
    assert all(names)


@pytest.mark.slow
def test_skip_link_leads_to_the_content(visit: Start) -> None:
    page = visit().go("/confidentialite")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    box = page.locator(".skip-link:focus").bounding_box()
    assert box
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
