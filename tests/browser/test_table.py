"""The table in a real browser: sorted by keyboard, without script, on a phone and on paper."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Literal

import openpyxl
import pytest

from tests.axe import AXE, COLOURS, RUN_AXE
from tests.browser.conftest import PHONE, Visit
from tests.meanwhile import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]
PATHS = ("/table?territoire=93", "/table?lieu=93066&rayon=10", "/table?territoire=48", "/table")
NAMES = "tbody th a"


def test_table_is_sorted_by_keyboard_and_back_undoes_it(visit: Start) -> None:
    page = visit().go("/table?territoire=93")
    count = page.inner_text("#compte")
    page.focus("thead a:has-text('Nom')")
    page.keyboard.press("Enter")
    page.wait_for_url("**tri=nom#tableau")
    assert page.get_attribute("th[aria-sort]", "aria-sort") == "ascending"
    ascending = page.locator(NAMES).all_inner_texts()
    page.click("thead a:has-text('Nom')")
    page.wait_for_url("**tri=-nom#tableau")
    assert page.get_attribute("th[aria-sort]", "aria-sort") == "descending"
    assert page.locator(NAMES).all_inner_texts() == ascending[::-1]
    assert page.inner_text("#compte") == count
    page.go_back()
    page.wait_for_url("**tri=nom#tableau")
    assert page.locator(NAMES).all_inner_texts() == ascending


def test_table_and_list_lead_to_each_other_with_the_same_actors(visit: Start) -> None:
    seen = visit()
    page = seen.go("/table?territoire=93&fonction=ecoute")
    rows = set(page.eval_on_selector_all("tr[data-actor]", "all => all.map(e => e.dataset.actor)"))
    page.click("text=Carte et liste")
    page.wait_for_url("**/departements/93?fonction=ecoute")
    page.wait_for_selector("[data-state=ready]", state="attached")
    cards = page.eval_on_selector_all("li[data-actor]", "all => all.map(e => e.dataset.actor)")
    assert set(cards) == rows
    page.go_back()
    page.click("a.chip")
    page.wait_for_url("**/table?territoire=93")


@pytest.mark.parametrize("extension", ["csv", "xlsx", "geojson"])
def test_files_are_saved_under_a_name_that_says_nothing(visit: Start, extension: str) -> None:
    page = visit(accept_downloads=True).go("/table?territoire=93&s=2")
    rows = page.locator("tr[data-actor]").count()
    with page.expect_download() as download:
        page.click(f"a[href^='/table.{extension}']")
    assert re.fullmatch(rf"acteurs-93-[\d-]+\.{extension}", download.value.suggested_filename)
    if extension == "xlsx":
        with download.value.path().open("rb") as file:
            assert openpyxl.load_workbook(file)["Acteurs"].max_row == rows + 1


def test_header_stays_in_sight_on_a_wide_screen(visit: Start) -> None:
    page = visit().go("/table")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    below = page.eval_on_selector(".site-header", "e => e.getBoundingClientRect().bottom")
    top = page.eval_on_selector("thead th", "e => e.getBoundingClientRect().top")
    assert top == pytest.approx(below, abs=1.5)


def test_no_cell_reaches_into_the_next_on_a_wide_screen(visit: Start) -> None:
    page = visit().go("/table?territoire=93")
    wider = "cells => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length"
    assert page.eval_on_selector_all("th, td", wider) == 0


def test_table_scrolls_in_its_own_window_by_keyboard_on_a_smaller_screen(visit: Start) -> None:
    page = visit(viewport={"width": 1000, "height": 700}).go("/table?territoire=93")
    page.focus("#tableau")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#tableau")
    until(lambda: page.eval_on_selector("#tableau", "e => e.scrollLeft") > 0)
    # Whose row it is stays in sight.
    first = page.eval_on_selector(NAMES, "e => e.getBoundingClientRect().left")
    assert first >= page.eval_on_selector("#tableau", "e => e.getBoundingClientRect().left")


@pytest.mark.parametrize("scripted", [True, False])
def test_no_page_is_wider_than_its_screen(visit: Start, scripted: bool) -> None:
    seen = visit(java_script_enabled=scripted)
    for path in PATHS:
        page = seen.go(path)
        for width in (320, 390, 720, 1000, 1408, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (path, width)


# Where each number ends, as it is written, and where its cell does.
ENDS = """links => links.map(link => {
  const written = document.createRange();
  written.selectNode(link.firstChild);
  return [written, link.closest("td")].map(each => each.getBoundingClientRect().right);
})"""


@pytest.mark.parametrize("width", [1000, 1440])
def test_no_phone_reaches_into_the_next_column(visit: Start, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800}).go(PATHS[0])
    ends = page.eval_on_selector_all("td a[href^='tel:']", ENDS)
    assert ends
    assert all(phone <= cell for phone, cell in ends)


def test_a_row_is_a_card_on_a_phone_whose_number_can_be_pressed(visit: Start) -> None:
    page = visit(viewport=PHONE).go("/table?territoire=93")
    row = page.locator("tr[data-actor]").first
    box, phone = row.bounding_box(), row.locator("a[href^='tel:']").first.bounding_box()
    assert box is not None
    assert phone is not None
    assert box["width"] <= PHONE["width"]
    assert phone["height"] >= 44
    # Still a table to who hears it, as the browser and not the markup says.
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = Counter(node["role"]["value"] for node in tree if not node["ignored"])
    actors = page.locator("tr[data-actor]").count()
    assert roles["table"] == 1
    assert roles["row"] == actors + 1
    assert roles["rowheader"] == actors
    assert roles["cell"] >= 6 * actors


@pytest.mark.parametrize("colours", ["none", "active"], ids=["ours", "forced"])
def test_a_mark_is_hollow_in_the_table_as_on_the_map(
    visit: Start, colours: Literal["none", "active"]
) -> None:
    page = visit(forced_colors=colours).go("/table?territoire=93")
    fill = "mark => getComputedStyle(mark).fill"
    hollow = page.eval_on_selector(".mark--hollow", fill)
    assert hollow != page.eval_on_selector(".mark:not(.mark--hollow)", fill)
    ground = "row => getComputedStyle(row.closest('.table-scroll')).backgroundColor"
    assert hollow == page.eval_on_selector(".mark--hollow", ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Start, scheme: str) -> None:
    # What axe runs is a script of the page, which its policy would refuse.
    seen = visit(color_scheme=scheme, bypass_csp=True)
    for path in PATHS:
        page = seen.go(path)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in (390, 1000) if scheme == "light" else (1440,):
            page.set_viewport_size({"width": width, "height": 844})
            options = {} if scheme == "light" else COLOURS
            assert page.evaluate(RUN_AXE, options) == [], (path, width)


def test_paper_lies_on_its_side_and_has_no_button(visit: Start) -> None:
    page = visit().go("/table?territoire=93")
    page.emulate_media(media="print")
    assert page.locator(".button:visible").count() == 0
    assert page.locator("tr[data-actor]:visible").count() > 10
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True))
    assert sizes
    assert all(float(width) > float(height) for width, height in sizes)
