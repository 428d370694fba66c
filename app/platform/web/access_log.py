"""One line of JSON per request, which says how the service does and nothing of who seeks what."""

from typing import TextIO

from app.platform.logs import lines
from app.platform.web.clients import shown
from app.platform.web.observing import Answered


class AccessLog:
    """Writes method, route as declared, status, milliseconds, bytes, and the client's network.

    Never the address asked for: its path names a place, its query what someone looks for.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        self.log = lines(file)

    def note(self, answered: Answered) -> None:
        """Write the line of an answer."""
        self.log.info(
            "request",
            method=answered.method,
            route=answered.route,
            status=answered.status,
            ms=round(answered.seconds * 1000, 1),
            bytes=answered.size,
            client=shown(answered.scope),
        )
