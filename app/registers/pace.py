"""How fast the servers of registers are asked."""

from collections.abc import Callable
from datetime import datetime

# Seconds between two requests: five a second.
GAP = 1 / 5


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
