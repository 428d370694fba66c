"""A file of lines apart from the database, only ever added to: it survives a crash and a backup."""

import errno
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

# The line of a file that was begun beside a complete database, which it names: one that was lost
# comes back by the next line that is added to it, and knows nothing of those before.
BEGUN = "begun"
# The line by which a file said that it had all that there was until a moment.
WHOLE = "whole"
SIGNED_EACH = timedelta(hours=12)


def append(path: Path, lines: Iterable[object]) -> None:
    """Add values as lines of JSON, on the disk once this returns; raise OSError.

    Its folder is not made: of a disk that is not mounted, it would be one of the system's.
    """
    text = "".join(json.dumps(each) + "\n" for each in lines)
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


def mark_begun(path: Path, database: str) -> None:
    """Have a file say that it lacks nothing of a database, which is complete. Raises OSError."""
    if not is_begun(path, database):
        append(path, ({BEGUN: database},))


def mark_ended(path: Path, database: str) -> None:
    """Have a file say that no longer: lines of it were lost. Raises OSError."""
    if is_begun(path, database):
        rewrite(path, lambda found: [each for each in found if each != {BEGUN: database}])


def is_begun(path: Path, database: str) -> bool:
    """Say whether a file was begun beside a database while that was complete; as is_there.

    Another one may have been begun in the same place before this one was restored to it.
    """
    try:
        return bool(database) and {BEGUN: database} in read(path)
    except OSError:
        return False


def sign(path: Path, now: datetime) -> None:
    """Have a file say that it has all that there is now, unless it did of late. Raises OSError.

    What was said by a clock that was ahead is taken back by the next one.
    """
    last = signed_at(path)
    if last is None or not timedelta() <= now - last < SIGNED_EACH:
        append(path, ({WHOLE: now.isoformat(timespec="seconds")},))


def signed_at(path: Path) -> datetime | None:
    """Return until when a file said last that it had all; None: it never did. Raises OSError."""
    said = [each[WHOLE] for each in read(path) if isinstance(each, dict) and WHOLE in each]
    return datetime.fromisoformat(said[-1]) if said else None


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


def rewrite(path: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """Write all lines anew while nobody adds one; a crash leaves the old file or the new one.

    Raises OSError, or what change does, and then nothing is written.
    """
    with _held(path):
        text = "".join(json.dumps(each) + "\n" for each in change([*read(path)]))
        fresh = path.with_name(path.name + ".new")
        with open(fresh, "wb", opener=_private) as file:
            _give(file, path)
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
            opened = os.fstat(file.fileno())
            # Written anew by another process while this one waited: its lines would be lost.
            if os.path.samestat(opened, path.stat()):
                if not opened.st_size:
                    _give(file, path.parent)
                yield file
                return


def _give(file: Any, owner: Path) -> None:
    """Let what root writes for a service belong to that service's account."""
    if os.geteuid() == 0:
        former = owner.stat()
        os.fchown(file.fileno(), former.st_uid, former.st_gid)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | (os.O_TRUNC if not flags & os.O_APPEND else 0), 0o600)
