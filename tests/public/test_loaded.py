"""What public pages load: one style sheet and scripts, all built; Leaflet with maps alone."""

import re
from html import unescape
from pathlib import Path

import httpx
import pytest

from app.main import create_app
from app.settings import ROOT
from tests.serving import serving, settings_in
from tests.world import World

TEMPLATES = ROOT / "app" / "templates"
NAMED = re.compile(r"""\basset\((["'])(.*?)\1""")
# Images that pages name as they are: nothing of them can be bundled.
IMAGES = {"icon.svg", "shapes.svg"}
WITH_MAP = (
    "/departements/93", "/autour", "/autour?lieu=48.935,2.355", "/couverture",
    "/integration/93", "/integration/93?liste=non", "/integration/autour",
)  # fmt: skip
WITHOUT_MAP = (
    "/", "/departements", "/departements/999", "/nulle/part", "/table?territoire=93",
    "/acteurs/{ase}/acteur", "/donnees", "/integrer", "/ressources", "/ressources/collections",
    "/mentions-legales", "/confidentialite", "/accessibilite",
    # Errors of an embed, in its frame.
    "/integration/93?dans=75", "/integration/carte/000000000000000000000000",
)  # fmt: skip
SHEET = re.compile(r'<link rel="stylesheet" href="([^"]*)"')
SCRIPT = re.compile(r'<script src="([^"]*)"')
BUILT = "/static/built/"
# Made by Folium for each kind of map, and named by its digest.
FOLIUMS = re.compile(r"(?:/couverture)?/carte\.js\?")
LEAFLET = "leaflet-container"
TILES = "https://data.geopf.fr/"


def page(world: World, client: httpx.Client, path: str) -> str:
    return client.get(path.format(**world.ids), headers={"Accept": "text/html"}).text


def built(address: str) -> Path:
    """Return the file that an address names, without its digest."""
    return ROOT / address.removeprefix("/").partition("?")[0]


@pytest.mark.parametrize(
    "template",
    sorted(TEMPLATES.rglob("*.html")),
    ids=lambda path: path.relative_to(TEMPLATES).as_posix(),
)
def test_no_template_names_a_script_or_a_style_sheet_that_was_not_built(template: Path) -> None:
    named = {name for _, name in NAMED.findall(template.read_text(encoding="utf-8"))}
    assert {name for name in named - IMAGES if not name.startswith("built/")} == set()


@pytest.mark.parametrize("path", [*WITH_MAP, *WITHOUT_MAP])
def test_a_page_loads_one_style_sheet_and_built_scripts_alone(
    world: World, client: httpx.Client, path: str
) -> None:
    html = page(world, client, path)
    (sheet,) = SHEET.findall(html)
    assert sheet.startswith(BUILT)
    first, *others = SCRIPT.findall(html)
    assert first.startswith(f"{BUILT}exit.js?")
    own = [each for each in others if not FOLIUMS.match(each)]
    assert [each for each in own if not each.startswith(BUILT)] == []
    # That of its kind, and that of its map.
    assert len(own) <= 1 + (path in WITH_MAP)


def test_colours_of_an_embed_are_for_screens(client: httpx.Client) -> None:
    html = client.get("/integration/93?papier=102030").text
    own, chosen = SHEET.findall(html)
    assert own.startswith(f"{BUILT}embed.css?")
    assert f'<link rel="stylesheet" href="{chosen}" media="screen">' in html
    assert "theme.css" in chosen


@pytest.mark.parametrize("path", [*WITH_MAP, *WITHOUT_MAP])
def test_leaflet_is_loaded_where_a_map_is_and_nowhere_else(
    world: World, client: httpx.Client, path: str
) -> None:
    html = page(world, client, path)
    loaded = [each for each in (*SHEET.findall(html), *SCRIPT.findall(html)) if BUILT in each]
    holding = {built(each).suffix for each in loaded if LEAFLET in built(each).read_text("utf-8")}
    assert ("folium-map" in html) == (path in WITH_MAP)
    assert holding == ({".css", ".js"} if path in WITH_MAP else set())


@pytest.mark.parametrize("name", ["exit.js", "embed.js", "resources.js"])
def test_small_scripts_are_minified_too(name: str) -> None:
    text = (ROOT / "static/built" / name).read_text(encoding="utf-8")
    assert "\n\n" not in text
    assert "// " not in text


@pytest.mark.parametrize(
    ("tiles", "unchosen", "offered"),
    [("ign", True, "sans"), ("offered", False, "detaille"), ("none", False, None)],
)
def test_tiles_are_shown_unchosen_where_the_setting_says_so(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tiles: str,
    unchosen: bool,
    offered: str | None,
) -> None:
    monkeypatch.setenv("MESURE23_TILES", tiles)
    settings = settings_in(tmp_path, rate_limit=0)
    with (
        serving(create_app(settings, world.databases)) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):

        def tiled(path: str) -> bool:
            """Say whether the map of a page asks for tiles."""
            named = map(unescape, SCRIPT.findall(client.get(path).text))
            (script,) = filter(FOLIUMS.match, named)
            return TILES in client.get(script).text

        for path in ("/departements/93", "/autour", "/integration/93"):
            assert tiled(path) is unchosen
            # Who chooses none asks for none, whatever is set.
            assert tiled(f"{path}?fond=sans") is False
        link = re.search(r'class="map-area__ground" href="([^"]*)"', client.get("/autour").text)
        assert (link and link[1]) == (offered and f"/autour?fond={offered}")
