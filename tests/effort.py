"""How much of the processor some work takes, whatever else its process does."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Hold what is done within to so much of the processor's time, in this thread alone."""
    begun = thread_time()
    yield
    assert thread_time() - begun < seconds
