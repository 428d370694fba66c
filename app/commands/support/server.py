"""The web server, in a module of its own: its libraries take a second to import."""

import asyncio
import ctypes
import gc
import signal
import socket
from collections.abc import Callable, Sequence
from select import select
from time import monotonic
from types import FrameType

import structlog
import typer
import uvicorn
from starlette.types import ASGIApp

from app.commands.support.measuring import measured
from app.main import create_app
from app.platform.web.http_protocol import PatientProtocol
from app.platform.web.site import Site
from app.runtime.public import PublicRuntime
from app.settings import Settings

M_ARENA_MAX = -8
LAST_LOOK = 0.02
# How often it looks whether somebody came meanwhile; each time it takes all who did.
LAST_COMERS = 100
log = structlog.get_logger(__name__)


def serve_public(runtime: PublicRuntime, listener: socket.socket) -> None:
    """Serve what visitors may reach, as serve_app does."""
    with measured(runtime.settings) as metrics:
        app = create_app(runtime.settings, runtime.databases, metrics)
        serve_app(app, listener, runtime.settings, [app.state.site])


def _say_where(settings: Settings) -> Callable[[str], object]:
    """Return what says where it answers: to who typed the command, or in a line as all else is."""
    if settings.env == "production":
        return lambda address: log.info("serving", where=address)
    return lambda address: typer.echo(f"Mesure 23 : {address} (Ctrl-C pour arrêter)")


def serve_app(
    app: ASGIApp, listener: socket.socket, settings: Settings, sites: Sequence[Site]
) -> None:
    """Serve an application until a signal, which is raised again once the last answer is out.

    sites: those of which it is made, told to whoever sends visitors that they are about to end.
    """
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        # The application believes the proxies that are declared, and only those.
        proxy_headers=False,
        # uvicorn's own would keep what people look for; see app.platform.web.access_log.
        access_log=False,
        log_level="warning",
        # What it says goes where all else does; see app.platform.logs.
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    # What stays as long as the process is not looked through for garbage again and again: that took
    # a third of the time of a sheet for paper, and a tenth of a second now and then of any page.
    gc.collect()
    gc.freeze()
    # A page makes some ten thousand objects, none of them in a circle: to look through the young
    # ones at every 2,500 still took a seventh of its time.
    gc.set_threshold(50_000)
    _share_one_heap()

    def announce() -> None:
        for site in sites:
            site.draining.set()

    server = Server(config, _say_where(settings), settings.drain, announce)
    server.run(sockets=[listener])


def _share_one_heap() -> None:
    """Have all threads share a heap: what pages leave free in one of their own is 20 MB more."""
    # Of glibc alone; other systems have nothing to say.
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


class Server(uvicorn.Server):
    """Says where it answers once it does, and cuts nobody off when it ends."""

    def __init__(
        self,
        config: uvicorn.Config,
        say: Callable[[str], object],
        drain: float,
        announce: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._say, self._drain, self._announce = say, drain, announce
        self._ends = float("inf")

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            self._say(f"http://{shown}:{port}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Go on for a while after the first TERM, each connection for one answer."""
        if sig == signal.SIGTERM and self._drain and self._ends == float("inf"):
            self._captured_signals.append(sig)
            self._ends = monotonic() + self._drain
            self._announce()
            self.config.encoded_headers.append((b"connection", b"close"))
            return
        super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Say whether it ends."""
        self.should_exit |= monotonic() >= self._ends
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End once all who came are answered."""
        # The loop takes who waits at the door, and reads what they have sent, before it closes.
        await asyncio.sleep(LAST_LOOK)
        for _ in range(LAST_COMERS):
            if not select(sockets or (), (), (), 0)[0]:
                break
            await asyncio.sleep(0)
        await super().shutdown(sockets)
