"""How large a request may be, and how slow its body; a route that takes more says so itself.

`@router.post("/deposit", max_body_size=20_000_000)` is FastAPI's own; `body_within` adds the time.
"""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import Mesure23Error, RequestInvalid
from app.platform.web.errors import (
    AddressTooLong,
    BodyTooLarge,
    HeadersTooLarge,
    RequestTooSlow,
)
from app.platform.web.permissions import routes_of
from app.platform.web.problems import answer
from app.platform.web.turns import ONCE_READ

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
# Every value of every filter at once is an address of 1,000 bytes.
ADDRESS_MAX = 8_192
HEADERS_MAX = 32_768
# Of a route that says nothing. Such a body is read whole before the route is called, since a
# client that is still sending may not read the answer.
BODY_MAX = 16_384
BODY_SECONDS = 10.0
SECONDS = "__mesure23_body_seconds__"
# Of a form in parts no browser says how its texts are written. Whoever does names a way in which
# Python reads bytes: some of these fail, and some give what is no text.
_WRITTEN_OTHERWISE = re.compile(rb"multipart/.*;\s*charset", re.IGNORECASE | re.DOTALL)


def body_within(seconds: float) -> Callable[[Endpoint], Endpoint]:
    """Declare how long the body of a request may take; written under the route's decorator."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, SECONDS, seconds)
        return endpoint

    return declare


class RequestSize:
    """Refuse what no visitor sends: a long address, long headers, a large or slow body, and one
    that says how to read it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, announced = _sizes(scope)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS_MAX:
            error: Mesure23Error | None = AddressTooLong()
        elif headers > HEADERS_MAX:
            error = HeadersTooLarge()
        elif _is_written_otherwise(scope):
            error = RequestInvalid(problem="ce qui est envoyé avec elle ne se lit pas")
        elif announced == 0:
            await self.app(scope, receive, send)
            return
        else:
            error = await self._with_body(scope, receive, send, announced)
        if error is not None:
            # The rest of what was sent is not read, so nothing else can follow on this connection.
            response = answer(Request(scope), error, {"Connection": "close"})
            await response(scope, receive, send)

    async def _with_body(
        self, scope: Scope, receive: Receive, send: Send, announced: int
    ) -> Mesure23Error | None:
        """Let a request with a body through; return why it was not answered, or None."""
        most, seconds = _limits(scope)
        if announced > most:
            return BodyTooLarge()
        body = _Body(receive, send, most, seconds)
        scope[ONCE_READ] = body.once_read
        try:
            if most <= BODY_MAX:
                await body.read_ahead()
            await self.app(scope, body.receive, body.send)
        except (BodyTooLarge, RequestTooSlow) as refused:
            if refused is not body.refused or body.begun:
                raise
        return None if body.begun else body.refused


class _Body:
    """The body of one request as the application reads it, within its limits."""

    def __init__(self, receive: Receive, send: Send, most: int, seconds: float) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._ahead: deque[Message] = deque()
        self._size = 0
        self._whole = False
        self._then: Callable[[], Awaitable[object]] | None = None
        self.refused: Mesure23Error | None = None
        self.begun = False

    async def once_read(self, then: Callable[[], Awaitable[object]] | None) -> None:
        """Do something before the application goes on with all of it; None: nothing any more."""
        self._then = then
        if self._whole:
            await self._go_on()

    async def read_ahead(self) -> None:
        """Read all of it; raise BodyTooLarge or RequestTooSlow."""
        while not self._whole:
            self._ahead.append(await self._next())

    async def receive(self) -> Message:
        """Return the next part; raise BodyTooLarge or RequestTooSlow."""
        return self._ahead.popleft() if self._ahead else await self._next()

    async def send(self, message: Message) -> None:
        """Send an answer, unless the body was refused: what it is then is said by who refused."""
        if self.refused is None or self.begun:
            self.begun = True
            await self._send(message)

    async def _next(self) -> Message:
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self.refused = RequestTooSlow()
            raise self.refused from None
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            self.refused = BodyTooLarge()
            raise self.refused
        self._whole = not message.get("more_body")
        if self._whole:
            await self._go_on()
        return message

    async def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            await then()


def _limits(scope: Scope) -> tuple[int, float]:
    """Return the bytes and the seconds that the body of a request may take, as its route says."""
    for route in routes_of(scope["app"]):
        if route.matches(scope)[0] is Match.FULL:
            declared = getattr(route, "max_body_size", None)
            most = BODY_MAX if declared is None else declared
            return most, getattr(route.endpoint, SECONDS, BODY_SECONDS)
    return BODY_MAX, BODY_SECONDS


def _is_written_otherwise(scope: Scope) -> bool:
    said = (value for name, value in scope["headers"] if name == b"content-type")
    return any(_WRITTEN_OTHERWISE.match(each.strip()) for each in said)


def _sizes(scope: Scope) -> tuple[int, int]:
    """Return the bytes of the headers and those announced of a body, at least 1 if chunked."""
    headers = body = 0
    for name, value in scope["headers"]:
        headers += len(name) + len(value)
        if name == b"content-length" and value.isdigit():
            body = max(body, int(value))
        elif name == b"transfer-encoding":
            body = max(body, 1)
    return headers, body
