"""How the servers of registers are asked: how fast, how often, and by which client."""

import random
from collections.abc import Callable
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from geo.calling import USER_AGENT

# Seconds between two requests: five a second.
GAP = 1 / 5
ATTEMPTS = 5
# Seconds. A server that asks for a longer pause is asked by a later command.
LONGEST_PAUSE = 300.0
LONGEST_BACK_OFF = 60.0


def polite_client(transport: httpx.BaseTransport | None, **headers: str) -> httpx.Client:
    """Return a client that says who we are, waits for nobody without end and takes no cookie."""
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(30.0, connect=10.0),
        headers={"User-Agent": USER_AGENT, **headers},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


def pause_before_next(attempt: int, asked: float) -> float:
    """Return the seconds after a failed attempt, counted from 1; asked: by the server, at least."""
    # Half of the delay is random, so that several instances do not retry together.
    back_off = min(2.0**attempt, LONGEST_BACK_OFF) * random.uniform(0.5, 1)  # noqa: S311
    return max(asked, back_off)


class Pace:
    """Lets a request go when its turn comes. clock: aware; sleep: takes seconds."""

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._clock, self._sleep = clock, sleep
        self._next = 0.0

    def wait(self) -> None:
        """Wait for the turn, never longer than one gap: a clock may be set back meanwhile."""
        now = self._clock().timestamp()
        wait = min(self._next - now, GAP)
        if wait > 0:
            self._sleep(wait)
        self._next = now + max(wait, 0.0) + GAP
