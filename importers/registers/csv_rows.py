"""Rows of a register's CSV, of which no record fills the memory."""

import csv
import io
from collections.abc import Iterator

from importers.registers.errors import DamagedRegister

# Of a record, in letters: a quote that is left open, or a line without an end, takes in all else.
MOST_OF_A_RECORD = 1_000_000


class _Feed:
    """Lines for csv.reader, which asks for the next ones while a quote is open."""

    def __init__(self, text: io.TextIOWrapper, filename: str) -> None:
        self._text, self._filename = text, filename
        # Of the record, and those behind the first line of one that was none, the last one first.
        self._read: list[str] = []
        self._again: list[str] = []
        self.begin()

    def __iter__(self) -> Iterator[str]:
        while line := self._again.pop() if self._again else self._text.readline(MOST_OF_A_RECORD):
            self._left -= len(line)
            if self._left <= 0:
                raise DamagedRegister(filename=self._filename)
            self._read.append(line)
            yield line

    def begin(self) -> None:
        """Count anew for the next record."""
        self._left = MOST_OF_A_RECORD
        self._read.clear()

    def first(self) -> str:
        """Return the first line of the record, and give the others once more."""
        line, *others = self._read
        self._again += reversed(others)
        self.begin()
        return line


def csv_rows(text: io.TextIOWrapper, separator: str, filename: str) -> Iterator[list[str]]:
    """Yield the rows of a text; raises csv.Error, or DamagedRegister where a record is too long.

    A line whose quotes are not those of cells is a row by itself: an open one would take the rows
    behind it into its cell, and with the name of one actor show the address of the next.
    """
    feed = _Feed(text, filename)
    while True:
        try:
            for row in csv.reader(feed, delimiter=separator, strict=True):
                feed.begin()
                yield row
            return
        except csv.Error:
            yield _loose(feed.first(), separator)


def _loose(line: str, separator: str) -> list[str]:
    """Return the cells of a line whose quotes are not those of cells, as `"Les Pins" MECS`."""
    if line.count('"') % 2:
        return [_bare(cell) for cell in line.rstrip("\r\n").split(separator)]
    return next(csv.reader([line], delimiter=separator), [])


def _bare(cell: str) -> str:
    """Return a cell without its quotes, or without the one that is left open."""
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell.removeprefix('"')
