"""Deeds are asked by our own pages alone: no other site makes a browser that is signed in act."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.platform.web.errors import ForeignForm
from app.platform.web.problems import answer

SAFE = {"GET", "HEAD", "OPTIONS"}


class SameOrigin:
    """Refuse a request that changes something unless the browser says that a page of ours sent it.

    By Sec-Fetch-Site, or where a browser knows none by Origin; without either it is refused. Inside
    KnownHost, which has judged the host that the request names.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 403."""
        if scope["type"] != "http" or scope["method"] in SAFE:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if not _is_own(request):
            await answer(request, ForeignForm())(scope, receive, send)
            return
        await self.app(scope, receive, send)


def refuse_foreign(request: Request) -> None:
    """Raise ForeignForm by the same judgement: of one route, where all others read."""
    if not _is_own(request):
        raise ForeignForm


def _is_own(request: Request) -> bool:
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    ours = site == "same-origin" if site is not None else origin == own
    # Where both are said, neither may be another's.
    return ours and (origin is None or origin == own)
