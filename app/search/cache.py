"""What is kept: pages for a minute, GeoJSON of territories, and of what kinds actors are."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.platform.database.sessions import read
from app.platform.web.site import Site
from app.platform.web.versions import FRANCE
from app.search.counts import Kind, kinds
from app.search.criteria import Opening, Search
from app.search.parameters import read_whole
from app.search.queries import Pairs

# What depends on the hour, or on the actors of other territories: whether any of them has a word.
NEVER_KEPT = frozenset({"ouvert", "q"})
# What was typed, and what somebody keeps away from: it stays in no memory.
NEVER_KEPT_PAGES = frozenset({"q", "ou", "eloigner", "loin"})
# Fields of a search that change of what kinds it is made; filters are applied to kinds.
SELECTING = ("among", "place", "text", "without", "far", "situation")
# A tuple, its texts and numbers, most of them shared.
BYTES_OF_A_KIND = 300


class KeptRoute(APIRoute):
    """A route of a territory, whose answers are kept as long as its version stands.

    Its endpoint takes a site, the code of a territory and a reader of searches. Nothing of a
    request is read before but its address: to read and check the parameters of a search takes
    longer than to send 100 kB.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: from memory, else as any other route."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            if not NEVER_KEPT.isdisjoint(request.query_params):
                return await handle(request)
            site: Site = request.app.state.site
            code = request.path_params["code"]
            query = request.scope["query_string"]
            key = (self.path, code, query)

            async def make() -> Response:
                if query:
                    return await handle(request)
                # Most ask for all of a territory: FastAPI would look for each parameter in vain.
                made: Response = await run_in_threadpool(self.endpoint, site, code, read_whole)
                return made

            return await site.answers.respond(request, key, code, make)

        return answer


class KeptPage(APIRoute):
    """A route of pages that are the same for everybody during a minute, and kept as long.

    Cards say who is open, by the minute. Pages name actors of several territories, so that the
    version of France tells what changed.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: from memory, else as any other route."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            # A commune is asked for by many; a position, which has a comma, may be of one.
            place = request.query_params.get("lieu", "")
            if "," in place or not NEVER_KEPT_PAGES.isdisjoint(request.query_params):
                return await handle(request)
            site: Site = request.app.state.site
            scope = request.scope
            # Embeds name the service as it was asked for; an answer to htmx has a header more.
            asked = (scope["scheme"], request.headers.get("host"), "hx-request" in request.headers)
            key = (scope["path"], scope["query_string"], *asked)
            minute = int(site.now().timestamp() // 60)
            return await site.answers.respond(request, key, FRANCE, lambda: handle(request), minute)

        return answer


def kinds_kept_by(site: Site) -> Callable[[Session, Search, Pairs], tuple[Kind, ...]]:
    """Return what reads the kinds of a selection, from memory for a whole territory or France."""

    def read_kinds(session: Session, search: Search, open_pairs: Pairs) -> tuple[Kind, ...]:
        whole = Search(territory=search.territory)
        if any(getattr(search, name) != getattr(whole, name) for name in SELECTING) or (
            search.opening is Opening.NOW
        ):
            return kinds(session, search, open_pairs)

        def make() -> tuple[Kind, ...]:
            # A session of its own: what this one sees may be older than the version.
            with read(site.databases.public) as own:
                return kinds(own, whole)

        territory = search.territory or FRANCE
        return site.answers.value(("kinds", search.territory), territory, make, _size)

    return read_kinds


def _size(found: tuple[Kind, ...]) -> int:
    return BYTES_OF_A_KIND * len(found)
