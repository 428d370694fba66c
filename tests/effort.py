"""How much of the processor some work takes, whatever else its process does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Hold what is done within to so much of the processor's time, in this thread alone.

    No garbage is looked for meanwhile: a round over all that a worker's tests have made takes
    seconds, in the thread in which it happens to be due.
    """
    gc.disable()
    begun = thread_time()
    try:
        yield
        spent = thread_time() - begun
    finally:
        gc.enable()
    assert spent < seconds
