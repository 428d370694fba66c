"""A register's file of which no more is read than allowed: hostile, or not what it says to be."""

from typing import Any

from importers.registers.errors import DamagedRegister, RegisterTooLarge

# Of brackets: the parser's work grows by the square of the depth.
DEEPEST = 2_000


class Metered:
    """A file of JSON. most: bytes of all of it; most_of_an_entry: of one entry and what is read on.

    Reading more raises RegisterTooLarge, or DamagedRegister for one entry, which nests no deeper
    than DEEPEST either.
    """

    def __init__(self, file: Any, filename: str, most: int, most_of_an_entry: int) -> None:
        self._file, self._filename = file, filename
        self._most, self._most_of_an_entry = most, most_of_an_entry
        self._total = self._begun = self._depth = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data: bytes = self._file.read(size)
        self._total += len(data)
        if self._total > self._most:
            raise RegisterTooLarge(filename=self._filename, limit=self._most // 10**6)
        self._depth += data.count(b"[") + data.count(b"{") - data.count(b"]") - data.count(b"}")
        if self._total - self._begun > self._most_of_an_entry or self._depth > DEEPEST:
            raise DamagedRegister(filename=self._filename)
        return data

    def begin(self) -> None:
        """Count anew for the next entry."""
        self._begun, self._depth = self._total, 0
