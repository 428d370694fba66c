"""The page that builds an embed: it follows each choice, says what is wrong, and copies."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route
from starlette.responses import HTMLResponse

from tests.axe import AXE, COLOURS, RUN_AXE, in_turn
from tests.browser.conftest import Visit, propose
from tests.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]
Start = Callable[..., Visit]
PATHS = (
    "/integrer",
    "/integrer?dans=93&dans=94&categorie=police&couleur=88aaff&liste=non",
    "/integrer?lieu=93066&rayon=5&couleurs=choisies",
    "/integrer?portee=lieu&ou=sainte-colombe",
)


def code(page: Page) -> str:
    return page.input_value("#code-iframe")


def wait_for_code(page: Page, part: str) -> None:
    """Wait until the announced code has a part, and both previews show the same embed."""
    page.wait_for_selector("#annonce:text-matches('^Code et aperçu à jour')", state="attached")
    page.wait_for_selector(f".preview__frame[src*='{part}'] >> nth=1")
    (src,) = re.findall(r'src="([^"]*)"', code(page))
    assert part in src.replace("&amp;", "&")


def test_code_and_previews_follow_each_choice_without_a_page_load(visit: Start) -> None:
    page = visit().go("/integrer")
    page.evaluate("document.body.dataset.mark = 'same page'")
    page.fill("#territoire", "93")
    page.check("#dans-93")
    wait_for_code(page, "/integration/93")
    page.check("#liste-non", force=True)
    wait_for_code(page, "liste=non")
    page.click("#categories > summary")
    page.check("#categorie-police")
    wait_for_code(page, "categorie=police")
    page.fill("#hauteur", "900")
    page.wait_for_selector("#apercu-telephone[height='900']")
    assert page.get_attribute("body", "data-mark") == "same page"
    assert 'title="Carte : Seine-Saint-Denis – Mesure 23"' in code(page)
    page.wait_for_url("**/integrer?dans=93&categorie=police&liste=non&hauteur=900")
    # Each preview was replaced, and none was added to what Back leads through.
    assert page.evaluate("history.length") == 2
    page.reload()
    assert page.is_checked("#dans-93")
    assert 'height="900"' in code(page)


def test_a_change_that_the_preview_does_not_show_leaves_it_as_it_stands(visit: Start) -> None:
    page = visit().go("/integrer?dans=93")
    page.evaluate("document.getElementById('apercu-ordinateur').dataset.mark = 'same frame'")
    page.fill("#hauteur", "700")
    page.wait_for_selector("#apercu-ordinateur[height='700'][data-mark='same frame']")


def test_several_territories_and_one_found_by_its_name(visit: Start) -> None:
    page = visit().go("/integrer?dans=93")
    page.fill("#territoire", "reunion")
    assert page.inner_text("#territoires-trouves") == "1 territoire"
    page.check("#dans-974")
    wait_for_code(page, "dans=93&dans=974")
    page.fill("#territoire", "zzz")
    assert page.inner_text("#territoires-trouves") == "Aucun territoire ne s’appelle ainsi"
    page.fill("#territoire", "")
    assert page.is_visible("#dans-93")
    assert page.inner_text("#territoires-choisis") == "Seine-Saint-Denis (93), La Réunion (974)"


def test_a_radius_around_a_place_with_the_keyboard_alone(visit: Start) -> None:
    page = visit().go("/integrer")
    page.focus("#portee-territoires")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "ou"
    propose(page, "bobigny")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for_code(page, "lieu=93008")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    wait_for_code(page, "lieu=93008&rayon=10")
    assert page.input_value("#ou") == "Bobigny (93)"
    # Back in the box, what is typed is found by Enter alone.
    page.focus("#ou")
    page.keyboard.press("Control+A")
    page.keyboard.type("93066")
    page.keyboard.press("Enter")
    wait_for_code(page, "lieu=93066&rayon=10")
    assert page.input_value("#ou") == "Saint-Denis (93)"


def test_an_answer_that_comes_late_takes_nothing_away(visit: Start) -> None:
    page = visit().go("/integrer")
    waiting: list[Route] = []
    page.route(re.compile(r"/integrer\?portee=lieu&rayon"), lambda route: waiting.append(route))
    with page.expect_request(re.compile(r"/integrer\?portee=lieu&rayon")):
        page.check("#portee-lieu", force=True)
    propose(page, "bobigny")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for each in waiting:
        each.continue_()
    wait_for_code(page, "lieu=93008")
    # Nor does the next answer take away what is being typed when it comes.
    waiting.clear()
    page.route(re.compile(r"rayon=50"), lambda route: waiting.append(route))
    with page.expect_request(re.compile(r"rayon=50")):
        page.select_option("#rayon", "50")
    page.fill("#ou", "sain")
    for each in waiting:
        each.continue_()
    wait_for_code(page, "lieu=93008&rayon=50")
    assert page.input_value("#ou") == "sain"


def test_a_territory_that_the_box_proposes_is_ticked(visit: Start) -> None:
    page = visit().go("/integrer?portee=lieu")
    propose(page, "seine-saint-denis")
    page.click("#ou-liste [role=option] >> text=Seine-Saint-Denis >> nth=0")
    wait_for_code(page, "/integration/93")
    assert page.is_checked("#portee-territoires")
    assert page.is_checked("#dans-93")


def test_faint_colours_are_reported_and_a_code_is_as_good_as_the_picker(
    visit: Start,
) -> None:
    page = visit().go("/integrer?dans=93")
    assert not page.is_visible("#couleur")
    page.check("#couleurs-choisies", force=True)
    page.fill("[data-code-of=couleur]", "88AAFF")
    page.wait_for_selector(".warnings li:text-matches('contraste de 2,0')")
    wait_for_code(page, "couleur=88aaff")
    assert "contraste de 2,0" in page.inner_text("#annonce")
    assert page.input_value("#couleur") == "#88aaff"
    page.fill("#couleur", "#003366")
    page.wait_for_selector(".warnings", state="detached")
    assert page.input_value("[data-code-of=couleur]") == "#003366"
    page.check("#couleurs-site", force=True)
    page.wait_for_selector(".preview__frame:not([src*=couleur]) >> nth=1")


def test_each_button_copies_its_text(visit: Start) -> None:
    seen = visit(permissions=["clipboard-read", "clipboard-write"])
    page = seen.go("/integrer?dans=93")
    page.click("#autres-facons > summary")
    # The page's own policy forbids it to read what was copied: another text box is pasted into.
    for id_ in ("code-iframe", "adresse-carte", "lien-oembed"):
        page.click(f"[data-copy={id_}]")
        page.wait_for_selector("#copie:text('Copié.')")
        page.fill("#territoire", "")
        page.evaluate("document.getElementById('territoire').maxLength = 5000")
        page.focus("#territoire")
        page.keyboard.press("Control+V")
        assert page.input_value("#territoire") == page.input_value(f"#{id_}")
    assert page.request.get(page.input_value("#lien-oembed")).json()["html"] == code(page)


def test_where_copying_is_refused_the_text_is_selected(visit: Start) -> None:
    page = visit().go("/integrer?dans=93")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    page.click("[data-copy=code-iframe]")
    page.wait_for_selector("#copie:text('Ctrl + C')")
    assert page.evaluate("getSelection().toString()") == code(page)


def test_too_many_territories_are_reported_and_the_code_stays(visit: Start) -> None:
    # Chromium writes an answer of 422 to the console.
    seen = visit(may_fail=True)
    page = seen.go(
        "/integrer?" + urlencode([("dans", f"{n:02}") for n in range(1, 20)] + [("dans", "21")])
    )
    before = code(page)
    page.fill("#territoire", "93")
    page.check("#dans-93")
    page.wait_for_selector("#panne:text-matches('au plus 20 territoires')")
    assert code(page) == before
    page.uncheck("#dans-93")
    page.wait_for_selector("#panne", state="hidden")


def test_pasted_code_and_nothing_else_shows_the_map_on_another_site(visit: Start) -> None:
    seen = visit()
    page = seen.go("/integrer?dans=93&categorie=association")
    pasted = code(page)
    page.click("#autres-facons > summary")
    script = page.input_value("#code-hauteur")
    # A server of its own: a browser lets no page without an address frame one of the loopback.
    with serving(HTMLResponse(pasted)) as elsewhere:
        page.goto(elsewhere)
        frame = page.frame_locator("iframe[title='Carte : Seine-Saint-Denis – Mesure 23']")
        frame.locator(".card").first.wait_for()
        frame.locator(".map-area[data-state=ready]").wait_for()
        assert page.evaluate("document.querySelector('iframe').offsetHeight") == 640
    # With the other lines, it is as high as what it shows.
    with serving(HTMLResponse(pasted + script)) as elsewhere:
        page.goto(elsewhere)
        page.wait_for_selector("iframe:not([height='640'])")


def test_without_script_the_button_gives_the_code(visit: Start) -> None:
    page = visit(java_script_enabled=False).go("/integrer")
    assert not page.is_visible("[data-copy=code-iframe]")
    page.click("summary:has-text('Île-de-France')")
    page.check("#dans-93")
    page.check("#liste-non", force=True)
    page.check("#couleurs-choisies", force=True)
    page.fill("#couleur", "#88aaff")
    page.click("text=Mettre à jour le code")
    page.wait_for_url("**/integrer?*dans=93*")
    assert "/integration/93?liste=non&amp;couleur=88aaff" in code(page)
    assert page.is_visible(".warnings")
    assert page.is_checked("#liste-non")
    page.check("#portee-lieu", force=True)
    page.fill("#ou", "bobigny")
    page.click("text=Mettre à jour le code")
    page.wait_for_url("**/integrer?lieu=93008*")
    assert "lieu=93008" in code(page)


def test_a_search_leads_there_with_what_it_selects(visit: Start) -> None:
    page = visit().go("/autour?lieu=93066&rayon=50&categorie=association&public=mineurs")
    page.click("#suite-pli > summary")
    page.click("text=Intégrer cette carte")
    page.wait_for_url("**/integrer?lieu=93066&rayon=50*")
    assert page.is_checked("#categorie-association")
    assert "Aussi retenu de votre recherche" in page.inner_text("#autres")
    assert "public=mineurs" in code(page)
    page.click("text=Ne garder que les catégories")
    page.wait_for_url("**/integrer?lieu=93066&rayon=50&categorie=association")


def test_axe_finds_nothing_and_nothing_overflows(visit: Start) -> None:
    seen = visit()
    for path, size in in_turn(*PATHS):
        seen.page.set_viewport_size(size)
        page = seen.go(path)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        page.evaluate(AXE.read_text(encoding="utf-8"))
        # The frames are pages of their own, tried as such.
        run = {"outside": [["iframe"]]}
        page.emulate_media(color_scheme="light")
        assert not page.evaluate(RUN_AXE, run), path
        page.emulate_media(color_scheme="dark")
        assert not page.evaluate(RUN_AXE, run | COLOURS), path
