"""A file that is made whole before its first byte is sent, so that it is never a part of one.

Made in memory and, where it is large, in a file without a name that is gone when it is closed.
Who reads slowly holds neither a connection to the database nor a thread.
"""

import asyncio
import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from threading import BoundedSemaphore
from typing import IO, cast

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import RETRY, Mesure23Error
from app.platform.waiting import at_most

# How many a process makes at once: a third would only slow the two others and all pages.
MAKING = BoundedSemaphore(2)
# How many are being made or sent at once: a file of all of France is 50 MB.
FILES = BoundedSemaphore(8)
# How long the slowest reader may take, in seconds.
SENDING = 300.0
IN_MEMORY = 2**20
# From 128 kB on, pieces are compressed outside of the event loop.
CHUNK = 2**18

log = structlog.get_logger(__name__)


class DownloadsBusy(Mesure23Error):
    """Trop de fichiers sont préparés en ce moment : celui-ci n’a pas pu l’être."""

    status = 503
    title = "Téléchargement à recommencer"
    advice = RETRY


class Download(Response):
    """Sends what `write` writes into a file; write returns the name of the file.

    most: seconds to wait for its two places, of those that the request has left. Raises
    DownloadsBusy where too many others are being made, whatever write raises otherwise.
    """

    def __init__(self, write: Callable[[IO[bytes]], str], media_type: str, most: float) -> None:
        with _slot(FILES, most) as hand_on:
            # In Python 3.11 it is a whole binary file, which its type does not say.
            file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
            try:
                with _slot(MAKING, most):
                    name = write(file)
                size = file.seek(0, os.SEEK_END)
                file.seek(0)
            except BaseException:
                file.close()
                raise
            hand_on()
        # Called once the file is sent, or sending fails, or nobody asks for it.
        self._end = weakref.finalize(self, _give_back, file)
        self._file = file
        self.status_code, self.background, self.body = 200, None, b""
        self.media_type = media_type
        self.init_headers(
            {
                "Content-Length": str(size),
                "Content-Disposition": f'attachment; filename="{name}"',
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it in pieces, and cut a reader who takes too long."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            async with asyncio.timeout(SENDING):
                await send(start)
                while chunk := await run_in_threadpool(self._file.read, CHUNK):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            # The answer stays without its end, so the server closes the connection.
            log.warning("download cut", seconds=SENDING)
        finally:
            self._end()


def _give_back(file: IO[bytes]) -> None:
    file.close()
    FILES.release()


@contextmanager
def _slot(slots: BoundedSemaphore, most: float) -> Iterator[Callable[[], None]]:
    """Hold a slot; calling what is yielded leaves it held at the end of the block."""
    with at_most(most) as seconds:
        if not slots.acquire(timeout=seconds):
            raise DownloadsBusy
    handed_on = []
    try:
        yield lambda: handed_on.append(True)
    finally:
        if not handed_on:
            slots.release()
