"""What every resource has of each filter, as one number per value: a bit for each resource.

A page counts all its filters from these, without another statement. A process remembers it under
the version of resources.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.gazetteer.territories import read_names
from app.models import IssuingBody
from app.resources.criteria import TERRITORY, YEAR, Order, Query
from app.resources.fields import FILTERS
from app.resources.forms import Form, Reach
from app.visibility import Viewer
from geo.zones import paris_day

BODY = "organisme"
# Nothing is older: from here to a year is all before it.
FIRST_YEAR = 1800
# How codes of territories overseas begin: what is said of the mainland is not said of them.
OVERSEAS = ("97", "98")
ORDERED_BY = ("public_id", "year", "published_on", "published_at", "review_on", "reach")
# What a mask costs beside its bits, in bytes.
OVERHEAD = 100
# Places of resources: each array is of those that are as good as each other, the best first.
Placed = Sequence[NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pass. by_value: filter -> value -> how many would, with it and the other filters."""

    total: int
    by_value: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """ids: public ones, newest first, whose places are the bits. masks: filter -> value -> bits.

    by_review: places, by the day on which each is to be read again. reaches: reach -> bits.
    names: filter -> value -> what it is called, where no list of ours says it.
    """

    ids: tuple[str, ...]
    masks: Mapping[str, Mapping[str, int]]
    reaches: Mapping[str, int]
    by_review: tuple[int, ...]
    names: Mapping[str, Mapping[str, str]]
    places: Mapping[str, int]

    @property
    def everything(self) -> int:
        """Return the bits of all resources."""
        return (1 << len(self.ids)) - 1

    @property
    def size(self) -> int:
        """Return how many bytes it takes, roughly."""
        masks = sum(len(by_value) for by_value in self.masks.values())
        return (len(self.ids) // 8 + OVERHEAD) * masks + len(self.ids) * 3 * OVERHEAD

    def placed(self, ranked: Iterable[Sequence[str]]) -> Placed:
        """Return the places of some resources; ranked: public ids of equals, the best first.

        Those that it does not know are left out.
        """
        unknown = len(self.ids)
        found = (map(self.places.get, equals, repeat(unknown)) for equals in ranked)
        places = [np.fromiter(equals, np.intp) for equals in found]
        return [equals[equals < unknown] for equals in places]

    def bits(self, placed: Placed) -> int:
        """Return the bits of some resources."""
        having = np.zeros(len(self.ids), np.bool_)
        for equals in placed:
            having[equals] = True
        return int.from_bytes(np.packbits(having, bitorder="little").tobytes(), "little")

    def passing(self, query: Query, base: int) -> int:
        """Return the bits of those of base that pass every filter of a query."""
        for mask in self._asked(query).values():
            base &= mask
        return base

    def count(self, query: Query, base: int) -> Counts:
        """Return how many of base pass, and how many would with each value of each filter."""
        asked = self._asked(query)
        counts = {}
        for name, by_value in self.masks.items():
            rest = base
            for other, mask in asked.items():
                if other != name:
                    rest &= mask
            if widened := self._national(query, name):
                by_value = {value: mask | widened.get(value, 0) for value, mask in by_value.items()}
            counts[name] = {value: (mask & rest).bit_count() for value, mask in by_value.items()}
        return Counts(self.passing(query, base).bit_count(), counts)

    def select(self, query: Query, base: int, ordered: Iterable[int] | None) -> Iterator[str]:
        """Yield the ids of those of base that pass, in order.

        ordered: the places of those that have its words, the best first; None where it has none.
        """
        order: Iterable[int] = range(len(self.ids))
        if query.sorted_by is Order.REVIEW:
            order = self.by_review
        elif query.sorted_by is Order.RELEVANCE and ordered is not None:
            order = ordered
        bits = self.passing(query, base).to_bytes(len(self.ids) // 8 + 1, "little")
        return (self.ids[place] for place in order if bits[place >> 3] >> (place & 7) & 1)

    def label(self, name: str, value: str) -> str:
        """Return what a value of a filter is called."""
        if name == YEAR:
            first, _, last = value.partition("-")
            before = last and int(first) <= FIRST_YEAR
            return f"Avant {int(last) + 1}" if before else value.replace("-", " à ")
        return self.labels(name).get(value, value)

    def labels(self, name: str) -> Mapping[str, str]:
        """Return what values of a filter are called, of those that are called otherwise."""
        known = FILTERS[name].choices
        return self.names.get(name, {}) if known is None else known

    def _asked(self, query: Query) -> dict[str, int]:
        """Return the bits that each filter lets pass of which something is asked."""
        return {name: self._any(query, name, values) for name, values in query.chosen}

    def _any(self, query: Query, name: str, values: tuple[str, ...]) -> int:
        known = self.masks[name]
        widened = self._national(query, name)
        found = 0
        if name == YEAR:
            values = tuple(year for value in values for year in years_of(value))
        for value in values:
            found |= known.get(value, 0) | widened.get(value, 0)
        return found

    def _national(self, query: Query, name: str) -> Mapping[str, int]:
        """Return what passes beside what names a territory, by its code, where that is asked."""
        if name != TERRITORY or not query.nationwide:
            return {}
        national = self.reaches.get(Reach.NATIONAL, 0)
        mainland = national | self.reaches.get(Reach.MAINLAND, 0)
        return {
            code: national if code.startswith(OVERSEAS) else mainland
            for code in self.names[TERRITORY]
        }


def in_order(placed: Placed) -> Iterator[int]:
    """Yield the places, the best first, and of equals the newest."""
    for equals in placed:
        yield from np.sort(equals).tolist()


def years_of(value: str) -> Iterator[str]:
    """Yield the years of a value of that filter: one, or all from one to another."""
    first, _, last = value.partition("-")
    return map(str, range(int(first), int(last or first) + 1))


def read_index(session: Session, viewer: Viewer) -> Index:
    """Read what a viewer may see, once: it stands as long as nothing of it changes."""
    seen = viewer.resources().c
    filtered = (column for offered in FILTERS.values() for column in offered.columns)
    columns = tuple({*ORDERED_BY, *filtered})
    found = session.execute(select(*(seen[name] for name in columns)))
    # Asked for by their columns a hundred thousand times: dictionaries say it soonest.
    rows = [dict(zip(columns, row, strict=True)) for row in found]
    rows.sort(key=lambda row: row["public_id"])
    rows.sort(key=_said_on, reverse=True)
    bodies = select(IssuingBody.code, IssuingBody.name)
    names = {
        TERRITORY: read_names(session),
        BODY: {row.code: row.name for row in session.execute(bodies)},
    }
    masks: dict[str, dict[str, bytearray]] = {name: _blank(len(rows)) for name in FILTERS}
    reaches = _blank(len(rows))
    for place, row in enumerate(rows):
        _set(reaches[row["reach"]], place)
        for name, offered in FILTERS.items():
            for value in offered.of(row):
                _set(masks[name][value], place)
    # A territory of which nothing speaks is offered as well.
    for code in names[TERRITORY]:
        masks[TERRITORY][code]
    ends = [row["review_on"] or date.max for row in rows]
    return Index(
        ids=tuple(row["public_id"] for row in rows),
        masks={name: _numbers(by_value) for name, by_value in masks.items()},
        reaches=_numbers(reaches),
        by_review=tuple(sorted(range(len(rows)), key=ends.__getitem__)),
        names=names,
        places={row["public_id"]: place for place, row in enumerate(rows)},
    )


def _said_on(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the day that a document says; of what is written here, that of its edition."""
    said = row["published_on"] or (date(row["year"], 1, 1) if row["year"] else None)
    of_ours = row["form"] != Form.DOCUMENT
    day = said or (paris_day(row["published_at"]) if of_ours else date.min)
    return day, row["published_at"]


def _blank(rows: int) -> dict[str, bytearray]:
    return defaultdict(lambda: bytearray(rows // 8 + 1))


def _set(mask: bytearray, place: int) -> None:
    mask[place >> 3] |= 1 << (place & 7)


def _numbers(masks: Mapping[str, bytearray]) -> dict[str, int]:
    return {value: int.from_bytes(mask, "little") for value, mask in masks.items()}
