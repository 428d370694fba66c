"""The page of a search shows the answer before its tools: measured, with script and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.axe import AXE, COLOURS, RUN_AXE
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.test_around import SAINT_DENIS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Start = Callable[..., Visit]
DEPARTEMENT = "/departements/93"
SITUATION = f"{SAINT_DENIS}&s=2"
# What is avoided lies around the place itself, so that the radius gives way.
EXCLUDING = "/autour?lieu=45.758,4.835&loin=45.758,4.835&ecart=100&rayon=25"
SEARCHES = (
    SAINT_DENIS,
    f"{SAINT_DENIS}&suivi=59",
    "/autour?cadre=2.340,48.890,2.480,48.960",
    SITUATION,
    DEPARTEMENT,
    f"{DEPARTEMENT}?s=2",
    *(f"{EXCLUDING}&s={number}" for number in (1, 2, 5)),
    # Nobody is known for the first step: its answer stands where cards do.
    "/departements/973?s=3",
    f"{SAINT_DENIS}&categorie=association",
)
LOCAL_PHONE = ".acting__first .roles__phone, .results .phone"
# Of a page without a situation; the numbers of one are folded only on its own page.
FOLDS = {
    "#situations-pli": ".situations__link",
    "#competents-pli": ".roles",
    "#filtres-pli": "#q",
    "#suite-pli": ".more__links",
}
VIEWPORTS = pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])


def top(page: Page, selector: str) -> float:
    """Return where the first such thing that is shown begins, in px from the top of the page."""
    shown = page.locator(selector).locator("visible=true").first.bounding_box()
    assert shown is not None
    return shown["y"]


def folds(viewport: dict[str, int]) -> dict[str, str]:
    """Return what opens at this width, by what it is, with what it shows."""
    if viewport == DESK:
        return FOLDS | {"#portee-pli": ".radius a"}
    return FOLDS | {"#lieu-pli": "#ou"}


@pytest.mark.parametrize(
    ("viewport", "scripted"),
    [(PHONE, True), (DESK, True), (PHONE, False)],
    ids=["phone", "desk", "phone, no script"],
)
@pytest.mark.parametrize("path", SEARCHES)
def test_the_first_card_is_on_the_first_screen(
    visit: Start, path: str, scripted: bool, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, java_script_enabled=scripted).go(path)
    most = 450 if viewport == PHONE else 400 if "s=" in path else 260
    assert top(page, ".results .card") <= most
    assert top(page, LOCAL_PHONE) < viewport["height"]


@pytest.mark.parametrize("number", range(1, 7))
def test_borders_in_the_colours_of_the_system_take_no_room(visit: Start, number: int) -> None:
    page = visit(viewport=PHONE, forced_colors="active").go(f"{SAINT_DENIS}&s={number}")
    assert top(page, ".results .card") <= 450


def test_what_else_is_asked_for_takes_the_place_of_the_sentence_which_is_folded(
    visit: Start,
) -> None:
    page = visit(viewport=PHONE).go(f"{EXCLUDING}&s=2")
    assert not page.is_visible("text=Signaler tout de suite")
    page.click("#numeros-pli > summary")
    assert page.is_visible("text=Signaler tout de suite")
    # Why it looks farther is said below the first step, before the second.
    why, second = top(page, "text=la recherche va à toute distance"), top(page, "#groupe-1")
    assert top(page, ".results .card") < why < second


def test_category_town_and_distance_of_a_card_stand_on_one_line(visit: Start) -> None:
    page = visit(viewport=PHONE).go(f"{SAINT_DENIS}&categorie=crip&categorie=uaped")
    lines = page.locator(".card .card__line")
    assert lines.count()
    for each in lines.all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] < 30
    assert page.inner_text(".card__category [aria-hidden] >> nth=0") == "CRIP"
    # Of a long name what there is room for; a distance is never cut.
    town = page.locator(".card__town >> nth=0")
    town.evaluate("each => { each.textContent = 'Saint-Rémy-lès-Chevreuse '.repeat(4) }")
    assert lines.first.evaluate("each => each.clientHeight") < 30
    assert town.evaluate("each => each.scrollWidth > each.clientWidth")
    distance = page.locator(".card__distance >> nth=0")
    right = "getBoundingClientRect().right"
    assert distance.evaluate(f"each => each.{right} <= each.closest('.card__line').{right}")
    assert "km" in page.inner_text(".card__distance >> nth=0")
    assert not page.locator(".card__place:has-text('(93)')").count()
    # Of another territory by its code, which fits where a name does not.
    page.goto(page.url.replace("lieu=93066&", ""))
    assert page.locator(".card__place:has-text('(93)')").count()


@VIEWPORTS
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_what_a_page_says_comes_in_the_order_of_need(
    visit: Start, scripted: bool, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, java_script_enabled=scripted).go(SITUATION)
    place = ".place__summary" if viewport == PHONE else "#ou"
    order = (place, ".situation-fold", ".situation", ".calls__link", ".bar", ".steps", ".card")
    tops = [top(page, each) for each in order]
    assert tops == sorted(tops)
    if viewport == PHONE:
        page.goto(page.url.replace("&s=2", ""))
        assert top(page, ".situation-fold") < top(page, ".acting__first") < top(page, ".bar")


@VIEWPORTS
def test_without_script_each_fold_opens_and_folds_again(
    visit: Start, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport, java_script_enabled=False).go(SAINT_DENIS)
    for fold, shown in folds(viewport).items():
        assert not page.is_visible(f"{fold} {shown} >> nth=0")
        page.click(f"{fold} > summary")
        assert page.is_visible(f"{fold} {shown} >> nth=0")
        page.click(f"{fold} > summary")
        assert not page.is_visible(f"{fold} {shown} >> nth=0")


@VIEWPORTS
def test_axe_finds_nothing_in_what_is_open(visit: Start, viewport: dict[str, int]) -> None:
    seen = visit(viewport=viewport)
    source = AXE.read_text(encoding="utf-8")
    for fold in folds(viewport):
        page = seen.go(SAINT_DENIS)
        page.click(f"{fold} > summary")
        page.evaluate(source)
        page.emulate_media(color_scheme="light")
        assert not page.evaluate(RUN_AXE, {}), fold
        page.emulate_media(color_scheme="dark")
        assert not page.evaluate(RUN_AXE, COLOURS), fold


def test_who_answers_a_number_is_folded_under_it(visit: Start) -> None:
    page = visit(viewport=PHONE).go(SITUATION)
    assert not page.is_visible(".answers")
    page.click("#numeros-pli > summary")
    assert "116 000, Enfants disparus" in page.inner_text(".answers")
    assert "à toute heure" in page.inner_text(".answers")


def test_filters_leave_the_exit_in_reach_and_the_last_press_shows_what_they_gave(
    visit: Start,
) -> None:
    seen = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    page = seen.go(SAINT_DENIS)
    page.tap("#filtres-pli > summary")
    page.wait_for_selector("[data-see]")
    header, sheet, button = (
        page.locator(each).bounding_box() for each in (".site-header", "#filtres", "[data-see]")
    )
    assert header
    assert sheet
    assert button
    assert sheet["y"] >= header["y"] + header["height"]
    assert button["y"] + button["height"] <= PHONE["height"]
    page.check("#categorie-association")
    page.wait_for_url("**categorie=association")
    seen.wait_for_count(seen.count())
    said = page.inner_text("[data-see]").removeprefix("Voir ")
    page.tap("[data-see]")
    expect(page.locator("#q")).to_be_hidden()
    assert page.inner_text("#compte") == said
    assert seen.focused() == "compte"


@VIEWPORTS
def test_what_opens_over_the_page_folds_by_escape_and_when_the_focus_goes_on(
    visit: Start, viewport: dict[str, int]
) -> None:
    page = visit(viewport=viewport).go(SAINT_DENIS)
    for fold in ("#filtres-pli", "#suite-pli"):
        page.focus(f"{fold} > summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        page.wait_for_selector(f"{fold}:not([open]) > summary:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{fold}[open]", state="attached")
        page.focus(".card__name a >> nth=0")
        page.wait_for_selector(f"{fold}:not([open])")
        assert page.evaluate("document.activeElement.matches('.card__name a')")


def test_in_a_low_window_the_bar_scrolls_away(visit: Start) -> None:
    page = visit(viewport={"width": 640, "height": 390}).go(SAINT_DENIS)
    page.evaluate("scrollTo(0, 900)")
    assert page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom < 0")


WIDTH = "document.querySelector('.search-circle').getBoundingClientRect().width"
NARROWER = f"(first) => {WIDTH} < first - 2"
AS_WIDE = f"(first) => Math.abs({WIDTH} - first) < 2"


def test_the_map_returns_to_what_it_showed_first(visit: Start) -> None:
    page = visit().go(SAINT_DENIS)
    first = page.locator(".search-circle").bounding_box()
    assert first
    page.click(".leaflet-control-zoom-out")
    # Under way, and once it has ended: the zoom begins with the next frame only.
    page.wait_for_function(NARROWER, arg=first["width"])
    page.click(".map-area__recenter")
    page.wait_for_function(AS_WIDE, arg=first["width"])
    assert page.locator(".search-circle").bounding_box() == pytest.approx(first, abs=2)
    page.click(".leaflet-control-zoom-out")
    page.wait_for_function(NARROWER, arg=first["width"])
    page.wait_for_selector(".leaflet-map-pane:not(.leaflet-zoom-anim)", state="attached")
    page.click(".map-area__recenter")
    page.wait_for_function(AS_WIDE, arg=first["width"])


def test_the_legend_explains_the_marks_beside_the_list(visit: Start) -> None:
    page = visit().go(SAINT_DENIS)
    page.click("#legende-pli > summary")
    assert "Symbole creux : adresse exacte inconnue" in page.inner_text(".legend__marks")
    page.keyboard.press("Escape")
    assert not page.is_visible(".legend__marks")


def test_nothing_lies_over_the_open_legend(visit: Start) -> None:
    page = visit(viewport=PHONE).go(f"{SAINT_DENIS}&vue=carte")
    # What lies over a map comes after its actors.
    page.wait_for_selector(".map-area__search", state="attached")
    page.click("#legende-pli > summary")
    over = """legend => {
      const box = legend.getBoundingClientRect();
      const corners = [[box.left, box.top], [box.right, box.top], [box.left, box.bottom]];
      const inside = (at, low, high) => Math.min(Math.max(at, low + 8), high - 8);
      return corners.map(([x, y]) => document.elementFromPoint(
        inside(x, box.left, box.right), inside(y, box.top, box.bottom)))
        .filter((each) => !legend.contains(each)).map((each) => each.className);
    }"""
    assert page.eval_on_selector("#legende-pli", over) == []


def test_an_empty_field_says_where_one_looks(visit: Start) -> None:
    page = visit().go("/autour?cadre=2.250,48.800,2.450,48.900")
    assert page.input_value("#ou") == ""
    assert page.get_attribute("#ou", "placeholder") == "Dans la carte affichée"


@VIEWPORTS
def test_the_numbers_are_copied_by_one_press_in_the_menu(
    visit: Start, viewport: dict[str, int]
) -> None:
    seen = visit(viewport=viewport, permissions=["clipboard-read", "clipboard-write"])
    page = seen.go(SITUATION)
    page.focus("#suite-pli > summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#copie:text('Copié.')")
    assert not page.is_visible("#numeros-texte")
    # The page's own policy forbids it to read what was copied.
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.focus("body > textarea")
    page.keyboard.press("Control+V")
    pasted = page.input_value("body > textarea")
    assert pasted == page.input_value("#numeros-texte")
    assert pasted.startswith("Appeler : 17, 116 000, 119\nPar SMS : 114\n")


def test_where_copying_is_refused_the_numbers_are_shown_and_selected(visit: Start) -> None:
    page = visit(viewport=PHONE).go(DEPARTEMENT)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.click("#suite-pli > summary")
    page.click("[data-copy]")
    page.wait_for_selector("#copie:text('Ctrl + C')")
    assert page.is_visible("#numeros-texte")
    assert page.evaluate("getSelection().toString()") == page.input_value("#numeros-texte")


def test_without_script_the_numbers_stand_there_as_a_text(visit: Start) -> None:
    page = visit(viewport=PHONE, java_script_enabled=False).go(DEPARTEMENT)
    page.click("#suite-pli > summary")
    assert not page.is_visible("[data-copy]")
    page.click("#numeros-texte-pli > summary")
    assert page.input_value("#numeros-texte").startswith("Appeler : 17, 119\n")


@VIEWPORTS
@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_who_follows_the_child_is_chosen_by_keyboard_and_stays(
    visit: Start, scripted: bool, viewport: dict[str, int]
) -> None:
    seen = visit(viewport=viewport, java_script_enabled=scripted)
    page = seen.go("/autour?lieu=59350")
    page.focus("#lieu-pli > summary" if viewport == PHONE else "#portee-pli > summary")
    page.keyboard.press("Enter")
    page.focus("#suivi")
    page.keyboard.type("93")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**suivi=93**")
    line = ".acting__short:has-text('Suivi : CRIP – Seine-Saint-Denis')"
    if viewport == PHONE:
        assert page.is_visible(line)
    else:
        assert "suivi 93" in page.inner_text("#competents-pli > summary")
    if scripted:
        # What the form sends along follows the filters, which no page load brings to it.
        page.click("#filtres-pli > summary")
        page.check("#categorie-crip")
        page.wait_for_url("**categorie=crip**")
        assert "suivi=93" in page.url
        page.wait_for_selector("[data-follow] [name=categorie]", state="attached")
        page.wait_for_selector("[data-place-box] [name=suivi]", state="attached")
