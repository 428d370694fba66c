"""What is cached is the same for everybody: no answer to one visitor reaches another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Query, Request, Response, Security
from fastapi.responses import PlainTextResponse
from fastapi.security import APIKeyCookie

from app.main import create_app
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.web.cached_route import (
    CachedRoute,
    NotTheSameForEverybody,
    check_same_for_everybody,
)
from app.platform.web.permissions import same_for_everybody, to_any_origin
from app.platform.web.version_cache import VersionCache
from app.platform.web.versions import FRANCE, Versions
from app.settings import Settings
from tests.serving import serving


class Standing(Versions):
    """Versions that are known and never change."""

    version = uuid4()

    def of(self, territory: str) -> UUID | None:
        """Return the same one each time."""
        return self.version


class Always(CachedRoute):
    """A route whose every answer may be cached."""

    flags = ("hx-request",)
    ordered = ("dans",)

    def stands_for(self, *_: object) -> tuple[str, None]:
        """Return France."""
        return FRANCE, None


class Named(Always):
    """One whose answers name the service."""

    names_itself = True


always, named = APIRouter(route_class=Always), APIRouter(route_class=Named)


async def signed_in(request: Request) -> str:
    """Return who asks, as the desk will do."""
    return request.cookies.get("session", "nobody")


@always.get("/cached")
@same_for_everybody
async def cached(who: Annotated[str, Depends(signed_in)]) -> Response:
    return PlainTextResponse(f"for {who}")


@always.get("/unsaid")
async def unsaid(who: Annotated[str, Depends(signed_in)]) -> Response:
    return PlainTextResponse(f"for {who}")


@always.get("/all")
@same_for_everybody
async def all_of_it(request: Request) -> Response:
    seen = [request.headers.items(), request.cookies, request.client, request.url.query]
    seen += [request.scope.get(name) for name in ("session", "user", "auth", "state")]
    return PlainTextResponse(repr(seen))


@always.get("/list/{code}")
@same_for_everybody
async def listed(
    request: Request,
    code: str,
    page: str = "1",
    tag: Annotated[tuple[str, ...], Query()] = (),
    dans: Annotated[list[str] | None, Query()] = None,
) -> Response:
    return PlainTextResponse(f"{code} {page} {tag} {dans} {request.url.query}")


@named.get("/named")
@same_for_everybody
async def base(request: Request) -> Response:
    return PlainTextResponse(str(request.base_url))


def application(**settings: Any) -> FastAPI:
    """Return the service over a database that is never asked, with the routes above."""
    database = PublicDatabase(make_engine("postgresql+psycopg://nobody@/nowhere"))
    app = create_app(Settings(rate_limit=0, **settings), database)
    versions = Standing(database.public)
    app.state.site = replace(app.state.site, versions=versions, cache=VersionCache(versions))
    app.include_router(always)
    app.include_router(named)
    return app


@contextmanager
def client_of(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of an application that is served."""
    with (
        serving(app) as base,
        httpx.Client(
            base_url=base, trust_env=False, headers={"Accept-Encoding": "identity"}
        ) as client,
    ):
        yield client


@pytest.fixture
def app() -> FastAPI:
    """The service, with an empty cache."""
    return application()


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx.Client]:
    """A client of it, which takes nothing compressed."""
    with client_of(app) as client:
        yield client


def entries(app: FastAPI) -> int:
    """Return how many answers are cached."""
    cache: VersionCache = app.state.site.cache
    return len(cache)


ANNA, OLGA = ({"Cookie": f"session={name}"} for name in ("anna", "olga"))


def test_what_depends_on_a_cookie_is_served_to_nobody_else(client: httpx.Client) -> None:
    # Whoever comes first: a route that is cached never learns who asks.
    for headers in (ANNA, OLGA, {}, ANNA):
        assert client.get("/cached", headers=headers).text == "for nobody"


def test_what_does_not_say_that_it_is_the_same_is_not_cached(
    client: httpx.Client, app: FastAPI
) -> None:
    for headers, name in ((ANNA, "anna"), (OLGA, "olga"), ({}, "nobody"), (ANNA, "anna")):
        assert client.get("/unsaid", headers=headers).text == f"for {name}"
    assert entries(app) == 0


def test_nothing_of_who_asks_reaches_a_route_that_is_cached(client: httpx.Client) -> None:
    headers = {
        "Authorization": "Bearer anna",
        "X-Forwarded-For": "192.0.2.1",
        "Accept-Language": "anna",
        "User-Agent": "anna",
        "HX-Request": "anna",
    }
    seen = client.get("/all?anna=1", headers=headers | ANNA).text
    assert "anna" not in seen
    assert "192.0.2.1" not in seen
    assert "('hx-request', 'true')" in seen


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "?junk=1", "?junk=1&junk=2&page=2", "?page=2", "?page=1&page=2", "?page=2&tag=",
        "?page=2&page=2&utm_source=x", "?page=2&PAGE=3",
    ],
)  # fmt: skip
def test_what_nobody_reads_makes_no_other_entry(
    client: httpx.Client, app: FastAPI, query: str
) -> None:
    same = "/list/93?page=2" if "page" in query else "/list/93"
    first = client.get(same).text
    before = entries(app)
    assert client.get(f"/list/93{query}").text == first
    assert entries(app) == before
    assert "junk" not in first


def test_one_search_is_one_entry_however_it_is_written(client: httpx.Client, app: FastAPI) -> None:
    first = client.get("/list/93?tag=a&tag=b&page=2").text
    before = entries(app)
    for query in ("page=2&tag=b&tag=a", "tag=b&page=2&tag=a&tag=b", "tag=%61&tag=b&page=2"):
        assert client.get(f"/list/93?{query}").text == first
    assert entries(app) == before
    # Where the order shows, it makes another page; a value twice does not.
    texts = [client.get(f"/list/93?dans={query}").text for query in ("1&dans=2", "2&dans=1")]
    assert "['1', '2']" in texts[0]
    assert "['2', '1']" in texts[1]
    assert client.get("/list/93?dans=2&dans=1&dans=2").text == texts[1]


def test_what_is_read_makes_another_entry(client: httpx.Client) -> None:
    asked = ("93", "75", "93?page=2", "93?page=3", "93?tag=a", "93?tag=b")
    assert len({client.get(f"/list/{each}").text for each in asked}) == len(asked)


def test_a_service_that_knows_its_address_is_named_by_no_visitor() -> None:
    app = application(public_url="https://carte.example")
    with client_of(app) as client:
        for host in ("one.example", "two.example"):
            client.get("/named", headers={"Host": host})
            assert "example" not in client.get("/named", headers={"Host": host}).text
        assert entries(app) == 1


def test_a_service_that_does_not_is_named_as_it_was_asked_for(client: httpx.Client) -> None:
    for host in ("localhost", "127.0.0.1", "localhost"):
        assert client.get("/named", headers={"Host": host}).text == f"http://{host}/"


async def by_cookie(session: Annotated[str, Cookie()] = "") -> None: ...
async def by_header(authorization: Annotated[str, Header()] = "") -> None: ...
async def by_login(key: Annotated[str, Security(APIKeyCookie(name="session"))]) -> None: ...
async def by_body(text: dict[str, str]) -> None: ...
async def below(_: Annotated[None, Depends(by_cookie)]) -> None: ...


@pytest.mark.parametrize("says", [same_for_everybody, to_any_origin])
@pytest.mark.parametrize("endpoint", [by_cookie, by_header, by_login, by_body, below])
def test_who_reads_who_asks_cannot_say_that_it_is_the_same(
    app: FastAPI, endpoint: Any, says: Any
) -> None:
    async def route(_: Annotated[None, Depends(endpoint)]) -> None: ...

    router = APIRouter()
    router.get("/wrong")(says(route))
    app.include_router(router, prefix="/deep")
    with pytest.raises(NotTheSameForEverybody, match="/deep/wrong"):
        check_same_for_everybody(app)


def test_what_a_whole_router_asks_for_is_found_too(app: FastAPI) -> None:
    app.include_router(always, prefix="/desk", dependencies=[Depends(by_cookie)])
    with pytest.raises(NotTheSameForEverybody, match="/desk/cached: session"):
        check_same_for_everybody(app)
