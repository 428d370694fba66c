"""Answers are compressed for those who take gzip, and only for them."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from app.platform.web.accept import taken

HEADER = b"accept-encoding"


class Compression(GZipMiddleware):
    """Starlette's compression, which would take "gzip;q=0" for a wish.

    Whatever is refused is taken off the header, so that nobody further in has to read weights.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer compressed or not."""
        if scope["type"] == "http":
            given = [value for name, value in scope["headers"] if name == HEADER]
            if len(given) > 1 or (given and b";" in given[0]):
                asked = ", ".join(taken(b",".join(given).decode("latin-1")))
                others = [each for each in scope["headers"] if each[0] != HEADER]
                # In place: what stands around it reads in this scope which route answered.
                scope["headers"] = [*others, (HEADER, asked.encode("latin-1"))]
        await super().__call__(scope, receive, send)
