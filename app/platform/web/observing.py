"""The outermost middleware: gives each request its id, and notes what was answered."""

import re
from functools import lru_cache
from http import HTTPMethod
from ipaddress import ip_address, ip_network
from secrets import token_hex
from time import perf_counter
from typing import NamedTuple, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.logs import REQUEST_ID

HEADER = b"x-request-id"
# As nginx writes its own.
GIVEN = re.compile(rb"[0-9a-f]{32}")
ID_BYTES = 16
# What people are asked to say of an id: enough of it to find the line.
SAID = 12
METHODS = frozenset(HTTPMethod)
UNKNOWN = "-"


class Answered(NamedTuple):
    """How a request was answered. route: as declared; status: 0 where nothing was sent."""

    method: str
    route: str
    status: int
    seconds: float
    size: int
    scope: Scope


class Noting(Protocol):
    """What is told of each answer."""

    def note(self, answered: Answered) -> None:
        """Note an answer."""


class Observing:
    """Give each request an id, send it with the answer, and tell others what was answered.

    trusted: networks of proxies, whose ids are taken where they are written as ours. It stands
    around what believes their other headers: what a request came from is still its own.
    """

    def __init__(self, app: ASGIApp, trusted: tuple[str, ...], *others: Noting) -> None:
        self.app = app
        self.others = others
        self.trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it once the last byte is handed over, or the answer given up."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = self._given(scope) or token_hex(ID_BYTES)
        scope["request_id"] = request_id
        REQUEST_ID.set(request_id)
        header = (HEADER, request_id.encode())
        started, status, size = perf_counter(), 0, 0

        async def send_with_id(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], header]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            if self.others:
                seconds = perf_counter() - started
                # A client writes the method as it likes.
                method = scope["method"] if scope["method"] in METHODS else UNKNOWN
                sent = 0 if method == "HEAD" else size
                answered = Answered(method, _template(scope), status, seconds, sent, scope)
                for each in self.others:
                    each.note(answered)

    def _given(self, scope: Scope) -> str | None:
        """Return the id that a declared proxy gave this request."""
        client = scope.get("client")
        if not self.trusted or not client or not _is_of(client[0], self.trusted):
            return None
        given = [value for name, value in scope["headers"] if name == HEADER]
        return given[0].decode() if len(given) == 1 and GIVEN.fullmatch(given[0]) else None


def said_of(scope: Scope) -> str:
    """Return the number that somebody may say of a request, "3f9c 12ab 77e0", in one piece."""
    request_id: str = scope.get("request_id", "")
    return "\u00a0".join(request_id[at : at + 4] for at in range(0, SAID, 4))


def _template(scope: Scope) -> str:
    """Return "/departements/{code}", "/static" for its files, "-" where no route answered."""
    path = getattr(scope.get("route"), "path", None)
    # Of what is mounted FastAPI says no route, only where it is.
    return path if isinstance(path, str) else scope.get("root_path") or UNKNOWN


@lru_cache(maxsize=256)
def _is_of(host: str, networks: tuple[str, ...]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in networks)
