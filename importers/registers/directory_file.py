"""The files of the directory of the administration: their entries, one after the other.

Nothing is unpacked to disk, and no more is held in memory than a service at a time.
"""

import re
import tarfile
import zlib
from bz2 import BZ2File
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import GzipFile
from itertools import chain
from typing import Any, BinaryIO, NamedTuple, cast

import ijson

from importers.registers.catalogue import registers
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.registers.metered import BROKEN_JSON, Metered

# Of JSON; all of the directory are some hundreds of megabytes.
MOST_BYTES = 2_000_000_000
# A text that never ends would fill the memory, whatever the file may have.
MOST_BYTES_OF_A_SERVICE = 32_000_000
# Among so many entries one has the keys of every entry of a file.
_FIRST = 100
_HEAD = 4_096
# Between two files of an archive stand headers, which tarfile reads whole.
MOST_BYTES_OF_HEADERS = 100_000
_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"BZ": BZ2File,
    b"\x1f\x8b": lambda file: GzipFile(fileobj=file),
}
# How many entries the API has, of which it gives a page at a time.
_OF_ALL = re.compile(rb'"total_count"\s*:\s*([0-9]{1,9})\b')
_LISTED = re.compile(rb'"(service|results)"\s*:\s*\[')


class Form(NamedTuple):
    """A file of the directory. register: its code; member: how its name ends in an archive.

    keys: some that each of its entries has.
    """

    register: str
    member: str
    keys: tuple[str, ...]


SERVICES = Form("annuaire", "data.gouv_local.json", ("pivot", "id"))
_UNREADABLE = (*BROKEN_JSON, EOFError, OSError, zlib.error)
_CUT = ("end of data", "empty file", "premature EOF")


class _Headers:
    """The bytes of an archive, of which no header may be longer than allowed."""

    def __init__(self, file: Any, filename: str) -> None:
        self._file, self._filename = file, filename
        self._left = MOST_BYTES_OF_HEADERS

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; DamagedRegister where more are read than pass allows."""
        data: bytes = self._file.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise DamagedRegister(filename=self._filename)
        return data

    def pass_on(self, size: int) -> None:
        """Allow so many bytes of a file, and the next headers."""
        self._left = size + MOST_BYTES_OF_HEADERS


class Entries:
    """Entries of a JSON, of which no more is read than allowed. name: of file or member."""

    def __init__(self, file: Any, name: str, filename: str, most: int, form: Form) -> None:
        self.name, self._form = name, form
        self._file = Metered(file, filename, most, MOST_BYTES_OF_A_SERVICE)
        self._filename = filename
        self._head = self._ahead = self._file.read(_HEAD)

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as ijson asks: what was looked at first, then the rest."""
        if self._ahead and size:
            ahead, self._ahead = self._ahead, b""
            return ahead
        return self._file.read(size)

    def __iter__(self) -> Iterator[Any]:
        """Yield the entries of a list, bare or under the one key that holds it."""
        first: list[Any] = []
        entries = self._entries()
        for entry in entries:
            first.append(entry)
            if isinstance(entry, dict) and all(key in entry for key in self._form.keys):
                yield from chain(first, entries)
                return
            if len(first) == _FIRST:
                break
        raise (
            _other(self._filename, self._form) if first else EmptyRegister(filename=self._filename)
        )

    def _entries(self) -> Iterator[Any]:
        start = self._head.lstrip()
        if not start:
            raise EmptyRegister(filename=self._filename)
        listed = _LISTED.search(start) if start.startswith(b"{") else None
        if not listed and not start.startswith(b"["):
            raise _other(self._filename, self._form)
        count = 0
        for entry in ijson.items(self, f"{listed[1].decode()}.item" if listed else "item"):
            self._file.begin()
            count += 1
            yield entry
        of_all = _OF_ALL.search(start, 0, listed.start()) if listed else None
        if of_all and count < int(of_all[1]):
            raise TruncatedFile(filename=self._filename)


@contextmanager
def opened(file: BinaryIO, filename: str, most: int, form: Form = SERVICES) -> Iterator[Entries]:
    """Yield the entries of a file that can seek: JSON, or an archive of it.

    most: bytes of JSON. A subclass of RegisterError where it is no such file, or is not whole.
    """
    with _sentences(filename):
        start = file.read(3)
        file.seek(0)
        if not start:
            raise EmptyRegister(filename=filename)
        packed = _PACKED.get(start[:2])
        if packed is None:
            yield Entries(file, filename, filename, most, form)
            return
        # The tarfile module would unpack all that a small file stands for at once, in memory.
        plain = packed(file)
        if plain.read(_HEAD).lstrip()[:1] in (b"{", b"["):
            plain.seek(0)
            yield Entries(plain, filename, filename, most, form)
            return
        plain.seek(0)
        headers = _Headers(plain, filename)
        with tarfile.open(fileobj=cast("Any", headers), mode="r|") as archive:
            passed = 0
            for member in archive:
                headers.pass_on(max(0, member.size))
                passed += member.size
                if passed > most:
                    raise RegisterTooLarge(filename=filename, limit=most // 10**6)
                if member.name.endswith(form.member) and (found := archive.extractfile(member)):
                    yield Entries(found, member.name, filename, most, form)
                    return
        raise _other(filename, form)


@contextmanager
def _sentences(filename: str) -> Iterator[None]:
    """Turn what readers of archives and of JSON say, bytes of the file included, into sentences."""
    try:
        yield
    except RecursionError:
        # Headers of headers.
        raise DamagedRegister(filename=filename) from None
    except (tarfile.TarError, *_UNREADABLE) as error:
        cut = isinstance(error, EOFError) or any(words in str(error) for words in _CUT)
        raise (TruncatedFile if cut else DamagedRegister)(filename=filename) from None


def _other(filename: str, form: Form) -> OtherRegister:
    return OtherRegister(filename=filename, register=registers()[form.register].title)
