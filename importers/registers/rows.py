"""Entries of a register of tables, one by one: an array of JSON, or a CSV with a header."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import ijson

from importers.registers.csv_rows import MOST_OF_A_RECORD, csv_rows
from importers.registers.errors import (
    DamagedRegister,
    EmptyRegister,
    OtherRegister,
    RegisterTooLarge,
    TruncatedFile,
)
from importers.registers.metered import BROKEN_JSON, Metered

MOST_BYTES, MOST_BYTES_OF_AN_ENTRY = 2_000_000_000, 32_000_000
_HEAD = 4_096
# Of one row: each is copied once more for every one behind it.
_MOST_PIECES = 10
_CUT = ("end of data", "empty file", "premature EOF")
# The first list of an object is that of its entries.
_LISTED = re.compile(rb'"([A-Za-z_-]{1,40})"\s*:\s*\[')
_SEPARATORS = ";,\t|"


class Broken(dict[str, Any]):
    """A row of more or fewer cells than there are titles: each may stand under that of another."""


def entries(
    file: BinaryIO, filename: str, register: str, most: int = MOST_BYTES
) -> Iterator[Mapping[str, Any]]:
    """Yield what a file that can seek holds, packed by gzip or not; no more than one is in memory.

    An entry of JSON that is no object is an empty one. A subclass of RegisterError, in any of
    which nothing of the file is said, where it is not whole, too large or of another form.
    """
    file = _unpacked(file, filename)
    try:
        start = file.read(_HEAD).removeprefix(codecs.BOM_UTF8).lstrip()
        file.seek(0)
        if not start:
            raise EmptyRegister(filename=filename)
        if start[:1] in (b"{", b"["):
            yield from _of_json(file, filename, start, register, most)
        else:
            yield from _of_csv(file, filename, register, most)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise TruncatedFile(filename=filename) from None


def _unpacked(file: BinaryIO, filename: str) -> BinaryIO:
    start = file.read(2)
    file.seek(0)
    if not start:
        raise EmptyRegister(filename=filename)
    return io.BufferedReader(gzip.GzipFile(fileobj=file)) if start == b"\x1f\x8b" else file


def _of_json(
    file: BinaryIO, filename: str, start: bytes, register: str, most: int
) -> Iterator[Mapping[str, Any]]:
    listed = _LISTED.search(start) if start.startswith(b"{") else None
    if not listed and not start.startswith(b"["):
        raise OtherRegister(filename=filename, register=register)
    metered = Metered(file, filename, most, MOST_BYTES_OF_AN_ENTRY)
    try:
        for entry in ijson.items(metered, f"{listed[1].decode()}.item" if listed else "item"):
            metered.begin()
            yield entry if isinstance(entry, Mapping) else {}
    except BROKEN_JSON as error:
        # What the parser says of the place holds pieces of the file.
        cut = any(each in str(error) for each in _CUT)
        raise (TruncatedFile if cut else DamagedRegister)(filename=filename) from None


def _of_csv(file: BinaryIO, filename: str, register: str, most: int) -> Iterator[Mapping[str, Any]]:
    encoding = _encoding(file, filename, most)
    text = io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    try:
        first = text.readline(MOST_OF_A_RECORD)
        separator = max(_SEPARATORS, key=first.count)
        text.seek(0)
        rows = csv_rows(text, separator, filename)
        titles = next(rows, [])
        if len(titles) < 2:
            raise OtherRegister(filename=filename, register=register)
        keys = _apart(titles)
        row: list[str] = []
        for row, is_whole in _joined(rows, len(titles)):
            if is_whole:
                yield dict(zip(keys, row, strict=True))
            else:
                yield Broken(zip((*keys, *map(str, range(len(row)))), row, strict=False))
        # What is cut in its last line has lost cells.
        if row and len(row) < len(titles):
            raise TruncatedFile(filename=filename)
    except csv.Error:
        raise DamagedRegister(filename=filename) from None
    finally:
        # The file is the caller's to close.
        text.detach()


def _joined(rows: Iterator[list[str]], width: int) -> Iterator[tuple[list[str], bool]]:
    """Yield the rows, and whether each is whole; as one, which is not, what may be pieces of one.

    A line break in a cell parts a home into pieces, of which none alone says what it is and where.
    """
    pieces: list[str] = []
    count = 0
    for row in filter(any, rows):
        fits = len(row) < width and len(pieces) + len(row) - 1 <= width
        if pieces and fits and count < _MOST_PIECES:
            pieces = [*pieces[:-1], f"{pieces[-1]} {row[0]}", *row[1:]]
            count += 1
            continue
        if pieces:
            yield pieces, False
        pieces, count = row if len(row) < width else [], 1
        if not pieces:
            yield row, len(row) == width
    if pieces:
        yield pieces, False


def _apart(titles: list[str]) -> list[str]:
    """Return titles of which no two are one, each with the same words as before."""
    times: Counter[str] = Counter()
    found = []
    for title in titles:
        found.append(title + " " * times[title])
        times[title] += 1
    return found


def _encoding(file: BinaryIO, filename: str, most: int) -> str:
    """Return how the bytes are text, and go back to the first."""
    decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
    total, found = 0, "utf-8-sig"
    while piece := file.read(1 << 20):
        total += len(piece)
        if total > most:
            raise RegisterTooLarge(filename=filename, limit=most // 10**6)
        if b"\0" in piece:
            raise DamagedRegister(filename=filename)
        try:
            decoder.decode(piece)
        except UnicodeDecodeError:
            found = "cp1252"
            decoder = codecs.getincrementaldecoder("cp1252")(errors="replace")
    file.seek(0)
    return found
