"""One line of JSON per request, which says how the service does and nothing of who seeks what."""

from typing import TextIO

from starlette.types import Scope

from app.platform.logs import lines
from app.platform.web.clients import shown
from app.platform.web.observing import METHODS, SIZE, STATUS, UNKNOWN, route_of


class AccessLog:
    """Writes method, route as declared, status, milliseconds, bytes, and the client's network.

    Never the address asked for: its path names a place, its query what someone looks for.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self.log = lines(file)

    def note(self, scope: Scope, seconds: float) -> None:
        """Write the line of an answer."""
        self.log.info(
            "request",
            # A client writes the method as it likes.
            method=scope["method"] if scope["method"] in METHODS else UNKNOWN,
            route=route_of(scope),
            status=scope.get(STATUS, 0),
            ms=round(seconds * 1000, 1),
            bytes=0 if scope["method"] == "HEAD" else scope.get(SIZE, 0),
            client=shown(scope),
        )
