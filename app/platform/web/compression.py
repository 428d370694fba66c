"""Answers are compressed for those who take gzip, and only for them."""

from functools import lru_cache

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from app.platform.web.accept import taken

HEADER = b"accept-encoding"
# Those that we write; "*" stands for the one that everybody reads.
WRITTEN = {"br": "br", "gzip": "gzip", "x-gzip": "gzip", "*": "gzip"}
# Bytes of a header whose reading is remembered.
REMEMBERED = 200


class Compression(GZipMiddleware):
    """Starlette's compression, which would take "gzip;q=0" or "notgzip" for a wish.

    The header is written anew, so that nobody further in has to read weights or names.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer compressed or not."""
        if scope["type"] == "http":
            given = [value for name, value in scope["headers"] if name == HEADER]
            if given and given != [asked := _taken(b",".join(given))]:
                others = [each for each in scope["headers"] if each[0] != HEADER]
                # In place: what stands around it reads in this scope which route answered.
                scope["headers"] = [*others, (HEADER, asked)]
        await super().__call__(scope, receive, send)


def _taken(header: bytes) -> bytes:
    # No browser says more; whoever does fills no memory.
    return (_asked if len(header) <= REMEMBERED else _asked.__wrapped__)(header)


@lru_cache(maxsize=100)
def _asked(header: bytes) -> bytes:
    """Return what a header takes of the encodings that we write."""
    names = (WRITTEN.get(name) for name in taken(header.decode("latin-1")))
    return ", ".join(dict.fromkeys(filter(None, names))).encode()
