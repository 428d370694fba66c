"""How much of the processor some work takes, whatever else its process holds and does."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Hold what is done within to so much of the processor's time, in this thread alone.

    What a thousand tests left is not searched for garbage meanwhile: one round of that takes
    longer than most of what is measured.
    """
    gc.freeze()
    begun = thread_time()
    try:
        yield
    finally:
        spent = thread_time() - begun
        gc.unfreeze()
    assert spent < seconds
