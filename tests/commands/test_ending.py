"""A service that is told to end cuts nobody off, and says before that it will."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.commands.support.listening import LOOPBACK, listening
from app.commands.support.server import Server
from app.platform.web import http_protocol
from app.platform.web.http_protocol import PatientProtocol
from tests.meanwhile import until

ASKED = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Slow:
    """An application that answers when it is let."""

    def __init__(self) -> None:
        self.begun, self.free = threading.Semaphore(0), threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer once it is free."""
        self.begun.release()
        while not self.free.is_set():
            await asyncio.sleep(0.005)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"answered"})


class Running:
    """A server in a thread, which takes signals as it does in the main one."""

    def __init__(self, app: Slow, drain: float) -> None:
        self.said = threading.Event()
        self.app = app
        config = uvicorn.Config(app, http=PatientProtocol, lifespan="off", log_level="critical")
        self.server = Server(config, print, drain, self.said.set)

    @contextmanager
    def serving(self) -> Iterator[tuple[str, int]]:
        """Yield the address; ends at once in any case."""
        with listening(LOOPBACK, 0) as listener:
            thread = threading.Thread(target=self.server.run, args=([listener],))
            thread.start()
            while not self.server.started:
                assert thread.is_alive()
                time.sleep(0.005)
            try:
                yield listener.getsockname()[:2]
            finally:
                self.app.free.set()
                self.server.should_exit = True
                thread.join(30)
                assert not thread.is_alive()

    def term(self) -> None:
        """Send what a supervisor sends."""
        self.server.handle_exit(signal.SIGTERM, None)


def read(connection: socket.socket) -> bytes:
    """Return all that is answered until the connection ends."""
    connection.settimeout(30)
    return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.slow
def test_it_goes_on_for_a_while_after_term_and_each_connection_gets_one_more_answer() -> None:
    app = Slow()
    app.free.set()
    running = Running(app, drain=60)
    with running.serving() as (host, port), httpx.Client(trust_env=False) as client:
        url = f"http://{host}:{port}/"
        assert "connection" not in client.get(url).headers
        running.term()
        assert running.said.is_set()
        # What each answer says is renewed once a second.
        until(lambda: client.get(url).headers.get("connection") == "close")
        assert client.get(url).text == "answered"


@pytest.mark.parametrize("drain", [0, 0.2])
def test_who_is_being_answered_and_who_has_just_come_are_answered_before_it_ends(
    drain: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that is busy may be slower than those who have just come.
    monkeypatch.setattr(http_protocol, "COMES_SECONDS", 60)
    app = Slow()
    running = Running(app, drain)
    with running.serving() as address:
        waiting = [socket.create_connection(address) for _ in range(12)]
        silent = [socket.create_connection(address) for _ in range(3)]
        for each in waiting:
            each.sendall(ASKED)
        for _ in waiting:
            assert app.begun.acquire(timeout=30)
        running.term()
        # They came, and had not asked yet.
        left = running.server.server_state.connections
        until(lambda: sum(getattr(each, "_ending", False) for each in [*left]) == len(silent))
        for each in silent:
            each.sendall(ASKED)
            assert app.begun.acquire(timeout=30)
        app.free.set()
        answers = [read(each) for each in (*waiting, *silent)]
        for each in (*waiting, *silent):
            each.close()
    assert all(b"answered" in answer for answer in answers)


def test_a_second_term_ends_it_at_once() -> None:
    app = Slow()
    app.free.set()
    running = Running(app, drain=600)
    with running.serving():
        running.term()
        assert not running.server.should_exit
        running.term()
        assert running.server.should_exit
