"""Facet keys as numbers: what many actors have of each facet is counted and compared at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from app.search.facets import FACETS

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

# A key begins with whether its actors have a point, and has a part for each facet.
PARTS = 1 + len(FACETS)
# How many keys are remembered: 100,000 actors have 9,000.
MOST = 40_000


class _Parts:
    """Every part that occurs in a key, numbered as they come: there are few, in thousands."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lock = Lock()

    def number(self, text: str) -> int:
        with self._lock:
            if (number := self._numbers.get(text)) is None:
                number = self._numbers[text] = len(self.texts)
                self.texts.append(text)
            return number


class _Keys(dict[str, bytes]):
    """The numbers of the parts of each key, as numpy reads them."""

    def __missing__(self, key: str) -> bytes:
        if len(self) >= MOST:
            self.clear()
        numbers = [_PARTS.number(part) for part in key.split("|")]
        found = self[key] = np.array(numbers, np.int32).tobytes()
        return found


_PARTS = _Parts()
_KEYS = _Keys()


def columns(keys: Iterable[str]) -> Sequence[Numbers]:
    """Return what keys say of having a point, then of each facet: a number for each key.

    Thousands of keys are read one after the other, and all the rest is done by column.
    """
    read = np.frombuffer(b"".join(map(_KEYS.__getitem__, keys)), np.int32)
    # Each column in one piece.
    return tuple(np.ascontiguousarray(read.reshape(-1, PARTS).T, np.int64))


def tally(column: Numbers, actors: Numbers) -> Iterator[tuple[str, int]]:
    """Yield each text of a column with how many actors have it; actors: how many have each key."""
    several = np.bincount(column, actors)
    for number in np.flatnonzero(several).tolist():
        yield _PARTS.texts[number], int(several[number])


def passing(column: Numbers, passes: Callable[[str], bool]) -> Mask:
    """Say of each key whether its text in a column passes a filter."""
    occurs = np.bincount(column)
    found = np.zeros(len(occurs), bool)
    for number in np.flatnonzero(occurs).tolist():
        found[number] = passes(_PARTS.texts[number])
    return found[column]
