"""Answers that are the same for everybody, kept in memory as long as their territory's version."""

import gzip
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.platform.web.entity_tags import has, tag_of
from app.platform.web.versions import Versions

Value = TypeVar("Value")
RawHeaders = list[tuple[bytes, bytes]]
# Of a territory, with a moment where that counts as well.
Version = UUID | tuple[UUID, int]

LIMIT = 64 * 2**20
# What an entry costs beside its bytes: its key, its headers, its place.
OVERHEAD = 2_000
# As the middleware compresses what is not kept.
WORTH_PACKING = 1_000
LEVEL = 6
VARY = (b"vary", b"Accept-Encoding")
OF_CONTENT = frozenset({b"content-length", b"content-type"})


@dataclass(frozen=True)
class Body:
    """Bytes to send as they are. tag: of the content, whatever the encoding, hence weak.

    more: headers that the answer had beside those that tell of its content.
    """

    content: bytes
    media_type: str
    tag: str
    encoding: str | None = None
    more: RawHeaders = field(default_factory=list)

    @classmethod
    def plain(cls, content: bytes, media_type: str, more: RawHeaders | None = None) -> "Body":
        """Return a body that is not compressed."""
        return cls(content, media_type, tag_of(content), more=more or [])

    def packed(self) -> "Body":
        """Return the same, compressed where that is worth it."""
        if len(self.content) < WORTH_PACKING:
            return self
        content = gzip.compress(self.content, LEVEL, mtime=0)
        return replace(self, content=content, encoding="gzip")

    @cached_property
    def unchanged(self) -> RawHeaders:
        """Headers of an answer to somebody who has these bytes.

        Without Cache-Control, so that app.platform.web.headers says no-store: see
        docs/decisions/answers-cached.md.
        """
        return [(b"etag", self.tag.encode()), VARY, *self.more]

    @cached_property
    def headers(self) -> RawHeaders:
        """Headers of an answer that carries the bytes."""
        told = [
            (b"content-length", str(len(self.content)).encode()),
            (b"content-type", self.media_type.encode()),
            (b"etag", self.tag.encode()),
            *self.more,
        ]
        if self.encoding:
            told += [(b"content-encoding", self.encoding.encode()), VARY]
        elif len(self.content) < WORTH_PACKING:
            told.append(VARY)
        # GZipMiddleware says so itself of what it could have packed.
        return told

    def answer(self, request: Request) -> Response:
        """Return the bytes, or 304 to somebody who has them."""
        if has(request.headers, self.tag):
            return _Ready(304, b"", self.unchanged)
        return _Ready(200, self.content, self.headers)


class _Ready(Response):
    """A response whose headers were written before."""

    def __init__(self, status: int, body: bytes, headers: RawHeaders) -> None:
        self.status_code, self.body, self.background = status, body, None
        # A copy, since middleware adds its own.
        self.raw_headers = list(headers)


class Answers:
    """Keeps what was made for a territory until its version changes, LIMIT bytes at most.

    Only what depends on nothing else may be kept: not on who asks, nor on the hour unless it is
    said by `moment`. The version is asked for before `make` is called, and `make` opens its own
    session: one that had read before would still show what was before, under a version that is
    newer than it.
    """

    def __init__(self, versions: Versions, limit: int = LIMIT) -> None:
        self._versions, self._limit = versions, limit
        self._lock = Lock()
        self._size = 0
        # Key -> version, value, size; the one asked for last is the last one.
        self._entries: OrderedDict[Hashable, tuple[Version, Any, int]] = OrderedDict()
        self._being_made: dict[Hashable, Future[Any]] = {}

    def value(
        self,
        key: Hashable,
        territory: str,
        make: Callable[[], Value],
        size: Callable[[Value], int],
    ) -> Value:
        """Return what make returns, or returned under the present version; size: in bytes.

        key says which value of all that are kept, territory included. One who asks makes it, and
        the others wait for what it returns or raises.
        """
        version = self._versions.of(territory)
        found: Value | None = self._find(key, version)
        if found is not None:
            return found
        if version is None:
            return make()
        with self._lock:
            awaited: Future[Value] | None = self._being_made.get((key, version))
            mine: Future[Value] = Future()
            if awaited is None:
                self._being_made[key, version] = mine
        if awaited is not None:
            return awaited.result()
        try:
            found = make()
            self._keep(key, version, found, size(found))
            mine.set_result(found)
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._being_made[key, version]
        return found

    async def respond(
        self,
        request: Request,
        key: Hashable,
        territory: str,
        make: Callable[[], Awaitable[Response]],
        moment: int = 0,
    ) -> Response:
        """Answer with what is kept, or with what make returns, which is kept where it is a 200.

        moment: what the answer depends on beside the version, as the minute; one is kept at a time.
        """
        known = self._versions.of(territory)
        version = None if known is None else (known, moment)
        # As GZipMiddleware reads it, which leaves alone what is already packed.
        packed = "gzip" in request.headers.get("accept-encoding", "")
        body: Body | None = self._find((key, packed), version)
        if body is None:
            plain: Body | None = self._find((key, False), version)
            if plain is None:
                made = await make()
                if made.status_code != 200:
                    return made
                more = [pair for pair in made.raw_headers if pair[0] not in OF_CONTENT]
                plain = Body.plain(bytes(made.body), made.headers["content-type"], more)
                self._keep((key, False), version, plain, len(plain.content))
            body = plain
            if packed:
                body = await run_in_threadpool(plain.packed)
                self._keep((key, True), version, body, len(body.content))
        return body.answer(request)

    def _find(self, key: Hashable, version: Version | None) -> Any:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or version is None:
                return None
            if entry[0] != version:
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def _keep(self, key: Hashable, version: Version | None, value: object, size: int) -> None:
        size += OVERHEAD
        # One that would push out a quarter of the others is not worth it.
        if version is None or size > self._limit // 4:
            return
        with self._lock:
            self._drop(key)
            self._entries[key] = (version, value, size)
            self._size += size
            while self._size > self._limit:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._size -= entry[2]
