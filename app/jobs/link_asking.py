"""Asks whether an address of the web is alive: politely, and no machine of our own network.

Nothing of an address or an answer is logged or raised: it returns what was found.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import httpx

from app.cataloguing.links import Heard, Verdict
from app.registers.pace import polite_client
from app.registers.patience import Patience
from app.registers.redirects import LedInside, Public, is_public
from geo.calling import NO_ANSWER

REDIRECTS = 5
# Seconds: between two requests to one host, and for one answer.
GAP, LONGEST = 2.0, 10.0
# The page is there, for others than us.
_OURS_ALONE = frozenset({401, 403, 407, 451})
_GONE = frozenset({404, 410})


@dataclass(slots=True)
class Asker:
    """Asks one address after the other; use within `with asker.client`."""

    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    client: httpx.Client = field(init=False)
    _patience: Patience = field(init=False)
    _asked: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = polite_client(self.transport, Accept="*/*")
        self._patience = Patience(Public().connected)

    def ask(self, url: str) -> Heard:
        """Return whether an address is alive."""
        try:
            found = self._last("HEAD", httpx.URL(url))
            # Some servers answer no HEAD, or another thing than what its page would.
            if found.status and found.status >= 400 and found.status not in _OURS_ALONE:
                found = self._last("GET", httpx.URL(url))
        except (*NO_ANSWER, LedInside, ValueError):
            return Heard("unsure")
        return found

    def _last(self, method: str, url: httpx.URL) -> Heard:
        """Follow an address to where it ends, each step a public one."""
        for _ in range(REDIRECTS + 1):
            if not is_public(url):
                break
            with closing(self._answer(method, url)) as response:
                status = response.status_code
                if not response.has_redirect_location:
                    return Heard(_verdict(status), status)
                url = url.join(response.headers["location"])
        # Led inside, or round and round.
        return Heard("unsure")

    def _answer(self, method: str, url: httpx.URL) -> httpx.Response:
        self._wait(url.host)
        # One byte where it is a large file: its body is never read.
        headers = {"Range": "bytes=0-0"} if method == "GET" else {}
        more = self._patience.extensions(url)
        request = self.client.build_request(method, url, headers=headers, extensions=more)
        with self._patience.within(LONGEST):
            return self.client.send(request, stream=True)

    def _wait(self, host: str) -> None:
        """Wait until this host was left alone for a moment."""
        now = self.clock()
        wait = min(self._asked.get(host, now - GAP) + GAP - now, GAP)
        if wait > 0:
            self.sleep(wait)
        self._asked[host] = now + max(wait, 0.0)


def _verdict(status: int) -> Verdict:
    if status in _GONE:
        return "dead"
    return "alive" if status < 400 or status in _OURS_ALONE or status == 416 else "unsure"
