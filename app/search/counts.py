"""Counts of a selection: how many in all, in each group, and with each value of each filter."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from app.search.conditions import always_open
from app.search.criteria import Search
from app.search.facet_types import Opening
from app.search.facets import FACETS, OPENING
from app.search.selection import HERE, chosen, group_of
from app.search.where import Part
from app.visibility import published

# A territory and opening hours that some actor has there.
Hours = tuple[str, str]


class Bucket(NamedTuple):
    """How many actors, and how many with a point, have the same group, facet key and opening.

    parts: what they have of each of FACETS, as text, in that order. key: column facet_key.
    """

    group: int
    parts: tuple[str, ...]
    actors: int
    drawn: int
    key: str


@dataclass(slots=True)
class Counts:
    """What a page says of a selection.

    groups: by number of selection.group_of. facets: name of a counted facet -> value -> how many
    there would be with this value and the other filters. passed: the facet keys of those that pass
    all filters.
    """

    total: int = 0
    drawn: int = 0
    unfiltered: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    facets: dict[str, Counter[str]] = field(
        default_factory=lambda: {each.name: Counter() for each in FACETS if each.counted}
    )
    passed: set[str] = field(default_factory=set)


def buckets(
    session: Session, search: Search, open_pairs: Iterable[Hours] = ()
) -> tuple[Bucket, ...]:
    """Return what a selection is made of before its filters; the hour counts only where asked."""
    rows = _read(session, search, lambda part: _grouped(search, open_pairs, part))
    return tuple(_bucket(*row) for row in rows)


def _bucket(actors: int, group: int, key: str, always_open: bool) -> Bucket:
    parts, drawn = _parts_of(key, always_open)
    return Bucket(group, parts, actors, actors if drawn else 0, key)


@lru_cache(maxsize=40_000)
def _parts_of(key: str, always_open: bool) -> tuple[tuple[str, ...], bool]:
    """Read what migrations write of an actor, and whether it has a point, which is written first.

    Opening hours have no part: whether they are day and night is asked of a column of its own.
    """
    drawn, *keyed = key.split("|")
    written = iter(keyed)
    opening = str(Opening.ALWAYS) if always_open else ""
    return tuple(next(written) if each.keyed else opening for each in FACETS), bool(drawn)


def buckets_by_hours(session: Session, search: Search) -> dict[Hours | None, list[Bucket]]:
    """Return the same apart for each (territory, opening hours), None: for those that give none.

    Whatever the hour and what is asked of it. For a selection around a place: to read it once takes
    less than once for its hours, again for its buckets, and again for those that are open.
    """
    always = search.but(**{OPENING.name: ()})
    rows = _read(session, search, lambda part: _grouped(always, (), part, by_hours=True))
    found: dict[Hours | None, list[Bucket]] = {}
    for *row, territory, text in rows:
        found.setdefault((territory, text) if territory else None, []).append(_bucket(*row))
    return found


def count(found: Iterable[Bucket], search: Search) -> Counts:
    """Count by group and by value; each facet's own counts apply all the others."""
    counts = Counts()
    # By part, several values at once, of which there are few.
    written = {position: Counter[str]() for position, each in enumerate(FACETS) if each.counted}
    filters = [(FACETS.index(facet), cache(facet.passes(asked))) for facet, asked in search.asked]
    for bucket in found:
        parts, actors = bucket.parts, bucket.actors
        counts.unfiltered += actors
        failed = [position for position, passes in filters if not passes(parts[position])]
        if not failed:
            counts.total += actors
            counts.drawn += bucket.drawn
            counts.groups[bucket.group] += actors
            counts.passed.add(bucket.key)
            for position, counter in written.items():
                counter[parts[position]] += actors
        elif len(failed) == 1 and failed[0] in written:
            written[failed[0]][parts[failed[0]]] += actors
    for position, counter in written.items():
        facet = FACETS[position]
        for part, actors in counter.items():
            for value in facet.occurring(part):
                counts.facets[facet.name][value] += actors
    return counts


def _parts(search: Search) -> tuple[Part, ...]:
    """Return the parts to ask for: each by its own index is far faster than one by either."""
    return (Part.NEAR, Part.OTHERS) if search.place and not search.situation else (Part.ALL,)


def _read(
    session: Session, search: Search, select_part: Callable[[Part], Select[*tuple[Any, ...]]]
) -> Iterable[Row[*tuple[Any, ...]]]:
    selects = [select_part(part) for part in _parts(search)]
    return session.execute(union_all(*selects) if len(selects) > 1 else selects[0])


def _grouped(
    search: Search, open_pairs: Iterable[Hours], part: Part, *, by_hours: bool = False
) -> Select[*tuple[Any, ...]]:
    actor = published()
    column = actor.c
    # What is within the radius has a point, so that it is never protected.
    group: ColumnElement[int] = literal_column(str(HERE))
    if part is not Part.NEAR:
        group = group_of(actor, search)
    keys: list[ColumnElement[Any]] = [group, column.facet_key, always_open(actor)]
    if by_hours:
        # Where no hours are given, the territory does not tell buckets apart.
        territory = case((column.opening_hours.is_not(None), column.territory_code))
        keys += [territory, column.opening_hours]
    return (
        select(func.count(), *(key.label(f"key_{n}") for n, key in enumerate(keys)))
        .where(chosen(actor, search, open_pairs, unfiltered=True, part=part))
        .group_by(*(literal_column(str(n)) for n, _ in enumerate(keys, 2)))
    )


def hours(session: Session, search: Search) -> list[Hours]:
    """Return the (territory, opening hours) that occur in a selection before its filters."""
    actor = published()
    everything = search.but(**{OPENING.name: ()})
    found = (
        select(actor.c.territory_code, actor.c.opening_hours)
        .where(actor.c.opening_hours.is_not(None))
        .distinct()
    )
    rows = _read(
        session,
        search,
        lambda part: found.where(chosen(actor, everything, unfiltered=True, part=part)),
    )
    return [(territory, text) for territory, text in rows]


def at_most(session: Session, search: Search, most: int, open_pairs: Iterable[Hours]) -> int:
    """Return how many actors there are, and no more than most: to count on would take long."""
    actor = published()
    one: ColumnElement[int] = literal_column("1")
    found = select(one).select_from(actor).where(chosen(actor, search, open_pairs))
    some = found.limit(most).subquery("some")
    return session.scalar(select(func.count()).select_from(some)) or 0
