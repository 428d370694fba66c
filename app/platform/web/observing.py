"""The outermost middleware: gives each request its id, and notes what was answered."""

import os
import re
from collections.abc import MutableMapping
from functools import lru_cache
from http import HTTPMethod
from ipaddress import ip_address, ip_network
from time import perf_counter
from typing import Any, Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform import waiting
from app.platform.logs import REQUEST_ID

HEADER = b"x-request-id"
# As nginx writes its own.
GIVEN = re.compile(rb"[0-9a-f]{32}")
ID_BYTES = 16
# What people are asked to say of an id: enough of it to find the line.
SAID = 12
METHODS = frozenset(HTTPMethod)
UNKNOWN = "-"
# Where a scope says what was answered, for those who are told of it.
ID, STATUS, SIZE = "request_id", "answered_status", "answered_bytes"


class Noting(Protocol):
    """What is told of each answer."""

    def note(self, scope: Scope, seconds: float) -> None:
        """Note the answer to a request, from its head to the last byte handed over."""


class Observing:
    """Give each request an id and the seconds that it may wait, and tell others what was answered.

    trusted: networks of proxies, whose ids are taken where they are written as ours. It stands
    around what believes their other headers: what a request came from is still its own.
    """

    def __init__(
        self, app: ASGIApp, trusted: tuple[str, ...], *others: Noting, wait_most: float
    ) -> None:
        self.app = app
        self.wait_most = wait_most
        self.others = others
        self.trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note it once the last byte is handed over, or the answer given up."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = (self.trusted and self._given(scope)) or new_id()
        scope[ID] = request_id
        REQUEST_ID.set(request_id)
        waiting.allow_waiting(self.wait_most)
        started = perf_counter()
        try:
            await self.app(scope, receive, send)
        finally:
            for each in self.others:
                each.note(scope, perf_counter() - started)

    def _given(self, scope: Scope) -> str | None:
        """Return the id that a declared proxy gave this request."""
        client = scope.get("client")
        if not client or not _is_of(client[0], self.trusted):
            return None
        given = [value for name, value in scope["headers"] if name == HEADER]
        return given[0].decode() if len(given) == 1 and GIVEN.fullmatch(given[0]) else None


def saying_what_is_sent(scope: Scope, message: MutableMapping[str, Any]) -> None:
    """Note a message of an answer in the scope of its request, and give its head the id.

    By what writes the headers of every answer: one more function around each message takes as long
    as all else that is done here.
    """
    if message["type"] == "http.response.start":
        scope[STATUS] = message["status"]
        if ID in scope:
            message["headers"].append((HEADER, scope[ID].encode()))
    else:
        scope[SIZE] = scope.get(SIZE, 0) + len(message.get("body", b""))


def new_id() -> str:
    """Return an id that no other request has."""
    return os.urandom(ID_BYTES).hex()


def said_of(scope: Scope) -> str:
    """Return the number that somebody may say of a request, "3f9c 12ab 77e0", in one piece."""
    request_id: str = scope.get(ID, "")
    return "\u00a0".join(request_id[at : at + 4] for at in range(0, SAID, 4))


def route_of(scope: Scope) -> str:
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
