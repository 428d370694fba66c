"""Routes whose answers are cached, because they say that these are the same for everybody.

Nothing of a request reaches such a route but what the key of its answers holds: the path, the
parameters that change its answer, and the few headers that it names. There is no cookie in it, no
session and no address of a visitor, so that no answer can depend on them.
"""

from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping
from operator import itemgetter
from typing import Any, ClassVar, get_args, get_origin
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from fastapi.security.base import SecurityBase
from starlette.types import Message

from app.platform.web.permissions import goes_to_any_origin, is_the_same_for_everybody, routes_of
from app.platform.web.response_cache import respond
from app.platform.web.site import Site
from app.platform.web.turns import Turn

# Of parameters, each once, and in one order however they were asked for.
Pairs = tuple[tuple[str, str], ...]
Handle = Callable[[Request], Awaitable[Response]]
# What a scope says of the connection and of the route, and of nobody.
SCOPE = (
    *("type", "asgi", "http_version", "method", "scheme", "server", "path", "raw_path"),
    *("root_path", "app_root_path", "app", "router", "route", "endpoint", "path_params"),
)
SEQUENCES = (list, tuple, set, frozenset)
NAME = itemgetter(0)
# Parameters of a query that is looked for in memory.
MOST = 100


class NotTheSameForEverybody(Exception):
    """A route says that its answer is the same for everybody, and yet reads who asks."""


class CachedRoute(APIRoute):
    """A route whose answers are cached if its endpoint is declared the same for everybody.

    in_front: parameters of an answer that a proxy may keep for a second, and which tell of nobody;
    None for no answer at all. names_itself: its answers hold the address of the service, as it was
    asked for where the settings say none. flags: headers of which only counts whether they are
    there. ordered: parameters with several values whose order shows.
    """

    in_front: ClassVar[frozenset[str] | None] = None
    names_itself: ClassVar[bool] = False
    flags: ClassVar[tuple[str, ...]] = ()
    ordered: ClassVar[tuple[str, ...]] = ()

    def stands_for(
        self, site: Site, path: Mapping[str, str], query: Mapping[str, str]
    ) -> tuple[str, int | None] | None:
        """Return the territory whose version an answer stands under, and a moment if it has one.

        None for what is not cached. query: the last value of each parameter, none of them empty.
        """
        raise NotImplementedError

    def changes(self, name: str, value: str, query: Mapping[str, str]) -> bool:
        """Say whether a parameter may change an answer: one that does not is in no key.

        Nor does the route get it, so that what it refuses must change its answer. query: as above.
        """
        return True

    async def make(self, site: Site, request: Request, handle: Handle) -> Response:
        """Return an answer that is not cached yet; request: without anything of who asks."""
        return await handle(request)

    def handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what makes an answer: FastAPI, which reads what the endpoint declares."""
        return super().get_route_handler()

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: from the cache, else as any other route."""
        make_now = self.handler()

        async def handle(request: Request) -> Response:
            """Answer in turn what is made for one."""
            async with request.app.state.site.turns.take(Turn.ALONE):
                return await make_now(request)

        if not is_the_same_for_everybody(self.endpoint):
            return handle
        known = dict(_parameters(self.dependant))

        async def answer(request: Request) -> Response:
            site: Site = request.app.state.site
            given = _known(request.scope["query_string"], known, self.ordered)
            if given is None:
                return await handle(request)
            last = dict(given)
            under = self.stands_for(site, request.path_params, last)
            if under is None:
                return await handle(request)
            query = tuple(pair for pair in given if self.changes(*pair, last))
            headers = self._headers(site, request)
            key = (request.scope["path"], query, headers)

            async def make() -> Response:
                return await self.make(site, _of_nobody(request, query, headers), make_now)

            version, turn = site.cache.version(*under), site.turns.take(Turn.CACHED)
            in_front = self._is_in_front(request, headers)
            return await respond(site.cache, request, key, version, make, turn, in_front=in_front)

        return answer

    def _is_in_front(self, request: Request, headers: Pairs) -> bool:
        """Say whether a proxy may keep the answer: it names it by all of the query, as written."""
        # It does not know the other headers that an answer depends on.
        if self.in_front is None or any(name in self.flags for name, _ in headers):
            return False
        query = request.scope["query_string"]
        return not query or self.in_front.issuperset(
            name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        )

    def _headers(self, site: Site, request: Request) -> Pairs:
        found = [(name, "true") for name in self.flags if name in request.headers]
        if self.names_itself and not site.settings.public_url:
            found += [
                ("host", request.headers.get("host", "")),
                (":scheme", request.scope["scheme"]),
            ]
        return tuple(found)


def check_same_for_everybody(app: FastAPI) -> None:
    """Raise NotTheSameForEverybody for a route that reads a cookie, a header, a body or a login.

    Of those that are declared the same for everybody, or open to pages of any origin.
    """
    for route in routes_of(app):
        shared = is_the_same_for_everybody(route.endpoint) or goes_to_any_origin(route.endpoint)
        if shared and isinstance(route.original_route, APIRoute):
            reads = sorted(set(_of_who_asks(route.dependant)))
            if reads:
                raise NotTheSameForEverybody(f"{route.path}: {', '.join(reads)}")


def _of_who_asks(dependant: Dependant) -> Iterator[str]:
    fields = get_flat_params(dependant)
    yield from (each.alias for each in fields if isinstance(each.field_info, params.Cookie))
    yield from (each.alias for each in fields if isinstance(each.field_info, params.Header))
    dependants = [dependant]
    for each in dependants:
        dependants += each.dependencies
        yield from (body.alias for body in each.body_params)
        if isinstance(each.call, SecurityBase):
            yield type(each.call).__name__


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield the parameters that a route reads of a query, and whether each takes several values."""
    for field in get_flat_params(dependant):
        if isinstance(field.field_info, params.Query):
            yield field.alias, _takes_several(field.field_info.annotation)


def _takes_several(annotation: Any) -> bool:
    if (get_origin(annotation) or annotation) in SEQUENCES:
        return True
    return any(map(_takes_several, get_args(annotation)))


def _known(query: bytes, known: Mapping[str, bool], ordered: Collection[str]) -> Pairs | None:
    """Return what a route reads of a query, however it is written; an empty value says nothing.

    None where there is more in it than anybody would write.
    """
    if not query:
        return ()
    if query.count(b"&") >= MOST:
        return None
    single: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    in_order: list[tuple[str, str]] = []
    for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
        several = known.get(name)
        if several:
            (in_order if name in ordered else found).append((name, value))
        elif several is not None:
            # As FastAPI does: the last one counts.
            single[name] = value
    pairs = [*sorted({*found, *single.items()}), *sorted(dict.fromkeys(in_order), key=NAME)]
    return tuple(pair for pair in pairs if pair[1])


def _of_nobody(request: Request, query: Pairs, headers: Pairs) -> Request:
    """Return a request that says what the key of its answer does, and nothing else."""
    given = request.scope
    scope = {name: given[name] for name in given if name in SCOPE or name.startswith("fastapi")}
    scope["query_string"] = urlencode(query).encode()
    scope["headers"] = [
        (name.encode(), value.encode("latin-1")) for name, value in headers if name[0] != ":"
    ]
    return Request(scope, _nothing)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
