"""One line of JSON per request, which says how the service does and nothing of who seeks what."""

import sys
from datetime import UTC, datetime
from http import HTTPMethod
from time import perf_counter
from typing import TextIO

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.web.clients import shown

METHODS = frozenset(HTTPMethod)
UNKNOWN = "-"


class AccessLog:
    """Write method, route as declared, status, milliseconds, bytes, and the client's network.

    Never the address asked for: its path names a place, its query what someone looks for.
    """

    def __init__(self, app: ASGIApp, file: TextIO | None = None) -> None:
        self.app = app
        self.log = structlog.wrap_logger(
            structlog.WriteLogger(file or sys.stdout),
            processors=[structlog.processors.JSONRenderer()],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the line once the last byte is handed over, or the answer given up."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, size = perf_counter(), 0, 0

        async def send_and_count(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_and_count)
        finally:
            self.log.info(
                "request",
                at=datetime.now(UTC).isoformat(timespec="seconds"),
                # A client writes the method as it likes.
                method=scope["method"] if scope["method"] in METHODS else UNKNOWN,
                route=_template(scope),
                status=status,
                ms=round((perf_counter() - start) * 1000, 1),
                bytes=0 if scope["method"] == "HEAD" else size,
                client=shown(scope),
            )


def _template(scope: Scope) -> str:
    """Return "/departements/{code}", "/static" for its files, "-" where no route answered."""
    path = getattr(scope.get("route"), "path", None)
    # Of what is mounted FastAPI says no route, only where it is.
    return path if isinstance(path, str) else scope.get("root_path") or UNKNOWN
