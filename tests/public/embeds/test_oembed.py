"""oEmbed answers for addresses of ours, and for nobody else's, however similar they are."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.embeds.address import EmbedUnknown, read_address
from app.errors import FilterUnknown, Mesure23Error, PlaceUnknown
from app.main import create_app
from app.platform.database.engines import Databases
from tests.serving import serving, settings_in

BASE = "https://carte.exemple"
PATH = "/departements/93"
# Each is read as ours by some way of comparing addresses.
HOSTILE = (
    f"https://carte.exemple.evil.org{PATH}",
    f"https://evil.org/carte.exemple{PATH}",
    f"https://evilcarte.exemple{PATH}",
    f"https://x.carte.exemple{PATH}",
    f"https://evil.org@carte.exemple{PATH}",
    f"https://carte.exemple@evil.org{PATH}",
    f"https://carte.exemple:443@evil.org{PATH}",
    f"https://@carte.exemple{PATH}",
    f"https://carte.exemple:8443{PATH}",
    f"https://carte.exemple:x{PATH}",
    f"https://carte.exemple:99999{PATH}",
    f"https://carte.exemple.{PATH}",
    f"https://carte.exemple\\@evil.org{PATH}",
    f"https://evil.org\\@carte.exemple{PATH}",
    f"https:\\\\carte.exemple{PATH}",
    f"https://carte\u3002exemple{PATH}",
    f"https://cаrte.exemple{PATH}",
    f"https://carte.exemple\t.evil.org{PATH}",
    f"https://car\nte.exemple{PATH}",
    f" https://carte.exemple{PATH}",
    f"https://[carte.exemple]{PATH}",
    f"http://carte.exemple{PATH}",
    f"ftp://carte.exemple{PATH}",
    f"//carte.exemple{PATH}",
    f"https:carte.exemple{PATH}",
    f"https:///carte.exemple{PATH}",
    "javascript:alert(1)//https://carte.exemple/departements/93",
    f"data:text/html,{BASE}{PATH}",
    PATH,
    "",
)
# Ours, but nothing that one embeds.
WITHOUT_MAP = (
    "",
    "/",
    "/table",
    "/integrer",
    "/integration/theme.css",
    "/acteurs/0123456789abcdef/acteur",
    "/api/departements/93/actors.geojson",
    "/departements/93/",
    "/carte.js",
    "/departements//93",
    "/departements/../departements/93",
    "/departements/%39%33",
    "/departements/2a",
    "/autour?ou=12+rue+de+la+paix",
    "/departements/93?eloigner=12+rue+de+la+paix",
    "/autour?" + "&".join(f"x={number}" for number in range(200)),
)


class IframeParser(HTMLParser):
    """The attributes of the only element of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    @property
    def attributes(self) -> dict[str, str | None]:
        ((tag, attributes),) = self.found
        assert tag == "iframe"
        return attributes


@pytest.fixture(scope="module")
def client(
    worker_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a service that is known as BASE."""
    settings = settings_in(tmp_path_factory.mktemp("oembed"), rate_limit=0, public_url=BASE)
    app = create_app(settings, worker_databases)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def ask(client: httpx.Client, url: str, **more: str | int) -> httpx.Response:
    headers = {"Accept": "application/json"}
    return client.get("/oembed", params={"url": url, **more}, headers=headers)


@pytest.mark.parametrize("url", HOSTILE)
def test_another_site_is_never_taken_for_ours(client: httpx.Client, url: str) -> None:
    answer = ask(client, url)
    assert answer.status_code == 404
    assert "html" not in answer.json()


@pytest.mark.parametrize("path", WITHOUT_MAP)
def test_a_page_without_a_map_of_its_own_is_unknown(session: Session, path: str) -> None:
    with pytest.raises(EmbedUnknown):
        read_address(session, BASE + path, BASE)


@pytest.mark.parametrize(
    ("path", "src"),
    [
        (PATH, "/integration/93"),
        ("/integration/93", "/integration/93"),
        (
            "/departements/93?categorie=police&vue=carte&page=3&tri=-nom",
            "/integration/93?categorie=police",
        ),
        ("/autour", "/integration/autour"),
        ("/autour?lieu=93066&rayon=5", "/integration/autour?lieu=93066&rayon=5"),
        ("/autour?dans=94&dans=93", "/integration/autour?dans=94&dans=93"),
        (
            "/integration/93?liste=non&filtres=non&couleur=AA0000&coins=0",
            "/integration/93?liste=non&filtres=non&couleur=aa0000&coins=0",
        ),
        ("/departements/93?utm_source=lettre#liste", "/integration/93"),
    ],
)
def test_an_address_of_ours_becomes_the_embed_of_its_search(
    session: Session, path: str, src: str
) -> None:
    assert read_address(session, BASE + path, BASE).src == src


@pytest.mark.parametrize("base", ["https://carte.exemple", "https://carte.exemple:443"])
def test_an_origin_is_compared_as_browsers_do(session: Session, base: str) -> None:
    for ours in ("https://carte.exemple", "HTTPS://Carte.Exemple", "https://carte.exemple:443"):
        assert read_address(session, ours + PATH, base).src == "/integration/93"


def test_a_search_that_its_page_refuses_is_refused_the_same(session: Session) -> None:
    for path, error in (
        ("/departements/93?categorie=x", FilterUnknown),
        ("/integration/93?liste=oui", FilterUnknown),
        ("/autour?lieu=00000", PlaceUnknown),
    ):
        with pytest.raises(error):
            read_address(session, BASE + path, BASE)


def test_a_registered_embed_that_is_not_there_is_unknown(client: httpx.Client) -> None:
    assert ask(client, f"{BASE}/integration/carte/{'0' * 24}").status_code == 404


def test_the_answer_is_oembed_and_its_code_the_one_to_paste(client: httpx.Client) -> None:
    answer = ask(client, f"{BASE}/departements/93?categorie=police&categorie=ase")
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert (body["version"], body["type"]) == ("1.0", "rich")
    assert body["provider_url"] == f"{BASE}/"
    frame = IframeParser(body["html"]).attributes
    assert frame == {
        "src": f"{BASE}/integration/93?categorie=ase&categorie=police",
        "title": "Carte : Seine-Saint-Denis – Mesure 23",
        "width": "100%",
        "height": "640",
        "loading": "lazy",
        "referrerpolicy": "no-referrer",
        "style": "border:0;display:block",
    }
    assert body["title"] == frame["title"]


@pytest.mark.parametrize(("width", "height"), [(300, 200), (5000, 5000)])
def test_sizes_stay_within_what_the_consumer_has(
    client: httpx.Client, width: int, height: int
) -> None:
    body = ask(client, BASE + PATH, maxwidth=width, maxheight=height).json()
    frame = IframeParser(body["html"]).attributes
    assert body["width"] <= width
    assert body["height"] <= height
    assert (frame["width"], frame["height"]) == (str(body["width"]), str(body["height"]))


def test_a_situation_is_in_no_title(client: httpx.Client) -> None:
    body = ask(client, f"{BASE}/autour?lieu=93066&s=2").json()
    assert body["title"] == "Carte : autour de Saint-Denis (93) – Mesure 23"


def test_only_json_is_offered(client: httpx.Client) -> None:
    assert ask(client, BASE + PATH, format="xml").status_code == 501
    assert ask(client, BASE + PATH, format="json").status_code == 200


@pytest.mark.parametrize("query", ["", "?url=", f"?url={quote(BASE + PATH)}&maxwidth=0"])
def test_a_question_that_is_not_one_is_an_error_in_french(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/oembed{query}", headers={"Accept": "application/json"})
    assert answer.status_code in (404, 422)
    assert answer.json()["title"]


PIECES = st.sampled_from(
    (
        *(*HOSTILE, "https:", "//", "/", "\\", "@", ":", "#", "?", "%2f", "%00", "evil.org"),
        *("carte.exemple", "/departements/93", "/autour", "?lieu=93066", "&", "q=", "\x00", "é"),
        *('"><script>', "'", "。"),
    )
)


@pytest.mark.slow
@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(url=st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=60)))
@example(url=f'{BASE}/autour?q="><script>alert(1)</script>')
def test_whatever_is_asked_the_frame_is_ours_or_there_is_none(session: Session, url: str) -> None:
    try:
        shown = read_address(session, url, BASE)
    except Mesure23Error:
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.hostname, parts.port or 443) == ("https", "carte.exemple", 443)
    assert re.fullmatch(r"/integration/(autour|[0-9AB]{2,3})(\?[\w%=&+.,*-]*)?", shown.src)
    json.dumps(shown.src)
