"""Pages are cached for a minute, while nothing public changes; no text of a visitor is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from app.main import create_app
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.web.version_cache import VersionCache
from app.platform.web.versions import FRANCE
from tests.crowd import HOME, NOW, Crowd
from tests.meanwhile import until
from tests.serving import offline_settings, serving

PAGE = f"/departements/{HOME}"
DATA = f"/api{PAGE}/actors.geojson"


@pytest.fixture(scope="module")
def app(crowd: Crowd, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The service over the crowd, where it is NOW."""
    settings = offline_settings(tmp_path_factory.mktemp("cached"))
    app = create_app(settings.model_copy(update={"rate_limit": 0}), crowd.databases)
    app.state.site = replace(app.state.site, now=lambda: NOW)
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of it, once versions are known."""
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        client.get("/autour")
        know_versions(app)
        yield client


def know_versions(app: FastAPI) -> None:
    """Wait until the service knows what it may cache: it asks the database by a thread."""
    until(lambda: app.state.site.versions.of(FRANCE) is not None)


def cached(app: FastAPI) -> int:
    """Return how many entries are cached."""
    cache: VersionCache = app.state.site.cache
    return len(cache)


@pytest.mark.parametrize(
    "path",
    [PAGE, f"{PAGE}?categorie=ase&page=2", "/autour", "/autour?lieu=93066", f"/integration/{HOME}"],
)
def test_a_page_is_cached_as_it_was_made(client: httpx.Client, app: FastAPI, path: str) -> None:
    first = client.get(path)
    before = cached(app)
    again = client.get(path)
    assert cached(app) == before
    assert first.content == again.content
    compared = ("content-type", "content-security-policy", "cache-control", "etag")
    assert [first.headers.get(each) for each in compared] == [
        again.headers.get(each) for each in compared
    ]
    assert again.headers["cache-control"] == "no-store"
    assert client.get(path, headers={"If-None-Match": again.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("path", [PAGE, "/autour", DATA])
def test_what_no_page_reads_finds_the_entry_that_is_there(
    client: httpx.Client, app: FastAPI, path: str
) -> None:
    first = client.get(path)
    before = cached(app)
    for query in ("junk=1", "junk=2&q=&categorie=", "utm_source=a&page="):
        again = client.get(f"{path}?{query}")
        assert again.content == first.content
    assert cached(app) == before


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (DATA, "tri=-nom&page=2&vue=carte&fond=sans&rayon=5&ecart=5"),
        (DATA, "lieu=48.93512,2.35512"),
        (PAGE, "avis=n%27importe+quoi"),
        (PAGE, "avis=adresse"),
        ("/autour", "avis=adresse"),
        ("/autour?lieu=93066", "avis=n%27importe+quoi"),
    ],
)
def test_what_changes_nothing_of_an_answer_finds_the_entry_that_is_there(
    client: httpx.Client, app: FastAPI, path: str, query: str
) -> None:
    first = client.get(path)
    before = cached(app)
    again = client.get(f"{path}{'&' if '?' in path else '?'}{query}")
    assert again.content == first.content
    assert cached(app) == before


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/autour", "avis=commune"),
        ("/autour", "avis=loin-commune"),
        (PAGE, "avis=loin-commune"),
        ("/autour", "lieu=93066&avis=adresse"),
    ],
)
def test_a_sentence_that_an_address_asks_for_is_in_its_page(
    client: httpx.Client, path: str, query: str
) -> None:
    place = query.partition("avis=")[0]
    assert client.get(f"{path}?{query}").content != client.get(f"{path}?{place}").content


@pytest.mark.parametrize(
    "query",
    ["tri=banane", "page=0", "page=banane", "vue=banane", "fond=x", "rayon=7", f"lieu={'9' * 41}"],
)
def test_a_value_that_is_wrong_is_refused_whatever_is_cached(
    client: httpx.Client, query: str
) -> None:
    assert client.get(DATA).status_code == 200
    assert client.get(f"{DATA}?{query}").status_code == 422


def test_data_do_not_name_the_service(client: httpx.Client, app: FastAPI) -> None:
    client.get(DATA)
    before = cached(app)
    client.get(DATA, headers={"Host": "localhost"})
    assert cached(app) == before


@pytest.mark.parametrize(
    "path",
    [
        f"{PAGE}?q=ecoute", "/autour?lieu=48.935,2.355", "/autour?ou=bobigny",
        "/autour?cadre=2.400,48.880,2.480,48.930",
        f"{PAGE}?loin=93066", f"{DATA}?loin=48.935,2.355",
        "/autour?eloigner=bobigny", f"{PAGE}?categorie=x",
        "/departements/999",
    ],
)  # fmt: skip
def test_what_was_typed_where_one_is_and_errors_are_not_cached(
    client: httpx.Client, app: FastAPI, path: str
) -> None:
    client.get(PAGE)
    entries = app.state.site.cache.keys()
    client.get(path)
    more = app.state.site.cache.keys() - entries
    # Counts of a territory are cached, whatever was asked.
    assert {key[0] for key in more} <= {"buckets"}


def test_what_htmx_asks_for_keeps_its_address(client: httpx.Client) -> None:
    path = f"{PAGE}?categorie=ase&age="
    for _ in range(2):
        answer = client.get(path, headers={"HX-Request": "true"})
        assert answer.headers["hx-push-url"] == f"{PAGE}?categorie=ase"
    assert "hx-push-url" not in client.get(path).headers


def test_a_minute_later_it_says_who_is_open_then(client: httpx.Client, app: FastAPI) -> None:
    path = f"{PAGE}?ouvert=maintenant"
    site = app.state.site
    noon = client.get(path).text
    try:
        app.state.site = replace(site, now=lambda: NOW + timedelta(seconds=59))
        assert client.get(path).text == noon
        app.state.site = replace(site, now=lambda: NOW + timedelta(hours=9))
        assert client.get(path).text != noon
    finally:
        app.state.site = site


@pytest.mark.parametrize("code", [HOME, "999", "%00"])
def test_no_parameters_ask_for_what_empty_ones_do(client: httpx.Client, code: str) -> None:
    path = f"/api/departements/{code}/actors.geojson"
    plain, empty = client.get(path), client.get(f"{path}?categorie=&page=")
    assert plain.status_code == empty.status_code == (200 if code == HOME else 404)
    compared = ("content-type", "etag", "access-control-allow-origin")
    assert [plain.headers.get(each) for each in compared] == [
        empty.headers.get(each) for each in compared
    ]
    if code == HOME:
        assert plain.content == empty.content


@pytest.mark.slow
@pytest.mark.parametrize("path", [PAGE, "/autour", f"/integration/{HOME}"])
def test_a_first_page_takes_one_connection(app: FastAPI, path: str) -> None:
    site = app.state.site
    url = site.databases.public.url.render_as_string(hide_password=False)
    one = PublicDatabase(make_engine(url, pool_size=1))
    alone = create_app(site.settings, one)
    alone.state.site = replace(alone.state.site, now=lambda: NOW)
    with (
        serving(alone) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        # Versions are known, and nothing is cached of this page.
        client.get("/api/actors.geojson")
        know_versions(alone)
        assert client.get(path).status_code == 200
    one.dispose()


def test_a_page_says_by_the_clock_alone_that_nobody_confirmed_its_actors_any_more(
    app: FastAPI, client: httpx.Client
) -> None:
    before = app.state.site
    assert "Non vérifié depuis" not in client.get(PAGE).text
    app.state.site = replace(before, now=lambda: NOW + timedelta(days=900))
    try:
        assert "Non vérifié depuis" in client.get(PAGE).text
    finally:
        app.state.site = before
