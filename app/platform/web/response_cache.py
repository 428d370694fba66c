"""Cached answers: their bytes, plain and compressed, their headers and their entity tag."""

import gzip
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.platform.web.entity_tags import has, tag_of
from app.platform.web.version_cache import Version, VersionCache

RawHeaders = list[tuple[bytes, bytes]]

# From so many bytes on, as app.platform.web.compression does with what is not cached.
WORTH_PACKING = 1_000
LEVEL = 6
VARY = (b"vary", b"Accept-Encoding")
OF_CONTENT = frozenset({b"content-length", b"content-type"})
# A proxy may keep an answer for a second; nginx takes this header off.
IN_FRONT = (b"x-accel-expires", b"1")
# What the headers of an answer to one visitor alone may hold.
PERSONAL = {"vary": ("cookie", "authorization", "*"), "cache-control": ("private", "no-store")}


@dataclass(frozen=True)
class Body:
    """Bytes to send as they are. tag: of the content, whatever the encoding, hence weak.

    more: headers of the answer beside those of its content.
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
        """Return the headers of an answer to somebody who has these bytes.

        Without Cache-Control, so that app.platform.web.headers says no-store: see
        docs/decisions/answers-cached.md.
        """
        return [(b"etag", self.tag.encode()), VARY, *self.more]

    @cached_property
    def headers(self) -> RawHeaders:
        """Return the headers of an answer that carries the bytes."""
        headers = [
            (b"content-length", str(len(self.content)).encode()),
            (b"content-type", self.media_type.encode()),
            (b"etag", self.tag.encode()),
            *self.more,
        ]
        if self.encoding:
            headers += [(b"content-encoding", self.encoding.encode()), VARY]
        elif len(self.content) < WORTH_PACKING:
            headers.append(VARY)
        # The middleware adds it to what it could have compressed.
        return headers

    @cached_property
    def headers_in_front(self) -> RawHeaders:
        """Return the same for a proxy that may keep them; what somebody saves is no such thing."""
        is_file = any(name == b"content-disposition" for name, _ in self.more)
        return self.headers if is_file else [*self.headers, IN_FRONT]

    def answer(self, request: Request, *, in_front: bool = False) -> Response:
        """Return the bytes, or 304 to somebody who has them; in_front: a proxy may keep them."""
        if has(request.headers, self.tag):
            return _Ready(304, b"", self.unchanged)
        return _Ready(200, self.content, self.headers_in_front if in_front else self.headers)


class _Ready(Response):
    """A response whose headers were written before."""

    def __init__(self, status: int, body: bytes, headers: RawHeaders) -> None:
        self.status_code, self.body, self.background = status, body, None
        # A copy, since middleware adds its own.
        self.raw_headers = list(headers)


async def respond(
    cache: VersionCache,
    request: Request,
    key: Hashable,
    version: Version | None,
    make: Callable[[], Awaitable[Response]],
    turn: AbstractAsyncContextManager[None],
    *,
    in_front: bool = False,
) -> Response:
    """Answer from the cache, or with what make returns, which is cached if it may be.

    That is a whole answer with status 200 which does not say that it is for one visitor. turn: in
    which it is made. in_front: a proxy may keep it as well, for a second, if its version is known.
    """
    # What the client refuses is off this header: see app.platform.web.compression.
    packed = "gzip" in request.headers.get("accept-encoding", "")
    body: Body | None = cache.find((key, packed), version)
    if body is None:
        plain: Body | None = cache.find((key, False), version)
        if plain is None:
            async with turn:
                # Another request may have made it while this one waited.
                found: Body | Response = cache.find((key, False), version) or _plain(await make())
            if isinstance(found, Response):
                return found
            plain = found
            cache.store((key, False), version, plain, len(plain.content))
        body = plain
        if packed:
            body = await run_in_threadpool(plain.packed)
            cache.store((key, True), version, body, len(body.content))
    return body.answer(request, in_front=in_front and version is not None)


def _plain(made: Response) -> Body | Response:
    """Return the body of an answer, or the answer itself where it may not be cached."""
    if not _may_be_cached(made):
        return made
    more = [pair for pair in made.raw_headers if pair[0] not in OF_CONTENT]
    return Body.plain(bytes(made.body), made.headers["content-type"], more)


def _may_be_cached(made: Response) -> bool:
    # A streamed answer has no body yet.
    if made.status_code != 200 or not hasattr(made, "body"):
        return False
    if "content-type" not in made.headers or "set-cookie" in made.headers:
        return False
    for name, words in PERSONAL.items():
        said = made.headers.get(name, "").lower()
        if any(word in said for word in words):
            return False
    return True
