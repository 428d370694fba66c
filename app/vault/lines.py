"""A file of lines apart from the database, only ever added to: it survives a crash and a backup."""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def append(path: Path, lines: Iterable[object]) -> None:
    """Add values as lines of JSON, on the disk once this returns; raise OSError."""
    text = "".join(json.dumps(each) + "\n" for each in lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _held(path) as file:
        # A line of its own, also behind one that was cut off.
        added = f"\n{text}".encode()
        if file.write(added) < len(added):
            # The rest had no room, and a line that is cut off says nothing.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(file.fileno())


def is_there(path: Path) -> bool:
    """Say whether there is a file; where this account may not look, nothing says so."""
    try:
        return path.exists()
    except OSError:
        return False


def read(path: Path) -> Iterator[Any]:
    """Yield what the lines say; one that was cut off says nothing. Raises OSError."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue


def move(path: Path, onto: Path) -> None:
    """Bring the lines of a file to the end of another one, and remove it, while nobody adds to it.

    Raises OSError; what was moved by then is moved once.
    """
    with _held(path):
        there = [*read(onto)]
        append(onto, [each for each in read(path) if each not in there])
        path.unlink()


def rewrite(path: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """Write all lines anew while nobody adds one; a crash leaves the old file or the new one.

    Raises OSError, or what change does, and then nothing is written.
    """
    with _held(path):
        text = "".join(json.dumps(each) + "\n" for each in change([*read(path)]))
        fresh = path.with_name(path.name + ".new")
        former = path.stat()
        with open(fresh, "wb", opener=_private) as file:
            # Root may rotate keys for a service that is not root.
            if os.geteuid() == 0:
                os.fchown(file.fileno(), former.st_uid, former.st_gid)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


@contextmanager
def _held(path: Path) -> Iterator[Any]:
    """Open a file to add to, which nobody else adds to or replaces meanwhile."""
    while True:
        # Unbuffered: what did not fit on the disk is not tried again as the file closes.
        with open(path, "ab", buffering=0, opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Moved, or written anew, by another process while this one waited: its lines would be
            # lost.
            if is_there(path) and os.path.samestat(os.fstat(file.fileno()), path.stat()):
                yield file
                return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | (os.O_TRUNC if not flags & os.O_APPEND else 0), 0o600)
