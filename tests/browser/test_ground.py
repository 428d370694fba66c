"""The ground under maps: ours, from this service alone; tiles only where somebody chooses them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import PHONE, Visit, stand_still, wait_for_ground
from tests.chromium import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Start = Callable[..., Visit]
SEINE_SAINT_DENIS = "/departements/93"
FRANCE = "/autour"
# Whether the land in the middle, lines on it included, is light or else dark.
LAND_IN_THE_MIDDLE = """isLight => {
  const canvas = document.querySelector(".leaflet-near-pane canvas");
  const copy = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  copy.drawImage(canvas, -canvas.width / 2, -canvas.height / 2);
  const {data} = copy.getImageData(0, 0, 20, 20);
  const mean = data.filter((_, at) => at % 4 === 0).reduce((sum, red) => sum + red, 0) / 400;
  return isLight ? mean > 200 : mean < 100;
}"""


# Remembers the names of the last drawing, and how many times they were drawn.
NOTE_NAMES = """window.names = []; window.drawings = 0;
const {scale, fillText} = CanvasRenderingContext2D.prototype;
Object.assign(CanvasRenderingContext2D.prototype, {
  scale(...by) {
    if (this.canvas.closest(".leaflet-names-pane")) { window.names = []; window.drawings += 1; }
    scale.apply(this, by);
  },
  fillText(name, x, y) {
    const canvas = this.canvas.getBoundingClientRect();
    const half = this.measureText(name).width / 2;
    window.names.push({name, x: canvas.x + x, y: canvas.y + y, half});
    fillText.call(this, name, x, y);
  },
});"""
MARKS = ".leaflet-marker-icon svg"
CONTROLS = ".leaflet-control, .legend, .map-area__ground, .map-area__search > *"
# The names that one of these covers; 4: half the height of small letters.
COVERED = """(these) => {
  const marks = [...document.querySelectorAll(these)]
    .map(mark => mark.getBoundingClientRect());
  return window.names.filter(({x, y, half}) => marks.some(mark =>
    x + half > mark.left && x - half < mark.right && y + 4 > mark.top && y - 4 < mark.bottom
  )).map(({name}) => name);
}"""
# The names that the edge of the map cuts.
CUT = """() => {
  const map = document.querySelector(".folium-map").getBoundingClientRect();
  return window.names.filter(({x, y, half}) =>
    x + half > map.left && x - half < map.right && y + 4 > map.top && y - 4 < map.bottom && (
      x - half < map.left || x + half > map.right || y - 4 < map.top || y + 4 > map.bottom)
  ).map(({name}) => name);
}"""


def test_a_departement_stands_on_our_ground_and_no_other_host_hears_of_it(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    for pane in ("near", "names"):
        wait_for_ground(page, pane)
    # What is seen from afar is covered, its coarse coast would show beside the true one.
    page.wait_for_selector(".leaflet-afar-pane.is-covered", state="attached")
    assert seen.hosts == {"127.0.0.1"}


def test_the_ground_is_fetched_after_the_actors_and_only_what_is_seen(visit: Start) -> None:
    seen = visit()
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go(SEINE_SAINT_DENIS)
    wait_for_ground(page, "near")
    actors = next(rank for rank, url in enumerate(asked) if "actors.geojson" in url)
    ground = [url for url in asked if "/built/ground/" in url]
    assert "france.geojson?v=" in ground[0]
    assert asked.index(ground[0]) > actors

    def files() -> set[str]:
        ground = [url.rpartition("/")[2] for url in asked if "/built/ground/" in url]
        return {name.partition(".")[0] for name in ground}

    # All of what the page is about, and the land alone of what lies around it.
    wait_until(page, lambda: {"93", "93-communes", "75-land", "95-land"} <= files())
    page.wait_for_load_state("networkidle")
    assert not files() & {"13-land", "75", "75-communes", "afar"}


def test_beyond_the_circle_of_a_place_land_alone_is_fetched(visit: Start) -> None:
    seen = visit()
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go("/autour?lieu=48.935,2.355&rayon=25")
    wait_for_ground(page, "near")
    files = {url.rsplit("/", 1)[1].partition("?")[0] for url in asked if "/built/ground/" in url}
    assert {"93.geojson", "95.geojson", "28-land.geojson"} <= files
    assert not {"28.geojson", "93-land.geojson"} & files


def test_france_is_two_files_until_somebody_comes_near(visit: Start) -> None:
    seen = visit()
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go(FRANCE)
    wait_for_ground(page, "afar")
    wait_for_ground(page, "names")
    names = [url.rpartition("/")[2].partition("?")[0] for url in asked if "/ground/" in url]
    assert names == ["france.geojson", "afar.geojson"]
    assert not page.locator(".leaflet-afar-pane.is-covered").count()


def test_a_phone_that_shows_no_map_fetches_no_ground(visit: Start) -> None:
    seen = visit(viewport=PHONE)
    asked: list[str] = []
    seen.page.on("request", lambda request: asked.append(request.url))
    page = seen.go(SEINE_SAINT_DENIS)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/ground/" in url]
    page.click("#vue-carte")
    wait_for_ground(page, "near")


def test_where_tiles_do_not_answer_the_ground_is_there_and_no_note_covers_it(visit: Start) -> None:
    seen = visit(tiles=True, may_fail=True)
    seen.page.route("https://data.geopf.fr/**", lambda route: route.abort())
    page = seen.go(f"{SEINE_SAINT_DENIS}?fond=detaille")
    for pane in ("near", "names"):
        wait_for_ground(page, pane)
    assert not page.locator(".map-area__note").count()
    assert not page.locator(".leaflet-names-pane.is-covered").count()


def test_tiles_that_come_name_the_towns_themselves(visit: Start) -> None:
    seen = visit(tiles=True)
    page = seen.go(f"{SEINE_SAINT_DENIS}?fond=detaille")
    page.wait_for_selector(".leaflet-tile-loaded")
    page.wait_for_selector(".leaflet-names-pane.is-covered", state="attached")


def test_no_mark_covers_a_name(visit: Start) -> None:
    seen = visit()
    seen.page.add_init_script(NOTE_NAMES)
    page = seen.go(SEINE_SAINT_DENIS)
    page.wait_for_function("() => names.length > 5")
    page.wait_for_load_state("networkidle")
    stand_still(page)
    assert page.evaluate(COVERED, MARKS) == []
    # What a filter brings has room as well.
    drawings = page.evaluate("drawings")
    page.click("#filtres-pli > summary")
    page.check("#categorie-association")
    page.wait_for_url("**categorie=association*")
    seen.wait_for_count(seen.count())
    page.wait_for_function("before => drawings > before", arg=drawings)
    stand_still(page)
    assert page.evaluate(COVERED, MARKS) == []


def test_no_control_of_a_map_covers_a_name(visit: Start) -> None:
    seen = visit()
    seen.page.add_init_script(NOTE_NAMES)
    page = seen.go("/autour")
    covered = []
    # Nearer and nearer to the middle, then aside.
    for key in ("", "+", "+", "+", "ArrowLeft", "ArrowUp", "ArrowUp", "+", "ArrowRight", "ArrowUp"):
        drawings = page.evaluate("drawings")
        if key:
            page.locator(".folium-map").press(key)
            page.wait_for_function("before => drawings > before", arg=drawings)
        page.wait_for_load_state("networkidle")
        stand_still(page)
        page.wait_for_function("() => names.length > 5")
        covered += page.evaluate(COVERED, CONTROLS)
    assert covered == []


def test_no_name_is_cut_at_the_edge_of_a_map(visit: Start) -> None:
    seen = visit()
    seen.page.add_init_script(NOTE_NAMES)
    page = seen.go(SEINE_SAINT_DENIS)
    cut = []
    for key in ("", "ArrowLeft", "ArrowDown", "+", "ArrowRight", "+", "-", "-", "-"):
        drawings = page.evaluate("drawings")
        if key:
            page.locator(".folium-map").press(key)
            page.wait_for_function("before => drawings > before", arg=drawings)
        page.wait_for_load_state("networkidle")
        stand_still(page)
        page.wait_for_function("() => names.length > 5")
        cut += page.evaluate(CUT)
    assert cut == []


# The scale of the map, and where the place that is searched around stands on it.
SHOWN = """() => {
  const map = document.querySelector(".folium-map").getBoundingClientRect();
  const {x, y} = document.querySelector(".search-center").getBoundingClientRect();
  return [document.querySelector(".leaflet-control-scale-line").innerText, x - map.x, y - map.y];
}"""


# Where something is avoided, a map is fitted to what it found.
@pytest.mark.parametrize("path", ["/autour?lieu=93066", "/autour?lieu=93066&sans=75"])
def test_another_ground_shows_what_the_map_showed(visit: Start, path: str) -> None:
    seen = visit(tiles=True)
    page = seen.go(path)
    page.wait_for_selector(".search-center")
    stand_still(page)
    map_, first = page.locator(".folium-map"), page.evaluate(SHOWN)
    for key in ("+", "ArrowLeft"):
        before = page.evaluate(SHOWN)
        map_.press(key)
        page.wait_for_function(f"before => String(({SHOWN})()) !== String(before)", arg=before)
        stand_still(page)
    scale, *place = page.evaluate(SHOWN)
    page.locator(".map-area__ground").press("Enter")
    # Without what it took along.
    page.wait_for_url("**fond=detaille")
    seen.wait_for_map()
    page.wait_for_selector(".search-center")
    # That is rounded to a thousandth of a degree.
    assert page.evaluate(SHOWN) == [scale, *(pytest.approx(at, abs=4) for at in place)]
    # The button shows again what the page is about.
    page.locator(".map-area__recenter").press("Enter")
    assert page.evaluate(SHOWN) == first


def test_a_ground_that_fails_can_be_asked_again(visit: Start) -> None:
    seen = visit(may_fail=True)
    page = seen.page

    def refuse(route: Route) -> None:
        route.abort()

    page.route("**/built/ground/**", refuse)
    seen.go(SEINE_SAINT_DENIS)
    page.wait_for_selector("text=Le fond de carte n’a pas pu être chargé")
    assert seen.drawn() > 0
    page.unroute("**/built/ground/**", refuse)
    page.click("text=Réessayer")
    wait_for_ground(page, "near")
    assert not page.locator(".map-area__note").count()


def test_what_cannot_be_had_from_near_stays_as_seen_from_afar(visit: Start) -> None:
    seen = visit(may_fail=True)
    seen.page.route("**/built/ground/93.geojson*", lambda route: route.abort())
    page = seen.go(SEINE_SAINT_DENIS)
    wait_for_ground(page, "afar")
    wait_for_ground(page, "near")
    page.wait_for_load_state("networkidle")
    assert not page.locator(".leaflet-afar-pane.is-covered").count()
    assert not page.locator(".map-area__note").count()


def test_a_territory_that_no_file_draws_from_near_is_seen_as_from_afar(visit: Start) -> None:
    seen = visit()
    # Saint-Martin, beside Guadeloupe's bounds.
    page = seen.go("/autour?lieu=18.070,-63.050")
    wait_for_ground(page, "afar")
    page.wait_for_load_state("networkidle")
    assert not page.locator(".leaflet-afar-pane.is-covered").count()


def test_land_that_fails_from_afar_can_be_asked_again(visit: Start) -> None:
    seen = visit(may_fail=True)
    seen.page.route("**/built/ground/afar.geojson*", lambda route: route.abort())
    page = seen.go(FRANCE)
    page.wait_for_selector("text=Le fond de carte n’a pas pu être chargé")
    page.unroute("**/built/ground/afar.geojson*")
    page.click("text=Réessayer")
    wait_for_ground(page, "afar")
    assert not page.locator(".map-area__note").count()


def test_the_ground_follows_light_and_dark(visit: Start) -> None:
    seen = visit(color_scheme="light")
    page = seen.go(SEINE_SAINT_DENIS)
    wait_for_ground(page, "near")
    page.wait_for_function(LAND_IN_THE_MIDDLE, arg=True)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(LAND_IN_THE_MIDDLE, arg=False)


def test_the_ground_is_silent_and_catches_no_click(visit: Start) -> None:
    seen = visit()
    page = seen.go(SEINE_SAINT_DENIS)
    wait_for_ground(page, "names")
    for pane in ("abroad", "afar", "near", "names"):
        style = page.locator(f".leaflet-{pane}-pane").evaluate("each => each.style.pointerEvents")
        assert style == "none"
        assert page.locator(f".leaflet-{pane}-pane").get_attribute("aria-hidden") == "true"


def test_each_control_has_an_outline_where_colours_are_forced(visit: Start) -> None:
    page = visit(forced_colors="active").go(SEINE_SAINT_DENIS)
    page.wait_for_selector(".map-area__recenter")
    borders = page.locator(".leaflet-bar").evaluate_all(
        "bars => bars.map(bar => getComputedStyle(bar).border)"
    )
    assert borders == ["1px solid rgb(0, 0, 0)"] * 2
