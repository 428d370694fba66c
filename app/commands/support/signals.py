"""TERM unwinds a command as Ctrl-C does, so that a cluster that it started is stopped in order."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# As shells say that Ctrl-C ended a command, and as typer does.
EXIT_INTERRUPTED = 128 + signal.SIGINT
# Python has left the finalizer by then, and nobody has noticed a delay.
AGAIN_SECONDS = 0.05


class Terminated(SystemExit):
    """A command was asked to end before it was done: 128 + 15, as shells say it."""


def unwind_on_signals() -> None:
    """From now on TERM raises Terminated in the main thread, and neither it nor Ctrl-C is lost."""
    signal.signal(signal.SIGTERM, _leave)
    sys.unraisablehook = _raise_again


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated(128 + signal.SIGTERM)


def _raise_again(ignored: "sys.UnraisableHookArgs") -> None:
    """Send a signal once more that arrived in a finalizer, where Python drops what is raised.

    Without it a command that waits for another one would wait on, whoever asked it to end.
    """
    if isinstance(ignored.exc_value, KeyboardInterrupt):
        number = signal.SIGINT
    elif isinstance(ignored.exc_value, Terminated):
        number = signal.SIGTERM
    else:
        sys.__unraisablehook__(ignored)
        return
    # From another thread: raised here, it would be dropped as well.
    again = threading.Timer(AGAIN_SECONDS, os.kill, (os.getpid(), number))
    again.daemon = True
    again.start()


@contextmanager
def until_signalled() -> Iterator[None]:
    """Take TERM and Ctrl-C as the normal end of the block, once all within it has unwound."""
    try:
        yield
    except (KeyboardInterrupt, Terminated):
        return
