"""A process that ends with the one that started it, however that one ends."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """Send TERM to this process once its standard input, which the parent holds, is closed."""
    threading.Thread(target=_wait_and_end, name="parent", daemon=True).start()


def _wait_and_end() -> None:
    while os.read(sys.stdin.fileno(), 1_024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
