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
        self.begin()

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MOST_OF_A_RECORD):
            self._left -= len(line)
            if self._left <= 0:
                raise DamagedRegister(filename=self._filename)
            yield line

    def begin(self) -> None:
        """Count anew for the next record."""
        self._left = MOST_OF_A_RECORD


def csv_rows(text: io.TextIOWrapper, separator: str, filename: str) -> Iterator[list[str]]:
    """Yield the rows of a text; raises csv.Error, or DamagedRegister where a record is too long."""
    feed = _Feed(text, filename)
    for row in csv.reader(feed, delimiter=separator):
        feed.begin()
        yield row
