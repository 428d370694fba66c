"""At the desk as well, what is too much is refused soon, and its monitors go on."""

import socket
import threading
from contextlib import ExitStack
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send

from app.desk.application import BEFORE_EACH, create_desk
from app.main import create_app
from app.platform.database.engines import Databases, make_engine
from app.platform.web.fork import Fork
from app.platform.web.permissions import Profile, open_to
from app.platform.web.request_size import body_within
from app.platform.web.turns import Turn, Turns
from app.settings import Settings
from app.vault.sealing import new_key, parse_keys
from tests.serving import serving

FILES = Turns(Settings().pool_size, 1).rows[Turn.FILE].most


@pytest.mark.slow
def test_staff_who_wait_too_long_are_told_so_while_monitors_and_visitors_go_on() -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    @open_to(Profile.PUBLIC)
    def slow() -> str:
        begun.release()
        assert end.wait(60)
        return "made"

    router = APIRouter()
    router.get("/gestion/lent")(slow)
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    databases, settings = Databases(nowhere, nowhere, None), Settings(wait_most=0.3, rate_limit=0)
    desk = create_desk(settings, databases, parse_keys(new_key()))
    desk.include_router(router, dependencies=BEFORE_EACH)
    both = Fork(create_app(settings, databases), desk, ("/gestion", "/connexion"))
    with serving(desk) as alone, serving(both) as base, ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=base, timeout=60, trust_env=False))
        asked = [threading.Thread(target=client.get, args=("/gestion/lent",)) for _ in range(FILES)]
        for each in asked:
            each.start()
            assert begun.acquire(timeout=60)
        try:
            for path in ("/gestion", "/gestion/acteurs", "/connexion"):
                refused = client.get(path, headers={"Accept": "text/html"})
                assert refused.status_code == 503, path
                assert int(refused.headers["Retry-After"]) > 0
                assert "Service très demandé" in refused.text
            sent = client.post("/connexion", data={"courriel": "x"}, headers={"Origin": base})
            assert sent.status_code == 503
            assert httpx.get(f"{alone}/livez", trust_env=False).status_code == 200
            assert client.get("/robots.txt").status_code == 200
        finally:
            end.set()
        for each in asked:
            each.join(60)
    nowhere.dispose()


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [f"/connexion/fiche/{'a' * 43}", "/gestion/lu-ici", "/gestion/lu-avant"]
)
def test_who_sends_a_form_by_drops_has_no_turn_meanwhile(path: str) -> None:
    @open_to(Profile.PUBLIC)
    def quick() -> str:
        return "made"

    @body_within(120)
    @open_to(Profile.PUBLIC)
    async def read_here(request: Request) -> int:
        return len(await request.form())

    async def fields(request: Request) -> int:
        return len(await request.form())

    @open_to(Profile.PUBLIC)
    def read_before(found: Annotated[int, Depends(fields)]) -> int:
        return found

    router = APIRouter()
    router.get("/gestion/vite")(quick)
    router.post("/gestion/lu-ici", max_body_size=100_000)(read_here)
    router.post("/gestion/lu-avant", max_body_size=100_000)(read_before)
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    settings = Settings(wait_most=0.3, rate_limit=0)
    desk = create_desk(settings, Databases(nowhere, nowhere, None), parse_keys(new_key()))
    desk.include_router(router, dependencies=BEFORE_EACH)
    waits = threading.Semaphore(0)

    async def heard(scope: Scope, receive: Receive, send: Send) -> None:
        """The desk, and say when it waits for what was not sent of a body."""
        parts = 0

        async def next_part() -> Message:
            nonlocal parts
            parts += 1
            if parts == 2:
                waits.release()
            return await receive()

        await desk(scope, next_part if scope["type"] == "http" else receive, send)

    with serving(heard) as base, ExitStack() as stack:
        port = int(base.rpartition(":")[2])
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Origin: {base}\r\nContent-Length: 4\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\na="
        )
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            for _ in range(2 * FILES)
        ]
        for each in slow:
            each.sendall(head.encode())
        for _ in slow:
            assert waits.acquire(timeout=60)
        assert httpx.get(f"{base}/gestion/vite", trust_env=False, timeout=60).json() == "made"
    nowhere.dispose()


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/gestion/lu-ici", "/gestion/lu-avant"])
def test_what_is_made_of_a_large_body_waits_for_its_turn(path: str) -> None:
    begun, end = threading.Semaphore(0), threading.Event()

    def make() -> str:
        begun.release()
        assert end.wait(60)
        return "made"

    async def fields(request: Request) -> int:
        return len(await request.form())

    @body_within(120)
    @open_to(Profile.PUBLIC)
    async def read_here(request: Request) -> str:
        async with request.form():
            return await run_in_threadpool(make)

    @open_to(Profile.PUBLIC)
    def read_before(found: Annotated[int, Depends(fields)]) -> str:
        assert found == 1
        return make()

    router = APIRouter()
    router.post("/gestion/lu-ici", max_body_size=100_000)(read_here)
    router.post("/gestion/lu-avant", max_body_size=100_000)(read_before)
    nowhere = make_engine("postgresql+psycopg://nobody@/nowhere")
    settings = Settings(wait_most=0.3, rate_limit=0)
    desk = create_desk(settings, Databases(nowhere, nowhere, None), parse_keys(new_key()))
    desk.include_router(router, dependencies=BEFORE_EACH)
    with serving(desk) as base, ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=base, timeout=60, trust_env=False))
        statuses = []

        def send() -> None:
            sent = client.post(path, data={"a": "x" * 50_000}, headers={"Origin": base})
            statuses.append(sent.status_code)

        for many in (FILES, FILES):
            asked = [threading.Thread(target=send) for _ in range(many)]
            for each in asked:
                each.start()
            for _ in asked:
                assert begun.acquire(timeout=60)
            try:
                send()
                assert statuses.pop() == 503
            finally:
                end.set()
            for each in asked:
                each.join(60)
            # Their turns are given back.
            end.clear()
        assert statuses == [200] * 2 * FILES
    nowhere.dispose()
