"""The web server, in a module of its own: its libraries take a second to import."""

import ctypes
import gc
import socket

import typer
import uvicorn
from starlette.types import ASGIApp

from app.main import create_app
from app.platform.web.http_protocol import PatientProtocol
from app.runtime.public import PublicRuntime

M_ARENA_MAX = -8


def serve_public(runtime: PublicRuntime, listener: socket.socket) -> None:
    """Serve what visitors may reach, as serve_app does."""
    serve_app(create_app(runtime.settings, runtime.databases), listener)


def serve_app(app: ASGIApp, listener: socket.socket) -> None:
    """Serve an application until a signal, which is raised again once the last answer is out."""
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        # The application believes the proxies that are declared, and only those.
        proxy_headers=False,
        # uvicorn's own would keep what people look for; see app.platform.web.access_log.
        access_log=False,
        log_level="warning",
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
    _Server(config).run(sockets=[listener])


def _share_one_heap() -> None:
    """Have all threads share a heap: what pages leave free in one of their own is 20 MB more."""
    # Of glibc alone; other systems have nothing to say.
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, 1)


class _Server(uvicorn.Server):
    """Says where it answers once it does, whatever port it was given."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            typer.echo(f"Mesure 23 : http://{shown}:{port} (Ctrl-C pour arrêter)")
