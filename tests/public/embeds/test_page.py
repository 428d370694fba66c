"""Embeds over HTTP: what they hold, who may frame them, and how little they weigh."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from sqlalchemy import Connection

from app.embeds.colours import contrast
from app.embeds.look import Look
from app.embeds.theme import theme
from app.main import create_app
from app.platform.cluster.server import Cluster
from tests.databases import cloned
from tests.makers import add_actor
from tests.serving import offline_settings, serving
from tests.world import World, listed, people

# What a frame may weigh, without tiles.
MOST_BYTES = 180_000
CROWD = 300
STATES = (
    "/integration/93",
    "/integration/93?vue=carte",
    "/integration/93?categorie=ase&filtres=non",
    "/integration/93?q=zzzz",
    "/integration/autour",
    "/integration/autour?dans=93&dans=75&liste=non",
    "/integration/autour?lieu=93008&rayon=5",
)


@pytest.fixture(scope="module")
def world(cluster: Cluster, admin: Connection, lean_template: str) -> Iterator[World]:
    """The small world of tests/world.py, and 300 more actors in a territory of their own."""
    with cloned(cluster, admin, lean_template) as databases:
        with databases.staff.begin() as connection:
            ids = people(connection)
            for number in range(CROWD):
                point = f"SRID=4326;POINT({2.3 + number % 20 / 100} {48.85 + number // 20 / 300})"
                add_actor(
                    connection,
                    public_id=f"{1_000 + number:016x}",
                    name=f"Association d’accueil et d’écoute des jeunes n° {number}",
                    territory_code="75",
                    address=f"{number} rue de la République, 75011 Paris",
                    point=point,
                    precision="address",
                    phones=[f"+33143{number:06}"],
                    opening_hours="Mo-Fr 09:00-12:00,14:00-17:00",
                )
        yield World(databases, ids)


@pytest.fixture(scope="module")
def client(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service over that world, as it is by default; it follows no redirect."""
    settings = offline_settings(tmp_path_factory.mktemp("embeds"))
    settings = settings.model_copy(update={"rate_limit": 0, "tiles": "offered"})
    with (
        serving(create_app(settings, world.databases)) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def ancestors(answer: httpx.Response) -> list[str]:
    """Return the directives of its one policy that say who may frame an answer."""
    (policy,) = answer.headers.get_list("content-security-policy")
    return [each for each in policy.split("; ") if each.startswith("frame-ancestors")]


# --- what it holds -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("query", ["", "?categorie=ase", "?fonction=ecoute&public=parents"])
def test_an_embed_holds_what_its_page_holds(client: httpx.Client, query: str) -> None:
    page = client.get(f"/departements/93{query}").text
    assert listed(client.get(f"/integration/93{query}").text) == listed(page)


def test_nothing_is_painted_before_the_header_is_there_whole(client: httpx.Client) -> None:
    for path in ("/integration/93", "/integration/autour?lieu=nulle-part"):
        head, _, body = client.get(path).text.partition("</head>")
        assert '<link rel="expect" href="#contenu" blocking="render">' in head
        assert re.search(r'</header>\s*<main[^>]* id="contenu"', body)


def test_each_state_is_an_address_and_keeps_the_look(client: httpx.Client) -> None:
    asked = "/integration/93?categorie=association&couleur=aa0000&coins=0"
    page = client.get(asked).text
    links = [url.replace("&amp;", "&") for url in re.findall(r'href="(/integration/[^"]+)"', page)]
    assert len(links) > 5
    for url in links:
        assert {("couleur", "aa0000"), ("coins", "0")} <= set(parse_qsl(urlsplit(url).query)), url
        assert client.get(url).status_code == 200, url
    # No form and nothing that fetches a part of the page: a sandboxed frame refuses both.
    assert "<form" not in page
    assert "hx-" not in page


def test_a_filter_says_how_many_there_are_with_it(client: httpx.Client) -> None:
    page = client.get("/integration/93").text
    links = re.findall(r'<a class="choice" href="([^"]+)".*?<span class="tally">(\d+)', page)
    assert links
    for url, count in links:
        found = client.get(url.replace("&amp;", "&")).text
        assert re.search(rf'id="compte"[^>]*>{count} acteur', found), url


def test_only_a_filter_leads_to_a_part_of_its_page(client: httpx.Client) -> None:
    page = client.get("/integration/93?fonction=ecoute").text
    parts = re.findall(r'<a class="choice" href="[^"#]+#([^"]+)"', page)
    assert {"f-categorie", "f-fonction", "f-public"} <= set(parts)
    for part in set(parts):
        assert page.count(f'<ul class="choices" id="{part}">') == 1
    # Neither full screen nor what programs are led to.
    assert not re.findall(r'<(?!a class="choice")(?:a|link)\b[^>]*href="[^"#]+#', page)


def test_hidden_filters_apply_and_cannot_be_taken_away(client: httpx.Client, world: World) -> None:
    page = client.get("/integration/93?categorie=ase&filtres=non").text
    assert world.names(listed(page)) == {"ase"}
    assert '<span class="chip">' in page
    assert 'class="choice"' not in page
    assert not re.findall(r'href="/integration/93(?![^"]*categorie=ase)', page)


def test_what_is_not_an_embed_opens_beside_it(client: httpx.Client) -> None:
    for path in STATES:
        page = client.get(path).text
        outside = re.findall(r'<a\b[^>]*href="/(?!integration/)[^"]*"[^>]*>', page)
        assert outside, path
        assert [a for a in outside if 'target="_blank" rel="noopener"' not in a] == []
        leaves = re.findall(r"<a\b[^>]*data-exit[^>]*>", page)
        assert len(leaves) == 1, path
        # Without script too.
        assert 'target="_top"' in leaves[0]
        # First in the focus order.
        assert "data-exit" in page[page.index("<a ") :].partition(">")[0]


def test_full_screen_keeps_the_filters(client: httpx.Client) -> None:
    page = client.get("/integration/93?categorie=ase&vue=carte&couleur=aa0000").text
    assert 'class="embed__full-screen" href="/departements/93?categorie=ase&amp;vue=carte"' in page
    page = client.get("/integration/autour?dans=93&dans=75").text
    assert 'class="embed__full-screen" href="/autour?dans=93&amp;dans=75"' in page


def test_it_says_its_language_and_its_title_without_a_word_of_the_situation(
    client: httpx.Client,
) -> None:
    page = client.get("/integration/autour?lieu=93008&s=2").text
    assert '<html lang="fr">' in page
    assert "<title>Autour de Bobigny (93) · Mesure 23</title>" in page


def test_a_long_list_has_twenty_cards_a_page(client: httpx.Client) -> None:
    page = client.get("/integration/75").text
    assert len(listed(page)) == 20
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert len(listed(client.get(following[1].replace("&amp;", "&")).text)) == 20
    beyond = client.get("/integration/75?page=1999&coins=0")
    assert beyond.status_code == 303
    assert re.fullmatch(r"/integration/75\?page=\d+&coins=0", beyond.headers["location"])


def test_a_code_is_written_in_one_way_and_a_position_is_rounded(
    client: httpx.Client,
) -> None:
    answer = client.get("/integration/2a?coins=0")
    assert (answer.status_code, answer.headers["location"]) == (308, "/integration/2A?coins=0")
    answer = client.get("/integration/autour?lieu=48.912345,2.432109&coins=0")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/integration/autour?lieu=48.910%2C2.430&coins=0"


def test_it_draws_its_marks_without_another_file(client: httpx.Client) -> None:
    page = client.get("/integration/93").text
    assert 'href="#shield"' in page
    assert '<symbol id="shield"' in page
    assert "shapes.svg" not in page


# --- who may frame it ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/integration/93", "/integration/999"])
def test_no_script_that_needs_the_end_of_the_page_runs_before_it(
    client: httpx.Client, path: str
) -> None:
    # On a slow line an async one runs as soon as it is there: then the frame never says its height.
    scripts = re.findall(r"<script [^>]*>", client.get(path).text)
    early = [
        each for each in scripts if not re.search(r'\bdefer\b|type="module"(?!.* async)', each)
    ]
    assert re.findall(r"built/(\w+)", " ".join(early)) == ["exit"]


@pytest.mark.parametrize("path", STATES)
def test_anyone_may_frame_an_embed(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert ancestors(answer) == []
    assert "x-frame-options" not in answer.headers
    assert (
        "default-src 'none'; script-src 'self'; style-src 'self'"
        in (answer.headers["content-security-policy"])
    )
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/integration/999", 404),
        ("/integration/93?couleur=rouge", 422),
        ("/integration/93?coins=25", 422),
        ("/integration/93?liste=oui", 422),
        ("/integration/93?dans=75", 422),
        ("/integration/autour?categorie=x", 422),
        # What is refused before any of it is read.
        ("/integration/93?page=99999999999999999999", 422),
        (f"/integration/93?couleur={'a' * 101}", 422),
        (f"/integration/93?q={'a' * 501}", 422),
        (f"/integration/93?{'categorie=ase&' * 300}", 422),
        (f"/integration/carte/{'0' * 24}", 404),
        (f"/integration/carte/{'0' * 24}?page=99999999999999999999", 422),
    ],
)
def test_an_error_can_be_read_in_the_frame(client: httpx.Client, path: str, status: int) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    assert ancestors(answer) == []
    assert "data-exit" in answer.text
    assert not re.findall(r'href="/(?!static/)[^"]*"(?! target="_blank")', answer.text)


@pytest.mark.parametrize(
    "path",
    [
        *("/carte.js", "/static/built/map.js", "/static/built/ground/93.geojson"),
        *("/api/departements/93/actors.geojson", "/api/departements/93/boundary.geojson"),
        *("/api/actors.geojson", "/integration/theme.css?couleur=aa0000"),
        "/api/groupes.geojson?zoom=5&bbox=-5.2,41.3,9.6,51.1",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_frame_without_origin_may_load_what_it_needs(
    client: httpx.Client, path: str, method: str
) -> None:
    headers = client.request(method, path, headers={"Origin": "null"}).headers
    assert headers.get_list("access-control-allow-origin") == ["*"]
    assert headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("path", ["/", "/departements/93", "/table.csv", "/api/lieux?q=bobigny"])
def test_no_other_page_may_be_loaded_from_elsewhere(client: httpx.Client, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://exemple.fr"}).headers
    assert "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


# --- what it weighs ------------------------------------------------------------------------------


def test_an_embed_of_300_actors_weighs_little(client: httpx.Client) -> None:
    packed = {"Accept-Encoding": "br, gzip"}
    weights: dict[str, int] = {}

    def weigh(url: str) -> str:
        with client.stream("GET", url, headers=packed) as answer:
            body = b"".join(answer.iter_raw())
            assert answer.status_code == 200, url
            weights[url] = len(body) + sum(len(k) + len(v) + 4 for k, v in answer.headers.raw)
        return client.get(url).text

    page = weigh("/integration/75")
    for url in re.findall(r'(?:src|<link[^>]* href|data-geojson)="(/(?!oembed)[^"#]*)', page):
        weigh(url.replace("&amp;", "&"))
    # What the map asks for.
    weigh("/api/departements/75/boundary.geojson")
    assert any(url.endswith("actors.geojson") for url in weights)
    assert sum(weights.values()) <= MOST_BYTES, weights


# --- colours -------------------------------------------------------------------------------------


def values(sheet: str) -> dict[str, str]:
    return dict(re.findall(r"([a-z0-9-]+): ([^;]+);", sheet))


def test_colours_are_a_style_sheet_of_their_own(client: httpx.Client) -> None:
    page = client.get("/integration/93?couleur=AA0000&papier=fff8f0").text
    found = re.search(r'href="(/integration/theme\.css\?[^"]+)"', page)
    assert found
    answer = client.get(found[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    sheet = values(answer.text)
    assert (sheet["--accent"], sheet["--page"]) == ("#aa0000", "#fff8f0")
    assert "theme.css" not in client.get("/integration/93").text
    assert "style=" not in page


@pytest.mark.parametrize(
    ("look", "scheme"),
    [
        (Look(paper="ffffff"), "light"),
        (Look(paper="767676"), "light"),
        (Look(paper="102030"), "dark"),
        # White text is for the night, even where black would be read a little better.
        (Look(paper="0078d4", ink="ffffff"), "dark"),
        (Look(accent="ffdd00"), "light"),
    ],
)
def test_colours_that_are_chosen_are_so_by_day_and_by_night(look: Look, scheme: str) -> None:
    sheet = values(theme(look))
    assert sheet["color-scheme"] == scheme
    # All that the other scheme changes is said.
    assert {"--surface", "--tile-filter", "--family-proteger", "--shadow"} <= sheet.keys()
    white, black = (contrast(sheet["--accent"][1:], each) for each in ("ffffff", "000000"))
    assert sheet["--on-accent"] in ("#ffffff" if white > black else "#000000", "#10202f")


def test_only_corners_leave_the_scheme_to_the_visitor() -> None:
    sheet = values(theme(Look(corner=0)))
    assert sheet == {"--radius": "0px", "--radius-small": "0px"}


@pytest.mark.parametrize("ink", ["1a1f26", "767676", "ffffff"])
@pytest.mark.parametrize("accent", ["14508c", "c2410c", "9cc7f5"])
@pytest.mark.parametrize("paper", ["ffffff", "fff1c9", "101418", "3b0764"])
def test_what_bounds_a_control_can_be_seen(paper: str, accent: str, ink: str) -> None:
    if min(contrast(paper, accent), contrast(paper, ink)) < 5:
        return
    sheet = values(theme(Look(accent=accent, paper=paper, ink=ink)))
    assert contrast(sheet["--edge"][1:], sheet["--page"][1:]) >= 2


def test_a_frame_is_compressed(client: httpx.Client) -> None:
    answer = client.get("/integration/75", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content)) < 20_000
