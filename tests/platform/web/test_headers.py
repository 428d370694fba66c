"""Headers: what a page may load, what is cached, what is compressed."""

import gzip
import re

import httpx
import pytest

from app.main import create_app
from app.platform.web.headers import HeaderPolicy
from app.platform.web.permissions import routes_of
from app.settings import ROOT, Settings
from tests.world import World

TILES = "https://data.geopf.fr"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    f"img-src 'self' data: {TILES}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PATHS = (
    "/", "/?q=lyon", "/departements/93", "/departements/2a", "/departements/999", "/sante",
    "/carte.js", "/api/departements/93/actors.geojson", "/nulle/part",
    "/api/departements/93/boundary.geojson", "/robots.txt", "/static/nulle-part",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded_and_sets_no_cookie(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation" not in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_an_application_declares_its_own_headers() -> None:
    desk, public = HeaderPolicy(), HeaderPolicy(images=TILES, any_origin=True)
    assert public.content_security() == POLICY
    assert TILES not in desk.content_security()
    # Where nothing goes to any origin, no route can say that its answer does.
    assert desk.headers_to_any_origin() == desk.headers()
    open_to_all = public.headers_to_any_origin()
    assert open_to_all["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in public.headers()


@pytest.mark.slow
def test_no_page_but_an_embed_may_be_framed(world: World, client: httpx.Client) -> None:
    given = {"code": "93", "public_id": world.ids["ase"], "slug": "acteur", "embed_id": "0" * 24}
    given |= {
        "resource_id": "0" * 16,
        "number": "1",
        "collection": "fugue",
        "event_id": "0" * 16,
        "month": "2027-03",
        "token": "x",
    }
    routes = routes_of(create_app(Settings(), world.databases))
    paths = {path for route in routes if (path := getattr(route, "path", None))}
    assert {"/", "/departements/{code}", "/integrer", "/integration/theme.css"} <= paths
    embeds = {"/integration/{code}", "/integration/autour", "/integration/carte/{embed_id}"}
    for path in sorted(paths - embeds):
        answer = client.get(path.format(**given), follow_redirects=True)
        policies = answer.headers.get_list("content-security-policy")
        assert len(policies) == 1, path
        assert policies[0].split("; ").count("frame-ancestors 'none'") == 1, path


@pytest.mark.parametrize(
    "path", ["/", "/?q=lyon", "/departements/93", "/api/departements/93/actors.geojson", "/sante"]
)
def test_nothing_of_a_visit_is_cached(client: httpx.Client, path: str) -> None:
    assert client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/departements/93", "/acteurs/{ase}/acteur", "/nope"])
def test_a_page_names_no_third_party_host(world: World, client: httpx.Client, path: str) -> None:
    html = client.get(path.format(**world.ids)).text
    loaded = re.findall(r"""(?:src|srcset|action|data|poster)=["']([^"']*)""", html)
    # An alternate is not loaded, and programs ask for its whole address.
    loaded += re.findall(r"""<(?:link(?! rel="alternate")|use)\b[^>]*href=["']([^"']*)""", html)
    assert loaded
    assert [url for url in loaded if not re.match(r"/(?!/)|#", url)] == []


@pytest.mark.parametrize(("fond", "named"), [("", set()), ("?fond=detaille", {TILES})])
def test_the_map_script_names_no_host_but_chosen_tiles(
    client: httpx.Client, fond: str, named: set[str]
) -> None:
    hosts = set(re.findall(r"https?://[^/\"'\s]+", client.get(f"/carte.js{fond}").text))
    assert hosts == named


def test_what_a_page_loads_is_there_and_cached_for_good(client: httpx.Client) -> None:
    html = client.get("/departements/93").text
    loaded = re.findall(r'(?:src|<link(?! rel="alternate")[^>]* href)="(/[^"#]*)', html)
    assert len(loaded) > 5
    # The actors of the map are announced too, and never older than what they say.
    data = re.findall(r'<link rel="preload" href="(/api/[^"]*)" as="fetch" crossorigin>', html)
    assert data == ["/api/departements/93/actors.geojson"]
    for url in loaded:
        answer = client.get(url.replace("&amp;", "&"))
        assert answer.status_code == 200, url
        cached = answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert cached != (url in data), url


def test_no_disk_has_the_ground_or_the_boundary_of_one_territory(client: httpx.Client) -> None:
    script = client.get("/carte.js").text
    found = re.search(r'"ground": "([^"]*)"', script)
    assert found
    france = client.get(found[1])
    afar = client.get(f"/static/built/ground/{france.json()['afar']}")
    for answer in (france, afar):
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    files = (f"/static/built/ground/93{part}.geojson" for part in ("-land", "", "-communes"))
    for url in [*files, "/api/departements/93/boundary.geojson"]:
        answer = client.get(url)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"


def test_the_list_is_made_to_answer_before_leaflet_comes_and_that_before_foliums_script(
    client: httpx.Client,
) -> None:
    html = client.get("/departements/93").text
    built = (f"/static/built/{name}?v=" for name in ("explorer.css", "explorer.js", "map.js"))
    places = [html.index(name) for name in (*built, "/carte.js?v=")]
    assert places == sorted(places)


def test_a_file_without_its_digest_is_asked_for_again(client: httpx.Client) -> None:
    for query in ("", "?v=000000000000"):
        answer = client.get(f"/static/built/map.js{query}")
        assert answer.headers["cache-control"] == "no-cache"
    again = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/static/built/map.js", headers=again).status_code == 304


def test_the_map_script_is_kept_for_good_under_its_own_digest_alone(client: httpx.Client) -> None:
    html = client.get("/departements/93?fond=detaille").text
    address = re.search(r'"(/carte\.js\?[^"]*)"', html)
    assert address
    named = address[1].replace("&amp;", "&")
    assert "immutable" in client.get(named).headers["cache-control"]
    for other in ("/carte.js", "/carte.js?v=000000000000", named.replace("fond=detaille&", "")):
        assert client.get(other).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("accept", "used"), [("br, gzip", "br"), ("gzip;q=1, br;q=0", "gzip")])
def test_files_are_compressed_ahead_of_time(client: httpx.Client, accept: str, used: str) -> None:
    path = "built/map.js"
    with client.stream("GET", f"/static/{path}", headers={"Accept-Encoding": accept}) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == used
    assert answer.headers["vary"].lower() == "accept-encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert len(body) < (ROOT / "static" / path).stat().st_size / 3
    if used == "gzip":
        assert gzip.decompress(body) == (ROOT / "static" / path).read_bytes()


def test_pages_and_data_are_compressed(client: httpx.Client) -> None:
    for path in ("/departements/93", "/api/departements/93/actors.geojson"):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == answer.text


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        ("gzip;q=0", None),
        ("notgzip", None),
        ("gzip; q=0.000, br", None),
        ("identity, gzip;q=0", None),
        ("gzip;q=mal", None),
        ("gzip;q=0.1", "gzip"),
        ("br;q=1, GZip;q=0.5", "gzip"),
    ],
)
@pytest.mark.parametrize("path", ["/accessibilite", "/departements/93"])
def test_who_refuses_gzip_gets_none(
    client: httpx.Client, path: str, accepted: str, used: str | None
) -> None:
    # Made anew each time, and from memory: both read the same header.
    for _ in range(2):
        answer = client.get(path, headers={"Accept-Encoding": accepted})
        assert answer.status_code == 200
        assert answer.headers.get("content-encoding") == used


@pytest.mark.parametrize("accepted", ["br;q=0, gzip;q=0", "br; q=0.0,gzip;q=0.00", "*;q=0", ""])
def test_who_refuses_both_gets_files_as_they_are(client: httpx.Client, accepted: str) -> None:
    answer = client.get("/static/built/map.js", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers
    assert answer.content == (ROOT / "static/built/map.js").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/static/icon.svg",
        "/departements/93",
        "/api/departements/93/actors.geojson",
        "/api/departements/93/boundary.geojson",
        "/departements/93/fiche.pdf",
    ],
)
@pytest.mark.parametrize("sent", ["{tag}", "W/{tag}", '"other", W/{tag}', "*"])
def test_every_answer_with_a_tag_compares_it_in_one_way(
    client: httpx.Client, path: str, sent: str
) -> None:
    tag = client.get(path).headers["etag"].removeprefix("W/")
    known = client.get(path, headers={"If-None-Match": sent.format(tag=tag)})
    assert (known.status_code, known.content) == (304, b"")
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_is_get_without_a_body(client: httpx.Client) -> None:
    head, get = client.head("/departements/93"), client.get("/departements/93")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]
