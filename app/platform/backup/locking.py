"""One command at a time works on backups."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from app.platform.backup.errors import AlreadyBackingUp


@contextmanager
def only_one(path: Path) -> Iterator[int]:
    """Hold the lock of a file for the block, and yield what holds it; raise AlreadyBackingUp.

    It ends with the process, and with programs that were given what holds it.
    """
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            flock(handle, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise AlreadyBackingUp from None
        yield handle
    finally:
        os.close(handle)
