"""How long one request waits in all: for its turn, for a place where a file is made, for a
connection. Each had a bound of its own, so that who waited for all of them waited four times it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

# Seconds that the request may wait still, the one thing in a list: its threads share it.
_LEFT: ContextVar[list[float] | None] = ContextVar("left", default=None)


def allow_waiting(most: float) -> None:
    """Let the request that begins wait for so many seconds in all."""
    _LEFT.set([most])


@contextmanager
def at_most(most: float) -> Iterator[float]:
    """Yield for how many seconds one thing is waited for, which the block does, and count them.

    most: where that is less, or no request waits, as in a command.
    """
    left = _LEFT.get()
    if left is None:
        yield most
        return
    begun = monotonic()
    try:
        yield max(0.0, min(most, left[0]))
    finally:
        left[0] -= monotonic() - begun
