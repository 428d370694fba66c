"""Answers are made in turn: what is too much is refused soon, and what is cached does not wait."""

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from sqlalchemy.exc import TimeoutError as PoolBusy

from app.main import create_app
from app.platform.database.engines import Databases, PublicDatabase, make_engine
from app.platform.web import download, pdf
from app.platform.web.cached_route import CachedRoute
from app.platform.web.download import DownloadsBusy
from app.platform.web.errors import TooBusy
from app.platform.web.pdf import PrintsBusy
from app.platform.web.permissions import routes_of
from app.platform.web.site import Site
from app.platform.web.turns import MESSAGES, FileInTurn, MessageInTurn, RouteInTurn, Turn, Turns
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_who_waits_for_a_turn_a_place_and_a_connection_waits_no_longer_than_for_one_of_them(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 3.0
    url = databases.public.url.render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=1, wait_most=most)
    app = create_app(Settings(wait_most=most, rate_limit=0), PublicDatabase(engine))
    begun, end = threading.Semaphore(0), threading.Event()
    waited: list[str] = []

    def slow() -> None:
        begun.release()
        assert end.wait(30)

    def waits() -> None:
        with pytest.raises(PrintsBusy), pdf.place(most):
            pass
        waited.append("sheet")
        with pytest.raises(DownloadsBusy):
            download.Download(lambda file: "name", "text/csv", most)
        waited.append("file")
        with pytest.raises(PoolBusy):
            engine.connect()
        waited.append("connection")

    router = APIRouter(route_class=FileInTurn)
    router.get("/slow")(slow)
    router.get("/waits")(waits)
    app.include_router(router)
    for module, name in ((pdf, "PRINTING"), (download, "MAKING")):
        monkeypatch.setattr(module, name, threading.BoundedSemaphore(1))
        assert getattr(module, name).acquire()
    row = app.state.site.turns.rows[Turn.FILE]
    with serving(app) as base, engine.connect(), ThreadPoolExecutor(row.most + 1) as threads:
        get = partial(httpx.get, timeout=30, trust_env=False)
        for _ in range(row.most):
            threads.submit(get, f"{base}/slow")
        for _ in range(row.most):
            assert begun.acquire(timeout=30)
        threading.Timer(most / 6, end.set).start()
        answer = get(f"{base}/waits")
    engine.dispose()
    assert (answer.status_code, waited) == (200, ["sheet", "file", "connection"])
    assert most < answer.elapsed.total_seconds() + 0.1 < 2 * most


@pytest.mark.parametrize(("cores", "files"), [(1, 4), (2, 4), (6, 7), (64, 8)])
def test_as_many_files_and_pages_of_the_desk_are_made_at_once_as_there_are_cores_for(
    cores: int, files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert Turns(connections=8, most=1).rows[Turn.FILE].most == files


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
