"""An application behind a real server, and settings for it that ask nobody outside."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from app.settings import Settings

_NUMBER = re.compile(r"[0-9a-f]{4}(?:\u00a0[0-9a-f]{4}){2}")


class _Prompt(uvicorn.Server):
    """Ends at once: uvicorn looks ten times a second whether it shall, and then sleeps as long."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._asked = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in [*self.server_state.connections]:
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:
            await asyncio.sleep(0.005)
        for server in self.servers:
            await server.wait_closed()
        await self.lifespan.shutdown()

    def end(self) -> None:
        """Ask it to end, from another thread."""
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._asked.set)


def unnumbered(page: str) -> str:
    """Return a page of an error without the number of its request, which no other has."""
    return _NUMBER.sub("", page)


@contextmanager
def serving(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Run an application on a free port of the loopback; yield its address."""
    # An idle connection is closed by its client, after 5 s: both at once would break a request.
    waits = {"timeout_keep_alive": 60}
    options = {"port": 0, "log_level": "critical", "proxy_headers": False, **waits, **options}
    server = _Prompt(uvicorn.Config(app, **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "The service did not start."
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.end()
        thread.join()


# Made once: to read the environment for each test takes longer than what many of them do.
# Nothing is refused for want of a turn where other tests take the processors.
_OFFLINE = Settings(geocoder_url="http://127.0.0.1:9", tiles="none", wait_most=60)


def offline_settings(data_dir: Path) -> Settings:
    """Settings whose geocoder refuses connections at once."""
    return _OFFLINE.model_copy(update={"data_dir": data_dir})


def settings_in(path: Path, **values: Any) -> Settings:
    """Return settings whose data lie in a folder of the test."""
    return Settings(data_dir=path, **values)


def free_port() -> int:
    """Return a port of the loopback that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
