"""Asks an application for everything that it answers, in every way that its routes declare.

A route enters the walk by itself. One with a parameter for which `Values` has nothing, or that
takes a body, raises CannotWalk: say there what to send it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, cycle, islice
from math import comb
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit
from zlib import crc32

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext
from starlette.routing import Mount, Route

from app.platform.web.permissions import routes_of
from app.platform.web.static_files import Assets
from tests.attack.unpacking import unpack

METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ACCEPTS = (
    *("text/html", "application/json", "application/problem+json", "application/geo+json"),
    *("text/csv", "application/pdf", "application/xml", "text/plain", "*/*", ""),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    *("application/atom+xml", "application/x-research-info-systems"),
)
# Beside what the client asks for by itself, which is "identity".
ENCODINGS = ("gzip", "br")
LINKS = re.compile(r"""(?:href|src|action|data-[\w-]+)=["'](/[^"'#]+)|<loc>([^<]+)""")
# They differ from one answer to the next, and say nothing: a proxy is told to keep an answer only
# where its version was read in the last second, which a machine that does much else may miss.
PASSING = {"date", "x-accel-expires"}
WRITTEN_AT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
# Who the walk takes the service for.
HOST = "mesure23.example"
# How many pairs of two values are asked of a route, beside each value alone.
PAIRS = 30
# Of the searches that pages lead to, one in so many: each of them leads to dozens of others.
SHARE = 100
# Sheets and files take up to a hundred times as long as the pages of the same actors: of what is
# asked of a page, they are asked one in so many.
THIN = {"/fiche.pdf": 12, ".xlsx": 12, "/table.csv": 4, "/table.geojson": 4}
# Where pages of actors lead, one by one, and what says no more than the name of the page before.
FORMS = ("/signaler", "/signaler/merci")
# A file of all France takes seconds; by which method, and as what, it is asked is tried on less.
SMALL = "?territoire=974"


class CannotWalk(AssertionError):
    """A route of which the walk does not know what to ask it."""


# Names of the parameters of a path -> what to put for them, one tuple each time.
Paths = dict[tuple[str, ...], list[tuple[str, ...]]]
# A parameter of a query and its value.
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route: its path, and the names of what may be given to it."""

    path: str
    names: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    file: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """What to put for each parameter.

    Among the first `few` of the paths of a route, each value of a query is asked once, and many
    two of them; of the others, one value of `others` parameters, in turn (None: of all). Each goes
    with the next of the anchors, which say where: alone it would only ever be asked of all France.
    """

    paths: Paths
    query: Mapping[str, list[str]]
    few: int = 3
    others: int | None = None
    anchors: Sequence[tuple[Pair, ...]] = ((),)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, as it came over the line."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    @property
    def encoding(self) -> str:
        """Its Content-Encoding."""
        return dict(self.headers).get("content-encoding", "")

    @property
    def searched(self) -> bytes:
        """Its headers as text; the body is searched apart, since it may be packed."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers).encode()

    @property
    def digest(self) -> str:
        """What changes when anything of the answer does: its status, its headers, its body."""
        status, headers, body = self.status, self.headers, self.body
        if body.startswith(b"PK"):
            # Packed anew each time, and says when.
            body = WRITTEN_AT.sub(rb"\1", b"".join(unpack(body)))
            headers = tuple(each for each in headers if each[0] != "content-length")
        parts = (repr(headers).encode(), body)
        return " ".join([str(status), *(hashlib.sha256(each).hexdigest() for each in parts)])


Asked = tuple[str, str, tuple[tuple[str, str], ...]]


def endpoints(app: FastAPI) -> list[Endpoint]:
    """Return every route of an application, mounted files included."""
    routes = list(routes_of(app))
    readable = {str(route.path) for route in routes if "GET" in (route.methods or ())}
    return [found for route in routes for found in _endpoints(route, readable)]


def _endpoints(route: RouteContext, readable: set[str]) -> Iterator[Endpoint]:
    original = route.original_route
    path = route.path or ""
    if isinstance(original, APIRoute):
        dependants = [route.dependant]
        query: list[str] = []
        is_read = "GET" in (route.methods or ())
        for dependant in dependants:
            dependants += dependant.dependencies
            # A form is sent by tests of its own, whoever reads it.
            asks = (dependant.body_params if is_read else []) + dependant.header_params
            if asks or dependant.cookie_params:
                raise CannotWalk(f"{path}: body, header or cookie parameters")
            query += [parameter.alias for parameter in dependant.query_params]
        if not is_read:
            # Asked with the others where its path is read as well.
            if path not in readable:
                raise CannotWalk(f"{path}: {route.methods}")
            return
        yield Endpoint(path, tuple(route.param_convertors), tuple(query))
    elif isinstance(original, Route):
        yield Endpoint(path, tuple(route.param_convertors))
    elif isinstance(original, Mount) and isinstance(route.app, Assets):
        for file in sorted(route.app.root.rglob("*")):
            if file.is_file():
                name = file.relative_to(route.app.root).as_posix()
                yield Endpoint(f"{path}/{quote(name)}", file=True)
    else:
        raise CannotWalk(f"{route}: neither a route nor our static files")


def path_of(endpoint: Endpoint, given: tuple[str, ...]) -> str:
    """Return the path of a route with these values for its parameters."""
    path = endpoint.path
    for name, value in zip(endpoint.names, given, strict=True):
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    return path


def requests(app: FastAPI, values: Values) -> Iterator[Asked]:
    """Yield (method, address, headers) of everything there is to ask."""
    for endpoint in endpoints(app):
        chosen = values.paths.get(endpoint.names)
        if chosen is None:
            raise CannotWalk(f"{endpoint.path}: path parameters {endpoint.names}")
        for number, given in enumerate(chosen):
            path = path_of(endpoint, given)
            queries = _queries(endpoint, values, number)
            if one_in := thin(path):
                queries = islice(queries, number % one_in, None, one_in)
            for query in queries:
                yield "GET", path + (f"?{urlencode(query)}" if query else ""), ()
            if number == 0 and not endpoint.file:
                yield "GET", f"{path}/", ()
            if path.startswith("/table."):
                path += SMALL
            if number == 0 and not endpoint.file:
                yield from (("GET", path, (("accept-encoding", each),)) for each in ENCODINGS)
                yield from (("GET", path, (("accept", each),)) for each in ACCEPTS)
                yield from ((method, path, ()) for method in METHODS)
                yield "GET", path, (("range", "bytes=0-99"),)
                yield "GET", path, (("hx-request", "true"),)
    for path in ("/nulle/part", "/static/nulle-part.css", "/sitemap.xml", "/favicon.ico", "/docs"):
        yield from (("GET", path, (("accept", each),)) for each in ACCEPTS)


def thin(path: str) -> int | None:
    """Return how many are asked for each one that is asked of a page; None: it is a page itself."""
    return next((one_in for end, one_in in THIN.items() if path.endswith(end)), None)


def _queries(endpoint: Endpoint, values: Values, number: int) -> Iterator[list[Pair]]:
    yield []
    for name in endpoint.query:
        if name not in values.query:
            raise CannotWalk(f"{endpoint.path}: query parameter {name}")
    anchors = _anchors(endpoint, values)
    for pairs in _asked(endpoint, values, number):
        names = {name for name, _ in pairs}
        anchor = next(anchors)
        yield [pair for pair in anchor if pair[0] not in names] + pairs


def _asked(endpoint: Endpoint, values: Values, number: int) -> Iterator[list[Pair]]:
    names = endpoint.query
    if number >= values.few:
        for turn in range(min(len(names), values.others or len(names))):
            name = names[(number + turn) % len(names)]
            several = values.query[name]
            yield [(name, several[number % len(several)])]
        return
    pairs = [(name, value) for name in names for value in values.query[name]]
    # A route with several paths is asked each value of one of them, in turn.
    shares = min(values.few, len(values.paths[endpoint.names]))
    yield from ([pair] for pair in pairs[number::shares])
    if len(names) > 1:
        # Two filters, of the same name and of different ones.
        two = comb(len(pairs), 2)
        some = islice(combinations(pairs, 2), number, None, max(1, two // PAIRS))
        yield from map(list, some)


def _anchors(endpoint: Endpoint, values: Values) -> Iterator[tuple[Pair, ...]]:
    known = set(endpoint.query)
    usable = [each for each in values.anchors if known.issuperset(name for name, _ in each)]
    return cycle(usable or [()])


def ask(client: httpx.Client, asked: Asked) -> Answer:
    """Ask once, and follow nothing."""
    method, address, headers = asked
    with client.stream(method, address, headers=list(headers)) as answer:
        body = b"".join(answer.iter_raw())
    compared = tuple(
        sorted((name, value) for name, value in answer.headers.items() if name not in PASSING)
    )
    return Answer(answer.status_code, compared, body)


def walk(
    client: httpx.Client, app: FastAPI, values: Values, one_in: int = 1
) -> Iterator[tuple[Asked, Answer]]:
    """Yield everything asked with its answer, then what the answers lead to.

    Of the searches that they lead to, a share, always the same. one_in: of all that, how many are
    asked.
    """
    done: set[Asked] = set()
    found: list[Asked] = []

    def once(several: Iterable[Asked]) -> Iterator[tuple[Asked, Answer]]:
        for asked in several:
            if asked not in done and crc32(repr(asked).encode()) % one_in == 0:
                done.add(asked)
                answer = ask(client, asked)
                found.extend(_links(asked, answer))
                yield asked, answer

    yield from once(requests(app, values))
    while found:
        several, found[:] = list(found), []
        yield from once(several)


def _links(asked: Asked, answer: Answer) -> Iterator[Asked]:
    headers: dict[str, Any] = dict(answer.headers)
    links = [headers["location"]] if "location" in headers else []
    if not answer.encoding and (
        "html" in headers.get("content-type", "") or b"<loc>" in answer.body
    ):
        text = answer.body.decode("utf-8", "replace").replace("&amp;", "&")
        links += [href or loc for href, loc in LINKS.findall(text)]
    for link in dict.fromkeys(links):
        parts = urlsplit(urljoin(asked[1], link))
        if parts.netloc in ("", HOST) and parts.path.startswith("/"):
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            many = bool(parts.query) or thin(parts.path) or parts.path.endswith(FORMS)
            if not many or crc32(address.encode()) % SHARE == 0:
                yield "GET", address, ()
