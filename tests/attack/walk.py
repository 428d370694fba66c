"""Asks an application for everything that it answers, in every way that its routes declare.

A route enters the walk by itself. One with a parameter for which `Values` has nothing, or that
takes a body, raises CannotWalk: say there what to send it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from app.permissions import routes_of
from app.static_files import Assets
from importers import vocabulary
from tests.attack.dataset import Dataset

METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
ACCEPTS = (
    *("text/html", "application/json", "application/problem+json", "application/geo+json"),
    *("text/csv", "application/pdf", "application/xml", "text/plain", "*/*", ""),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
ENCODINGS = ("gzip", "br", "identity")
LINKS = re.compile(r"""(?:href|src|action|data-[\w-]+)=["'](/[^"'#]+)|<loc>([^<]+)""")
# They differ from one answer to the next, and say nothing.
PASSING = {"date"}


class CannotWalk(AssertionError):
    """A route of which the walk does not know what to ask it."""


# Names of the parameters of a path -> what to put for them, one tuple each time.
Paths = dict[tuple[str, ...], list[tuple[str, ...]]]


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

    The first `few` of them are walked with every value of a query and many two of them, the others
    with one value of each parameter, in turn.
    """

    paths: Paths
    query: Mapping[str, list[str]]
    few: int = 3


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
        """What changes when anything of the answer does."""
        return hashlib.sha256(repr((self.status, self.headers)).encode() + self.body).hexdigest()


Asked = tuple[str, str, tuple[tuple[str, str], ...]]


def values_of(dataset: Dataset) -> Values:
    """Return what is asked of the service of today."""
    words = vocabulary.load()
    hidden = [place for place in dataset.places if place.hidden]
    some = hidden[:: max(1, len(hidden) // 6)]
    searched = [text for place in some for text in (place.word(0), place.street, place.phone)]
    searched += ["", "saint denis", "93", "93000", "%", "x" * 200, *(p.siret for p in some)]
    ids: list[tuple[str, ...]] = [*dataset.published.items()]
    ids += [(public_id, "acteur") for public_id in sorted(dataset.hidden_ids)]
    ids += [(bad, "acteur") for bad in ("x", "0" * 16, "%", "é", "0" * 500)]
    ids += [(ids[0][0], some[0].word(0))]
    few = ["93", "974", "69M"]
    codes = few + [code for code in dataset.territories if code not in few]
    codes += ["2a", "1", "999", "%", "x" * 300, some[0].word(0)]
    by_code: list[tuple[str, ...]] = [(code,) for code in codes]
    return Values(
        paths={(): [()], ("code",): by_code, ("public_id", "slug"): ids},
        query={
            "q": searched,
            "categorie": [*words.categories, "inconnue"],
            "fonction": [*words.functions, "inconnue"],
            "public": [*words.audiences, some[0].word(0)],
        },
    )


def endpoints(app: FastAPI) -> list[Endpoint]:
    """Return every route of an application, mounted files included."""
    return [found for route in routes_of(app) for found in _endpoints(route)]


def _endpoints(route: BaseRoute) -> Iterator[Endpoint]:
    if isinstance(route, APIRoute):
        dependants = [route.dependant]
        query: list[str] = []
        for dependant in dependants:
            dependants += dependant.dependencies
            if dependant.body_params or dependant.header_params or dependant.cookie_params:
                raise CannotWalk(f"{route.path}: body, header or cookie parameters")
            query += [parameter.alias for parameter in dependant.query_params]
        if "GET" not in (route.methods or ()):
            raise CannotWalk(f"{route.path}: {route.methods}")
        yield Endpoint(route.path, tuple(route.param_convertors), tuple(query))
    elif isinstance(route, Route):
        yield Endpoint(route.path, tuple(route.param_convertors))
    elif isinstance(route, Mount) and isinstance(route.app, Assets):
        for file in sorted(route.app.root.rglob("*")):
            if file.is_file():
                name = file.relative_to(route.app.root).as_posix()
                yield Endpoint(f"{route.path}/{quote(name)}", file=True)
    else:
        raise CannotWalk(f"{route}: neither a route nor our static files")


def requests(app: FastAPI, values: Values) -> Iterator[Asked]:
    """Yield (method, address, headers) of everything there is to ask."""
    for endpoint in endpoints(app):
        chosen = values.paths.get(endpoint.names)
        if chosen is None:
            raise CannotWalk(f"{endpoint.path}: path parameters {endpoint.names}")
        for number, given in enumerate(chosen):
            path = endpoint.path
            for name, value in zip(endpoint.names, given, strict=True):
                path = path.replace(f"{{{name}}}", quote(value, safe=""))
            for query in _queries(endpoint, values, number):
                yield "GET", path + (f"?{urlencode(query)}" if query else ""), ()
            if number == 0:
                yield from (("GET", path, (("accept-encoding", each),)) for each in ENCODINGS)
            if number == 0 and not endpoint.file:
                yield from (("GET", path, (("accept", each),)) for each in ACCEPTS)
                yield from ((method, path, ()) for method in METHODS)
                yield "GET", f"{path}/", ()
                yield "GET", path, (("range", "bytes=0-99"),)
    for path in ("/nulle/part", "/static/nulle-part.css", "/sitemap.xml", "/favicon.ico", "/docs"):
        yield from (("GET", path, (("accept", each),)) for each in ACCEPTS)


def _queries(endpoint: Endpoint, values: Values, number: int) -> Iterator[list[tuple[str, str]]]:
    yield []
    pairs = []
    for name in endpoint.query:
        if name not in values.query:
            raise CannotWalk(f"{endpoint.path}: query parameter {name}")
        several = values.query[name]
        pairs += [(name, value) for value in several]
        if number >= values.few:
            yield [(name, several[number % len(several)])]
    if number < values.few:
        yield from ([pair] for pair in pairs)
        if len(endpoint.query) > 1:
            # Two filters, of the same name and of different ones.
            two = list(combinations(pairs, 2))
            yield from map(list, two[:: max(1, len(two) // 100)])


def ask(client: httpx.Client, asked: Asked) -> Answer:
    """Ask once, and follow nothing."""
    method, address, headers = asked
    with client.stream(method, address, headers=list(headers)) as answer:
        body = b"".join(answer.iter_raw())
    kept = tuple(
        sorted((name, value) for name, value in answer.headers.items() if name not in PASSING)
    )
    return Answer(answer.status_code, kept, body)


def walk(client: httpx.Client, app: FastAPI, values: Values) -> Iterator[tuple[Asked, Answer]]:
    """Yield everything asked with its answer, then what the answers lead to."""
    done: set[Asked] = set()
    found: list[Asked] = []

    def once(several: Iterable[Asked]) -> Iterator[tuple[Asked, Answer]]:
        for asked in several:
            if asked not in done:
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
    for link in links:
        parts = urlsplit(urljoin(asked[1], link))
        if not parts.netloc and parts.path.startswith("/"):
            yield "GET", parts.path + (f"?{parts.query}" if parts.query else ""), ()
