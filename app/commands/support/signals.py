"""TERM unwinds a command as Ctrl-C does, so that a cluster that it started is stopped in order."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# As shells say that Ctrl-C ended a command, and as typer does.
EXIT_INTERRUPTED = 128 + signal.SIGINT


class Terminated(SystemExit):
    """A command was asked to end before it was done: 128 + 15, as shells say it."""


def unwind_on_term() -> None:
    """From now on TERM raises Terminated in the main thread."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated(128 + signal.SIGTERM)


@contextmanager
def until_signalled() -> Iterator[None]:
    """Take TERM and Ctrl-C as the normal end of the block, once all within it has unwound."""
    try:
        yield
    except (KeyboardInterrupt, Terminated):
        return
