"""How large a request may be, and how slow its body."""

import asyncio
from collections import deque

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import (
    AddressTooLong,
    BodyTooLarge,
    HeadersTooLarge,
    Mesure23Error,
    RequestTooSlow,
)
from app.platform.web.problems import answer

# Every value of every filter at once is an address of 1,000 bytes.
ADDRESS_MAX = 8_192
HEADERS_MAX = 32_768
# No route takes a body yet; one that comes all the same is read, so that the answer is too.
BODY_MAX = 16_384
BODY_SECONDS = 10.0


class RequestSize:
    """Refuse what no visitor sends: a long address, long headers, a large or slow body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, with its body already read, or answer why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers, announced = _sizes(scope)
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS_MAX:
            error: Mesure23Error = AddressTooLong()
        elif headers > HEADERS_MAX:
            error = HeadersTooLarge()
        elif announced == 0:
            await self.app(scope, receive, send)
            return
        else:
            try:
                messages = await _read_body(receive, announced)
            except (BodyTooLarge, RequestTooSlow) as refused:
                error = refused
            else:
                await self.app(scope, _replay(messages, receive), send)
                return
        # The rest of what was sent is not read, so nothing else can follow on this connection.
        response = answer(Request(scope), error, {"Connection": "close"})
        await response(scope, receive, send)


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


async def _read_body(receive: Receive, announced: int) -> deque[Message]:
    messages: deque[Message] = deque()
    size = announced
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while size <= BODY_MAX:
                messages.append(await receive())
                size = sum(len(message.get("body", b"")) for message in messages)
                if not messages[-1].get("more_body"):
                    break
    except TimeoutError:
        raise RequestTooSlow from None
    if size > BODY_MAX:
        raise BodyTooLarge
    return messages


def _replay(messages: deque[Message], receive: Receive) -> Receive:
    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return again
