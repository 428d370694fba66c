"""Counts the pages that people see: of who asks only whether it is a program is looked at."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.search.criteria import Search
from app.search.schemas import Found
from app.statistics.counters import Counters
from app.statistics.page_types import PageType, facets_of, type_of

# Said by a page of itself, cached with it, and taken off before anything is sent.
ABOUT = "x-mesure23-about"
_ABOUT = ABOUT.encode()
SEEN = frozenset({200, 304})
# Programs that say that they are one, and mostly do.
PROGRAMS = (
    *(b"bot", b"crawl", b"spider", b"slurp", b"preview", b"monitor", b"uptime"),
    *(b"curl", b"wget", b"python", b"java/", b"go-http", b"okhttp"),
)
AHEAD = frozenset({b"sec-purpose", b"purpose", b"x-moz"})


def about(
    response: Response, territory: str = "", found: Found | None = None, embed_id: str = ""
) -> None:
    """Say of which territory a page is, by its code, and which filters left nothing on it.

    embed_id: of a registered embed.
    """
    facets = facets_of(found.search) if found is not None and not found.total else ()
    response.headers[ABOUT] = f"{territory};{','.join(facets)};{embed_id}"


def one_territory(search: Search) -> str:
    """Return the code of the one territory in which a search looks, "" where it is not one."""
    if search.place and search.place.area:
        return search.place.area.territory_code or ""
    return search.territories[0] if len(search.territories) == 1 else ""


class Counting:
    """Middleware that counts views. counters: None where there is nowhere to count.

    Around HeadAsGet: who asks for the headers alone sees no page.
    """

    def __init__(self, app: ASGIApp, counters: Counters | None) -> None:
        self.app = app
        self.counters = counters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as what is below does, and count where that is a page and somebody sees it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_and_count(message: Message) -> None:
            if message["type"] == "http.response.start":
                page = type_of(scope.get("endpoint"))
                if page is not None:
                    said = _take(message)
                    if self.counters is not None and _is_seen(scope, message):
                        _count(self.counters, page, said)
            await send(message)

        await self.app(scope, receive, send_and_count)


def _count(counters: Counters, page: PageType, said: bytes) -> None:
    territory, facets, embed = (said or b";;").decode().split(";")
    counters.add(page, territory, facets.split(",") if facets else (), embed)


def _is_seen(scope: Scope, message: Message) -> bool:
    """Return whether an answer is a page that somebody sees."""
    return message["status"] in SEEN and scope["method"] == "GET" and _is_for_somebody(scope)


def _take(message: Message) -> bytes:
    """Return what a page says of itself, and take it off."""
    headers = message["headers"]
    for name, value in headers:
        if name == _ABOUT:
            message["headers"] = [pair for pair in headers if pair[0] != _ABOUT]
            said: bytes = value
            return said
    return b""


def _is_for_somebody(scope: Scope) -> bool:
    """Return whether a person may see the answer now: no program, and nothing loaded ahead."""
    is_named = False
    for name, value in scope["headers"]:
        if name == b"user-agent":
            lowered = value.lower()
            # A loop: of every page, and a generator takes three times as long.
            for word in PROGRAMS:
                if word in lowered:
                    return False
            is_named = bool(value)
        elif name in AHEAD and (b"prefetch" in value or b"prerender" in value):
            return False
    return is_named
