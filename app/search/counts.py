"""Counts of a selection: how many in all, in each group, and with each value of each filter."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from app.search.criteria import FACETS, Opening, Search
from app.search.selection import HERE, always_open, chosen, group_of
from app.search.where import Part
from app.visibility import published

# A territory and opening hours that some actor has there.
Hours = tuple[str, str]


class Kind(NamedTuple):
    """How many actors, and how many with a point, are alike in all that filters look at.

    functions, audiences: codes, between spaces. written: the kind of each of them, as the record
    has it.
    """

    group: int
    category: str
    functions: str
    audiences: str
    age_min: int | None
    age_max: int | None
    always_open: bool
    actors: int
    drawn: int
    written: str


@dataclass(slots=True)
class Counts:
    """What a page says of a selection.

    groups: by number of selection.group_of. facets: name of a filter -> value -> how many there
    would be with this value and the other filters. always_open: the same for day and night.
    passed: the kinds, as written, of those that pass all filters.
    """

    total: int = 0
    drawn: int = 0
    unfiltered: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    facets: dict[str, Counter[str]] = field(default_factory=lambda: {n: Counter() for n in FACETS})
    always_open: int = 0
    passed: set[str] = field(default_factory=set)


def kinds(session: Session, search: Search, open_pairs: Iterable[Hours] = ()) -> tuple[Kind, ...]:
    """Return what a selection is made of before its filters; the hour counts only where asked."""
    rows = _read(session, search, lambda part: _kinds(search, open_pairs, part))
    return tuple(_kind(*row) for row in rows)


def _kind(actors: int, group: int, written: str, always_open: bool) -> Kind:
    alike, drawn = _alike(written)
    return Kind(group, *alike, always_open, actors, actors if drawn else 0, written)


@lru_cache(maxsize=20_000)
def _alike(written: str) -> tuple[tuple[str, str, str, int | None, int | None], bool]:
    """Read what migration 0009 writes of an actor, and whether it has a point."""
    category, functions, audiences, age_min, age_max, drawn = written.split("|")
    youngest, oldest = (int(age) if age else None for age in (age_min, age_max))
    return (category, functions, audiences, youngest, oldest), bool(drawn)


def kinds_by_hours(session: Session, search: Search) -> dict[Hours | None, list[Kind]]:
    """Return the same apart for each (territory, opening hours), None: for those that give none.

    Whatever the hour and what is asked of it. For a selection around a place: to read it once takes
    less than once for its hours, again for its kinds, and again for those that are open.
    """
    always = search.but(opening=None)
    rows = _read(session, search, lambda part: _kinds(always, (), part, by_hours=True))
    found: dict[Hours | None, list[Kind]] = {}
    for *row, territory, text in rows:
        found.setdefault((territory, text) if territory else None, []).append(_kind(*row))
    return found


def count(found: Iterable[Kind], search: Search) -> Counts:
    """Count by group and by value; each filter's own counts apply all the others."""
    counts = Counts()
    # As they are written, several codes at once, of which there are few.
    written = {name: Counter[str]() for name in FACETS}
    filtered = any((*(getattr(search, name) for name in FACETS), search.opening)) or (
        search.age is not None
    )
    for kind in found:
        counts.unfiltered += kind.actors
        failed = set(_failed(kind, search)) if filtered else frozenset()
        if not failed:
            counts.total += kind.actors
            counts.drawn += kind.drawn
            counts.groups[kind.group] += kind.actors
            counts.passed.add(kind.written)
        if kind.always_open and failed <= {"ouvert"}:
            counts.always_open += kind.actors
        if failed <= {"categorie"}:
            written["categorie"][kind.category] += kind.actors
        if failed <= {"fonction"}:
            written["fonction"][kind.functions] += kind.actors
        if failed <= {"public"}:
            written["public"][kind.audiences] += kind.actors
    for name, several in written.items():
        for codes, actors in several.items():
            for code in codes.split():
                counts.facets[name][code] += actors
    return counts


def _failed(kind: Kind, search: Search) -> Iterator[str]:
    """Yield the names of the filters that these actors do not pass."""
    if search.categorie and kind.category not in search.categorie:
        yield "categorie"
    if search.fonction and not set(search.fonction).intersection(_codes(kind.functions)):
        yield "fonction"
    if search.public and not set(search.public).intersection(_codes(kind.audiences)):
        yield "public"
    if search.age is not None and not (
        (kind.age_min is None or kind.age_min <= search.age)
        and (kind.age_max is None or kind.age_max >= search.age)
    ):
        yield "age"
    if search.opening is Opening.ALWAYS and not kind.always_open:
        yield "ouvert"


@lru_cache(maxsize=10_000)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _parts(search: Search) -> tuple[Part, ...]:
    """Return the parts to ask for: each by its own index is far faster than one by either."""
    return (Part.NEAR, Part.OTHERS) if search.place and not search.situation else (Part.ALL,)


def _read(
    session: Session, search: Search, select_part: Callable[[Part], Select[*tuple[Any, ...]]]
) -> Iterable[Row[*tuple[Any, ...]]]:
    selects = [select_part(part) for part in _parts(search)]
    return session.execute(union_all(*selects) if len(selects) > 1 else selects[0])


def _kinds(
    search: Search, open_pairs: Iterable[Hours], part: Part, *, by_hours: bool = False
) -> Select[*tuple[Any, ...]]:
    actor = published()
    column = actor.c
    # What is within the radius has a point, so that it is never protected.
    group: ColumnElement[int] = literal_column(str(HERE))
    if part is not Part.NEAR:
        group = group_of(actor, search)
    keys: list[ColumnElement[Any]] = [group, column.kind, always_open(actor)]
    if by_hours:
        # Where no hours are given, the territory does not tell kinds apart.
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
    everything = search.but(opening=None)
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
