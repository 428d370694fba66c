"""Around a place, as somebody uses it: situation, who must act, and distance."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, PHONE, TILE_HOST, Visit, stand_still

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Start = Callable[..., Visit]
SAINT_DENIS = "/autour?lieu=93066"
MOVE = (-160, -90)


def asked(page: Page) -> list[tuple[str, str]]:
    """Return the parameters of the address, empty ones too."""
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def drag_map(page: Page) -> None:
    """Move the map as a hand does."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.wait_for_selector(".leaflet-map-pane:not(.leaflet-zoom-anim)", state="attached")
    # Not in the middle, where actors stand.
    x, y = box["x"] + 250, box["y"] + 250
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + MOVE[0], y + MOVE[1], steps=5)
    page.mouse.up()


def test_first_page_leads_to_a_situation_that_no_title_names(visit: Start) -> None:
    page = visit().go("/")
    page.click("text=Un mineur a fugué")
    page.wait_for_url("**/autour?s=2")
    assert page.title() == "Toute la France · Mesure 23"
    assert page.inner_text("h1") == "Toute la France"
    assert page.inner_text(".situation-fold h2").startswith("Un mineur a fugué")


def test_situation_puts_its_numbers_first_then_steps_in_order(visit: Start) -> None:
    page = visit(viewport=PHONE).go(f"{SAINT_DENIS}&s=2")
    calls = page.eval_on_selector_all(
        "main a[href^='tel:']", "links => links.map(link => link.getAttribute('href'))"
    )
    assert calls[:3] == ["tel:17", "tel:116000", "tel:119"]
    first = page.locator(".calls__link >> nth=0").bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < PHONE["height"]
    assert "Déclarer la disparition" in page.inner_text(".steps__step >> nth=0")
    numbers = page.locator(".group__step").all_inner_texts()
    assert numbers == sorted(numbers)
    assert numbers[0] == "1"
    page.click("text=Retirer la situation")
    page.wait_for_url(f"**{SAINT_DENIS}")
    assert page.inner_text(".situation-fold h2") == "Que se passe-t-il ?"
    assert not page.locator(".calls").count()


def test_the_bar_stays_in_reach_whatever_a_phone_shows_under_it(visit: Start) -> None:
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True).go(f"{SAINT_DENIS}&s=2")
    for view, other, shown in (("carte", "liste", "#map"), ("liste", "carte", ".steps")):
        page.eval_on_selector("#annonce", "said => { said.textContent = '' }")
        page.tap(f"#vue-{view}")
        page.wait_for_selector("#annonce:has-text('acteurs')", state="attached")
        assert page.is_visible(f"#vue-{other}")
        parts = (page.locator(each).bounding_box() for each in (".site-header", ".bar", shown))
        header, bar, under = [part for part in parts if part]
        # One under the other, and all of it on the screen; a pixel may be shared between two.
        assert header["y"] + header["height"] <= bar["y"] + 1
        assert bar["y"] + bar["height"] <= under["y"] + 1
        assert under["y"] + under["height"] <= PHONE["height"] + 1


def test_who_must_act_unfolds_and_says_what_no_list_tells(visit: Start) -> None:
    for page in (visit().go(SAINT_DENIS), visit(viewport=PHONE).go(SAINT_DENIS)):
        assert not page.is_visible(".roles .roles__phone >> nth=0")
        page.click("#competents-pli > summary")
        assert page.is_visible(".roles .roles__phone >> nth=0")
        assert "Non renseigné pour ce lieu" in page.inner_text(".roles")
        page.click(".roles__unknown a >> nth=0")
        page.wait_for_url("**/departements/93?categorie=*")


def test_distances_grow_down_the_list_and_are_as_the_crow_flies(visit: Start) -> None:
    page = visit().go(SAINT_DENIS)
    words = page.locator("#groupe-0 ~ .cards .card__distance").all_text_contents()
    assert len(words) == page.locator("#groupe-0 ~ .cards .card").count()
    assert all(each.strip().endswith("km à vol d’oiseau") for each in words)
    numbers = [float(each.split(" km")[0].split()[-1].replace(",", ".")) for each in words]
    assert numbers == sorted(numbers)


def test_distance_is_a_link_that_draws_its_circle(visit: Start) -> None:
    seen = visit()
    page = seen.go(f"{SAINT_DENIS}&categorie=association")
    page.wait_for_selector(".search-center", state="attached")
    page.click("#portee-pli > summary")
    page.click(".radius__choices a:has-text('5') >> nth=0")
    page.wait_for_url(f"**{SAINT_DENIS}&rayon=5&categorie=association")
    page.wait_for_selector(".search-circle", state="attached")
    page.click("#portee-pli > summary")
    page.click("text=Toutes distances")
    page.wait_for_url("**rayon=tout*")
    page.wait_for_selector(".search-center", state="attached")
    assert page.locator(".search-circle").count() == 0
    page.go_back()
    page.wait_for_url("**rayon=5*")
    assert str(page.text_content(".radius__choices [aria-current]")).split()[0] == "5"


def test_address_holds_nothing_empty_and_the_box_keeps_the_filters(visit: Start) -> None:
    seen = visit()
    page = seen.go(SAINT_DENIS)
    page.click("#filtres-pli > summary")
    page.fill("#q", "nid")
    page.keyboard.press("Enter")
    page.wait_for_url("**&q=nid")
    assert asked(page) == [("lieu", "93066"), ("q", "nid")]
    assert seen.focused() == "q"
    page.wait_for_selector("[data-place-box] input[name=q][value=nid]", state="attached")
    for link, address in (
        (".radius a >> nth=0", "/autour?lieu=93066&rayon=5&q=nid"),
        (".overseas a:text('Guyane')", "/departements/973?q=nid"),
    ):
        assert str(page.get_attribute(link, "href")).endswith(address)
    page.fill("#q", "")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SAINT_DENIS}")


def test_ambiguous_place_keeps_the_search(visit: Start) -> None:
    page = visit().go("/autour?ou=saint-denis&s=2")
    page.click(".place-choices a:has-text('Seine-Saint-Denis')")
    page.wait_for_url("**/autour?lieu=93066&s=2")


def test_moved_map_offers_to_search_what_it_shows(visit: Start) -> None:
    seen = visit()
    page = seen.go(f"{SAINT_DENIS}&categorie=association")
    page.wait_for_selector(".map-area__search", state="attached")
    stand_still(page)
    # What the map does by itself is no move of the reader's.
    assert not page.is_visible("text=Chercher ici")
    drag_map(page)
    page.click("text=Chercher ici")
    page.wait_for_url("**/autour?cadre=*,*")
    seen.wait_for_map()
    found = dict(asked(page))
    west, south, east, north = (float(part) for part in found["cadre"].split(","))
    # On the grid, and where the hand let go: its middle is south and east of Saint-Denis.
    assert all((each * 1000) % 5 == pytest.approx(0, abs=1e-6) for each in (west, south))
    assert (south + north) / 2 < 48.93
    assert (west + east) / 2 > 2.36
    assert found["categorie"] == "association"
    assert page.inner_text(".chips").startswith("Dans la carte affichée")
    page.wait_for_selector(".search-circle", state="attached")
    assert page.locator(".search-center").count() == 0
    # The map shows what it showed.
    assert page.evaluate("document.querySelector('.search-circle').getBBox().width") > 500


def test_list_follows_the_map_when_asked(visit: Start) -> None:
    seen = visit()
    page = seen.go("/autour?cadre=2.3,48.85,2.5,48.98&categorie=association")
    before, entries = page.url, page.evaluate("history.length")
    heading = page.text_content("h1")
    page.check("text=La liste suit la carte")
    drag_map(page)
    page.wait_for_url(lambda url: url != before)
    # The address says what the list shows, and the map draws the same.
    page.wait_for_selector(f'#liste[data-search="{page.url.removeprefix(seen.base)}"]')
    shown = page.get_attribute("#liste", "data-geojson")
    page.wait_for_selector(f'.map-area[data-shows="{shown}"]', state="attached")
    assert dict(asked(page))["categorie"] == "association"
    assert page.text_content("h1") == heading
    assert page.evaluate("history.length") == entries
    assert page.is_checked("text=La liste suit la carte")
    assert not page.is_visible("text=Chercher ici")
    # A larger circle is drawn around where the map is now.
    middle = str(page.get_attribute("#liste", "data-middle"))
    circles = page.eval_on_selector_all(".radius a", "links => links.map(link => link.search)")
    assert all(f"lieu={middle}" in each for each in circles)
    page.reload()
    assert page.get_attribute("#liste", "data-geojson") == shown


def test_list_follows_the_buttons_of_the_map_too(visit: Start) -> None:
    seen = visit()
    page = seen.go("/autour?cadre=2.3,48.85,2.5,48.98&categorie=association")
    page.check("text=La liste suit la carte")
    for button in ("Réduire la carte", "Recentrer la carte"):
        former = page.url
        page.click(f"[aria-label='{button}']")
        page.wait_for_function("former => location.href !== former", arg=former)


def test_map_says_that_it_shows_the_nearest_only(visit: Start) -> None:
    seen = visit()

    def cut(route: Route) -> None:
        body = route.fetch().json()
        body["counts"] = {"total": 9_000, "drawn": 9_000, "shown": 5_000}
        route.fulfill(json=body)

    seen.page.route("**/api/actors.geojson*", cut)
    page = seen.go(SAINT_DENIS)
    words = page.inner_text(".map-area__note").split()
    assert words == ["La", "carte", "montre", "les", "5", "000", "plus", "proches."]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("path", ["/autour", "/departements/93", "/autour?lieu=93066&vue=carte"])
def test_overseas_is_where_the_place_is_chosen(
    visit: Start, path: str, viewport: dict[str, int]
) -> None:
    opener = "#portee-pli > summary" if viewport == DESK else "#lieu-pli > summary"
    page = visit(viewport=viewport).go(path + ("&s=3" if "?" in path else "?s=3"))
    page.click(opener)
    page.click(".overseas >> text=Guyane")
    page.wait_for_url("**/departements/973?s=3*")
    page.click(opener)
    assert page.inner_text(".overseas [aria-current]") == "Guyane"
    page.click(".overseas >> text=Hexagone")
    page.wait_for_url("**/autour?s=3*")


def test_the_map_fills_the_window_beside_a_long_list(visit: Start) -> None:
    page = visit().go("/autour")
    page.evaluate("scrollTo(0, 1500)")
    parts = (page.locator(each).bounding_box() for each in (".site-header", "#map"))
    header, area = [part for part in parts if part]
    assert area["y"] == pytest.approx(header["height"], abs=1)
    assert area["y"] + area["height"] == pytest.approx(DESK["height"], abs=1)


def test_who_chooses_the_detailed_ground_finds_it_on_the_way_back(visit: Start) -> None:
    seen = visit(tiles=True)
    page = seen.go(SAINT_DENIS)
    assert seen.drawn() > 0
    assert seen.hosts == {"127.0.0.1"}
    page.click("text=Fond IGN (détaillé)")
    page.wait_for_url(f"**{SAINT_DENIS}&fond=detaille")
    page.wait_for_selector(".leaflet-tile-loaded")
    page.click("#suite-pli > summary")
    page.click("text=Tableau")
    page.click("text=Carte et liste")
    page.wait_for_url(f"**{SAINT_DENIS}&fond=detaille")
    page.click(".card__name a >> nth=0")
    page.click("text=Voir dans la liste")
    page.wait_for_url("**/departements/*?fond=detaille#acteur-*")
    page.wait_for_selector(".leaflet-tile-loaded")
    page.click("text=Fond simple")
    page.wait_for_url(lambda url: "fond=" not in url)


def test_another_ground_keeps_what_was_searched_meanwhile(visit: Start) -> None:
    page = visit(viewport=PHONE, tiles=True).go(SAINT_DENIS)
    page.wait_for_selector(".map-area[data-state=ready]", state="attached")
    page.click("#filtres-pli > summary")
    page.check("#categorie-association")
    page.wait_for_url("**categorie=association*")
    page.click("#filtres-pli > summary")
    page.click("#vue-carte")
    page.wait_for_url("**vue=carte*")
    page.click("text=Fond IGN (détaillé)")
    page.wait_for_url("**fond=detaille*")
    found = {("categorie", "association"), ("vue", "carte"), ("fond", "detaille")}
    assert found <= set(asked(page))
    page.go_back()
    page.go_back()
    page.wait_for_selector("#vue-carte")
    ground = "document.querySelector('.map-area__ground')"
    page.wait_for_function(f"() => !{ground}.href.includes('vue=')")


def test_a_map_that_nobody_opens_asks_its_host_for_nothing(visit: Start) -> None:
    seen = visit(viewport=PHONE, tiles=True)
    page = seen.go(f"{SAINT_DENIS}&fond=detaille")
    page.wait_for_selector(".map-area[data-state=ready]", state="attached")
    assert seen.hosts == {"127.0.0.1"}
    page.click("#vue-carte")
    page.wait_for_selector(".leaflet-tile-loaded")
    assert TILE_HOST in seen.hosts


def test_no_result_widens_in_one_press(visit: Start) -> None:
    seen = visit()
    page = seen.go("/autour?lieu=93066&rayon=5&categorie=pjj")
    assert seen.count() == 0
    # No wider circle that holds no more, and no two ways to the same search.
    labels = page.locator(".empty__choices a").all_inner_texts()
    assert [label.split(" km")[0].split(" de")[0] for label in labels] == [
        "Jusqu’à 10",
        "Sans limite",
        "Sans « Protection judiciaire",
    ]
    choice = page.locator(".empty__choices a >> nth=0")
    number = int(choice.locator(".tally").inner_text().split()[0])
    choice.click()
    expect(page.locator("#compte")).to_have_text(re.compile(rf"^{number} acteurs?\b"))
