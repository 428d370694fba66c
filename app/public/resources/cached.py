"""What is cached of resources: pages, and what every resource has of each filter."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.platform.web.cached_route import CachedRoute
from app.platform.web.site import Site
from app.platform.web.versions import FRANCE, RESOURCES, version_seen
from app.resources.fields import FILTERS
from app.resources.index import Index, read_index
from app.resources.parameters import read_at_once
from app.visibility import PUBLIC
from geo.zones import paris_day


class CachedList(CachedRoute):
    """A route that changes with what is public of resources; what a visitor wrote is not cached."""

    in_front = frozenset({*FILTERS, "tri", "page"})
    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int] | None:
        """Return resources and the day, unless there are words in it."""
        return None if "q" in query else (RESOURCES, paris_day(site.now()).toordinal())


class CachedSelection(CachedList):
    """The same of an endpoint that takes a site, a request and the query of its address.

    Its parameters are declared as those of any route, for whoever asks which there are.
    """

    def handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what makes an answer, all parameters read at once."""

        async def handle(request: Request) -> Response:
            query = read_at_once(request.query_params)
            made: Response = await run_in_threadpool(
                self.endpoint, request.app.state.site, request, query
            )
            return made

        return handle


class CachedResource(CachedRoute):
    """A route of one resource, which names actors as well: it changes with what is public of both.

    The version of France is raised with that of resources.
    """

    names_itself = True

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int] | None:
        """Return France and the day, by which a citation says when it was read.

        Beside whom to call, who is open is said by the minute. What was typed, and a position,
        may be of one reader: neither is cached.
        """
        if "ou" in query or "," in query.get("lieu", ""):
            return None
        if "lieu" in query:
            return FRANCE, int(site.now().timestamp() // 60)
        return FRANCE, paris_day(site.now()).toordinal()


def index_cached_by(site: Site) -> Callable[[Session], Index]:
    """Return what reads the index of what visitors may see, from memory while it is as it was."""

    def read(session: Session) -> Index:
        # As this session sees it, which may be older than the present one.
        version = version_seen(session, RESOURCES)
        key = ("index of resources",)
        return site.cache.value_under(
            key, version, lambda: read_index(session, PUBLIC), lambda index: index.size
        )

    return read
