"""Pages enlarged four times, with larger texts, in the colours of the system, and by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_pages import PATHS, sheet_path

pytestmark = [pytest.mark.long, pytest.mark.browser]
Start = Callable[..., Visit]
MORE = (
    *(f"/autour?lieu=93066&s={number}" for number in range(1, 7)),
    "/autour?cadre=2.3,48.85,2.5,48.98&vue=carte",
    *(
        "/departements",
        "/couverture",
        "/couverture?fonction=ecoute",
        "/table?lieu=93066&rayon=10",
        "/donnees",
        "/integrer?dans=93",
    ),
    *("/accessibilite", "/integration/93"),
)
# Pixels of CSS: a small phone; 1280 by 800 at 200 %, and 1280 by 1024 at 400 %.
SCREENS = {"320 px": (320, 568), "200 %": (640, 400), "400 %": (320, 256)}
TWICE = {"fontSizes": {"standard": 32}}
# What lies beyond the window and no bar scrolls to; what is cut by its own box. Fields scroll by
# themselves, what only screen readers say is cut on purpose, and a map goes on on all sides.
LOST = """() => {
  const found = [];
  const scrolls = (style) => ["auto", "scroll"].includes(style.overflowX);
  const clipped = (each) => getComputedStyle(each).clipPath !== "none";
  const hidden = (each) => each && (clipped(each) || hidden(each.parentElement));
  for (const each of document.querySelectorAll("body *")) {
    const box = each.getBoundingClientRect();
    const style = getComputedStyle(each);
    // Nor what is folded.
    const seen = each.checkVisibility({ visibilityProperty: true });
    if (box.width < 3 || box.height < 3 || !seen) continue;
    if (hidden(each) || each.matches("input, select, textarea, iframe")) continue;
    if (each.closest(".leaflet-container, svg")) continue;
    const text = each.textContent.trim().slice(0, 40);
    const name = `${each.tagName} ${each.getAttribute("class")} ${text}`;
    const clips = (value) => ["hidden", "clip"].includes(value);
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = each;
    if (clips(style.overflowX) && scrollWidth > clientWidth + 1) found.push(`cut: ${name}`);
    if (clips(style.overflowY) && scrollHeight > clientHeight + 1) found.push(`cut: ${name}`);
    let parent = each.parentElement;
    while (parent && !scrolls(getComputedStyle(parent))) parent = parent.parentElement;
    if (!parent && (box.right > innerWidth + 1 || box.left < -1)) found.push(`out: ${name}`);
  }
  return [...new Set(found)];
}"""
UNFOLD = (
    "for (const fold of document.querySelectorAll('details:not([data-menu])')) fold.open = true"
)


def lost(page: Page) -> list[str]:
    """Return what of a page nobody can read."""
    found: list[str] = page.evaluate(LOST)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, *([f"wider by {wide}"] if wide > 0 else [])]


@pytest.mark.parametrize(("width", "height"), SCREENS.values(), ids=SCREENS.keys())
def test_nothing_is_cut_and_nothing_scrolls_sideways(visit: Start, width: int, height: int) -> None:
    seen = visit(viewport={"width": width, "height": height}, may_fail=True)
    paths = (*PATHS, *MORE, sheet_path(seen.page, seen.base))
    found: dict[str, list[str]] = {}
    for path in paths:
        page = seen.go(path)
        found[path] = lost(page)
        page.evaluate(UNFOLD)
        found[f"{path}, unfolded"] = lost(page)
        if height < 400 and page.locator(".bar").count():
            bar = page.eval_on_selector(".bar", "bar => getComputedStyle(bar).position")
            assert bar != "sticky", path
    assert not {path: each for path, each in found.items() if each}


@pytest.mark.parametrize("width", [320, 390])
def test_with_texts_of_twice_the_size_a_small_phone_scrolls_one_way(
    visit: Start, width: int
) -> None:
    seen = visit(viewport={"width": width, "height": 568}, may_fail=True)
    seen.page.context.new_cdp_session(seen.page).send("Page.setFontSizes", TWICE)
    wider = []
    for path in (*PATHS, *MORE, "/nulle-part", sheet_path(seen.page, seen.base)):
        page = seen.go(path)
        for _ in range(2):
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wider.append(path)
            page.evaluate(UNFOLD)
    assert not wider


def test_with_texts_of_twice_the_size_the_exit_is_on_the_screen(visit: Start) -> None:
    seen = visit(viewport=PHONE)
    seen.page.context.new_cdp_session(seen.page).send("Page.setFontSizes", TWICE)
    page = seen.go("/departements/93")
    for link in (".exit", *(f".urgent a[href$='{number}']" for number in ("17", "119", "114"))):
        box = page.locator(f".site-header {link}").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


# Of what has the focus: nothing where it is in sight, not under anything, and marked.
UNSEEN = """() => {
  const each = document.activeElement;
  const box = each.getBoundingClientRect();
  const text = each.textContent.trim().slice(0, 40);
  const said = `${each.tagName} ${each.getAttribute("class")} ${text}`;
  const { outlineStyle, outlineWidth } = getComputedStyle(each);
  // A territory of the map of France has a thicker border.
  const shape = each.matches("svg a") && getComputedStyle(each.querySelector("path"));
  const marked = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  if (!marked && !(shape && parseFloat(shape.strokeWidth) >= 2)) return `mark: ${said}`;
  let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
  for (let parent = each.parentElement; parent; parent = parent.parentElement) {
    if (getComputedStyle(parent).overflowX === "visible") continue;
    const seen = parent.getBoundingClientRect();
    [left, right] = [Math.max(left, seen.left), Math.min(right, seen.right)];
  }
  [left, right] = [Math.max(0, left), Math.min(innerWidth, right)];
  [top, bottom] = [Math.max(0, top), Math.min(innerHeight, bottom)];
  if (right - left < 2 || bottom - top < 2) return `out of sight: ${said}`;
  // The middle of a territory may lie in its neighbour.
  if (each.matches("svg a")) return "";
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return each.contains(over) || over?.contains(each) ? "" : `under ${over?.className}: ${said}`;
}"""


@pytest.mark.parametrize("colours", ["none", "active"], ids=["ours", "forced"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (640, 400), (1440, 900)])
@pytest.mark.parametrize("path", ["/", "/departements/93", "/autour?lieu=93066&s=2"])
def test_what_has_the_focus_is_in_sight(
    visit: Start, path: str, width: int, height: int, colours: str
) -> None:
    page = visit(viewport={"width": width, "height": height}, forced_colors=colours).go(path)
    page.evaluate("document.activeElement.blur()")
    unseen = []
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        if said := page.evaluate(UNSEEN):
            unseen.append(said)
    assert not unseen
