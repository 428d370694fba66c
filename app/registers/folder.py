"""The folder of a register: its file, a part of the next one, and how its last downloads went.

A register tells where homes are too: the folder is 0700, each of its files 0600.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Notes:
    """What is remembered between downloads.

    address: digest of the one that all of it is about. whole, partial: validators of the two files,
    None for a file that nothing is known of. failures: in a row. alone_until: seconds since 1970
    until which the server is not asked.
    """

    address: str = ""
    whole: str | None = None
    partial: str | None = None
    failures: int = 0
    alone_until: float = 0.0


class Folder:
    """Files of one register below the data directory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "register"
        self.partial = path / "register.partial"
        self._notes = path / "notes.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Make the folder and hold it for one download; BlockingIOError while another does."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)
        handle = private(self.path / "lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        finally:
            os.close(handle)

    def notes(self, address: str) -> Notes:
        """Return what is remembered of an address: nothing where the last one was another."""
        try:
            found = Notes(**json.loads(self._notes.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            found = Notes()
        return found if found.address == address else Notes(address=address)

    def note(self, notes: Notes) -> None:
        """Remember, whole or not at all."""
        written = self._notes.with_suffix(".new")
        with opened(written, "wb") as file:
            file.write(json.dumps(asdict(notes)).encode())
        written.replace(self._notes)

    def size_of(self, path: Path) -> int:
        """Return how many bytes one of the files has here."""
        try:
            return path.lstat().st_size
        except FileNotFoundError:
            return 0

    def put_in_place(self) -> None:
        """Make the partial file, complete now, the file of the register."""
        self.partial.replace(self.file)

    def drop_partial(self) -> None:
        """Remove what came of the next file."""
        self.partial.unlink(missing_ok=True)

    def drop_file(self) -> None:
        """Remove the whole file; a part of the next one stays, and how the downloads went."""
        self.file.unlink(missing_ok=True)


def private(path: Path, flags: int) -> int:
    """Open a file that only its owner reads, whatever the umask; never by way of a link."""
    handle = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    os.fchmod(handle, 0o600)
    return handle


def opened(path: Path, mode: str) -> IO[bytes]:
    """Open such a file of bytes."""
    return open(path, mode, opener=lambda name, flags: private(Path(name), flags))
