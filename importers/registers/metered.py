"""A register's file of which no more is read than allowed: hostile, or not what it says to be."""

import codecs
import re
from decimal import InvalidOperation
from typing import Any

import ijson

from importers.registers.errors import DamagedRegister, RegisterTooLarge

# What the parser raises: half of a sign that is written as two is no text, and of a number with too
# great an exponent nothing is made.
BROKEN_JSON = (ijson.JSONError, UnicodeDecodeError, InvalidOperation)
# Of brackets: the parser's work grows by the square of the depth.
DEEPEST = 2_000
# Of an entry and what is read on: "{}," is three bytes, and some seventy in memory.
MOST_VALUES = 3_000_000
# Digits in a row; of so many, three stand in a sample of each so many bytes.
_ENDLESS, _DIGITS, _APART = re.compile(rb"[0-9]{2000}"), re.compile(rb"[0-9]{3}"), 500


class Metered:
    """A file of JSON. most: bytes of all of it; most_of_an_entry: of one entry and what is read on.

    Reading more raises RegisterTooLarge, or DamagedRegister for one entry, which nests no deeper
    than DEEPEST and holds no more than MOST_VALUES either.
    """

    def __init__(self, file: Any, filename: str, most: int, most_of_an_entry: int) -> None:
        self._file, self._filename = file, filename
        self._most, self._most_of_an_entry = most, most_of_an_entry
        self._total = self._begun = self._depth = self._values = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data: bytes = self._file.read(size)
        if not self._total:
            data = data.removeprefix(codecs.BOM_UTF8)
        self._total += len(data)
        # The parser falls over an integer that Python refuses. Samples first: they are quick.
        if _DIGITS.search(data[::_APART]) and _ENDLESS.search(data):
            raise DamagedRegister(filename=self._filename)
        if self._total > self._most:
            raise RegisterTooLarge(filename=self._filename, limit=self._most // 10**6)
        opened = data.count(b"[") + data.count(b"{")
        self._depth += opened - data.count(b"]") - data.count(b"}")
        self._values += opened + data.count(b",")
        if (
            self._total - self._begun > self._most_of_an_entry
            or self._depth > DEEPEST
            or self._values > MOST_VALUES
        ):
            raise DamagedRegister(filename=self._filename)
        return data

    def begin(self) -> None:
        """Count anew for the next entry."""
        self._begun, self._depth, self._values = self._total, 0, 0
