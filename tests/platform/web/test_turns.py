"""Answers are made in turn: what is too much is refused soon, and what is cached does not wait."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute

from app.main import create_app
from app.platform.database.engines import Databases, PublicDatabase, make_engine
from app.platform.web.cached_route import CachedRoute
from app.platform.web.errors import TooBusy
from app.platform.web.permissions import routes_of
from app.platform.web.site import Site
from app.platform.web.turns import MESSAGES, MessageInTurn, RouteInTurn, Turn, Turns
from app.settings import Settings
from tests.meanwhile import until
from tests.serving import serving

# They take no thread, or a monitor asks for them.
NOT_IN_TURN = {"/sante", "/livez", "/readyz", "/static"}


def alone(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run what waits in a loop of its own: a browser that a worker drives leaves one behind."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()


@pytest.fixture
def app() -> Iterator[FastAPI]:
    """The application over a database that is never asked, in which one waits a moment."""
    database = PublicDatabase(make_engine("postgresql+psycopg://nobody@/nowhere"))
    yield create_app(Settings(wait_most=0.3, rate_limit=0), database)
    database.dispose()


def test_what_takes_a_thread_is_made_in_turn(app: FastAPI) -> None:
    apart = {
        str(route.path)
        for route in routes_of(app)
        if isinstance(route.original_route, APIRoute)
        and not isinstance(route.original_route, RouteInTurn | CachedRoute)
    }
    assert apart <= NOT_IN_TURN
    messages = {
        str(route.path)
        for route in routes_of(app)
        if isinstance(route.original_route, APIRoute)
        and not isinstance(route.original_route, MessageInTurn)
        and (route.original_route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    assert messages == set()


def test_who_sends_a_message_by_drops_has_no_turn_meanwhile(app: FastAPI) -> None:
    async def length(request: Request) -> int:
        return len(await request.body())

    def put(size: Annotated[int, Depends(length)]) -> int:
        return size

    router = APIRouter(route_class=MessageInTurn)
    router.post("/message")(put)
    app.include_router(router)
    with serving(app) as base, ExitStack() as stack:
        address = ("127.0.0.1", int(base.rpartition(":")[2]))
        slow = [stack.enter_context(socket.create_connection(address)) for _ in range(2 * MESSAGES)]
        for each in slow:
            each.sendall(
                b"POST /message HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab"
            )
        client = stack.enter_context(httpx.Client(base_url=base, timeout=30, trust_env=False))
        assert client.post("/message", content=b"abc").json() == 3
        for each in slow:
            each.sendall(b"cd")
            assert each.recv(1000).startswith(b"HTTP/1.1 200 ")


def test_whoever_waits_too_long_is_told_the_numbers_while_monitors_and_files_of_others_go_on(
    app: FastAPI,
) -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    def slow() -> str:
        begun.release()
        assert end.wait(30)
        return "made"

    router = APIRouter(route_class=RouteInTurn)
    router.get("/slow")(slow)
    app.include_router(router)
    at_once = Turns(Settings().pool_size, 1).rows[Turn.ALONE].most
    with serving(app) as base, ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=base, timeout=30, trust_env=False))
        asked = [threading.Thread(target=client.get, args=("/slow",)) for _ in range(at_once)]
        for each in asked:
            each.start()
            assert begun.acquire(timeout=30)
        try:
            refused = client.get("/slow", headers={"Accept": "text/html"})
            # Neither the database nor a turn is waited for.
            assert client.get("/livez").status_code == 200
            assert client.get("/robots.txt").status_code == 503
        finally:
            end.set()
        for each in asked:
            each.join(30)
        assert client.get("/robots.txt").status_code == 200
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Service très demandé" in refused.text
    assert "tel:119" in refused.text


def test_what_is_cached_is_answered_while_others_have_every_turn(databases: Databases) -> None:
    app = create_app(Settings(wait_most=0.3, rate_limit=0), PublicDatabase(databases.public))
    site: Site = app.state.site
    paths = ("/departements/93", "/api/departements/93/actors.geojson")
    with serving(app) as base, httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        # Cached once versions are known.
        until(lambda: site.versions.of("93") is not None)
        assert [client.get(path).status_code for path in paths] == [200, 200]
        for row in site.turns.rows.values():
            row.free = asyncio.Semaphore(0)
        assert [client.get(path).status_code for path in paths] == [200, 200]
        not_cached = ("/departements/59", "/table?q=mot", "/table.csv", "/autour?lieu=48.9,2.4")
        assert [client.get(path).status_code for path in not_cached] == [503] * 4


def test_turns_are_had_in_the_order_of_those_who_wait_and_given_back_by_whoever_fails() -> None:
    had: list[int] = []

    async def one(turns: Turns, number: int) -> None:
        async with turns.take(Turn.ALONE):
            had.append(number)
            await asyncio.sleep(0)
            if number % 2:
                raise LookupError

    async def all_at_once() -> None:
        turns = Turns(connections=1, most=10)
        await asyncio.gather(*(one(turns, each) for each in range(6)), return_exceptions=True)

    alone(all_at_once)
    assert had == [0, 1, 2, 3, 4, 5]


def test_what_waits_for_one_row_does_not_wait_for_another() -> None:
    async def both() -> None:
        turns = Turns(connections=1, most=0.05)
        async with turns.take(Turn.ALONE):
            async with turns.take(Turn.CACHED), turns.take(Turn.FILE), turns.take(Turn.MESSAGE):
                pass
            with pytest.raises(TooBusy):
                async with turns.take(Turn.ALONE):
                    pass

    alone(both)
