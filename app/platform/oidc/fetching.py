"""One exchange with an identity provider: bounded in bytes, in time and in number, led nowhere."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from threading import BoundedSemaphore, local
from typing import Any, NamedTuple, TypeVar

import httpx

from app.platform.oidc.errors import ProviderSilent

# Bytes of one answer; a key set has some thousands.
MOST = 100_000
# Exchanges of one process at once: fewer than the desk has turns, so that a provider that is slow
# leaves turns for everybody else. Seconds of a whole one, names and connections included.
AT_ONCE, PATIENCE = 2, 8.0
# Seconds that somebody waits for one of these.
IN_LINE = 0.5
Answered = TypeVar("Answered")


class Answer(NamedTuple):
    """What a provider answered. media: without its parameters."""

    status: int
    media: str
    body: bytes


class Exchanges:
    """Asks one provider, by threads of its own, whom nobody waits for without end."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        timeout = httpx.Timeout(4.0, connect=3.0)
        # Whom the provider names is asked, and nobody else; some sign-ins an hour keep none open.
        self._client = httpx.Client(
            transport=transport,
            timeout=timeout,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="oidc")
        self._free = BoundedSemaphore(AT_ONCE)
        self._turn = local()

    def do(self, work: Callable[[], Answered]) -> Answered:
        """Return what some requests led to; raise ProviderSilent where they take too long."""
        if not self._free.acquire(timeout=IN_LINE):
            raise ProviderSilent
        try:
            begun = self._threads.submit(self._bounded, work)
        except RuntimeError:
            # The process is ending.
            self._free.release()
            raise ProviderSilent from None
        begun.add_done_callback(self._done)
        try:
            return begun.result(PATIENCE)
        except TooLate:
            raise ProviderSilent from None

    def _bounded(self, work: Callable[[], Answered]) -> Answered:
        # Whoever waits leaves after so long; so does the thread, or the next one finds none free.
        self._turn.ends = time.monotonic() + PATIENCE
        return work()

    def _done(self, _: "Future[Any]") -> None:
        self._free.release()

    def ask(self, method: str, url: str, **content: Any) -> Answer:
        """Ask once; raise ProviderSilent, which says nothing of what was sent."""
        try:
            with self._client.stream(method, url, **content) as response:
                body = b""
                for piece in response.iter_bytes():
                    body += piece
                    # One that drips says something each time before the client has waited enough.
                    if len(body) > MOST or time.monotonic() > self._turn.ends:
                        raise ProviderSilent
                media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                return Answer(response.status_code, media, body)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ProviderSilent from None
        finally:
            # A provider knows a browser by its cookies, and this is none.
            self._client.cookies.clear()
