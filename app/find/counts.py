"""Counts of a selection: how many in all, in each group, and with each value of each filter."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from app.find.criteria import FACETS, Opening, Search
from app.find.selection import HERE, Part, always_open, chosen, group_of
from app.visibility import published


class Kind(NamedTuple):
    """How many actors, and how many with a point, are alike in all that filters look at.

    functions, audiences: codes, between spaces.
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


@dataclass(slots=True)
class Counts:
    """What a page says of a selection.

    groups: by number of selection.group_of. facets: name of a filter -> value -> how many there
    would be with this value and the other filters. always_open: the same for day and night.
    """

    total: int = 0
    drawn: int = 0
    unfiltered: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    facets: dict[str, Counter[str]] = field(default_factory=lambda: {n: Counter() for n in FACETS})
    always_open: int = 0


def kinds(
    session: Session, search: Search, open_pairs: Iterable[tuple[str, str]] = ()
) -> tuple[Kind, ...]:
    """Return what a selection is made of before its filters; the hour counts only where asked."""
    selects = [_kinds(search, open_pairs, part) for part in _parts(search)]
    rows = session.execute(union_all(*selects) if len(selects) > 1 else selects[0])
    return tuple(_kind(*row) for row in rows)


def _kind(group: int, written: str, always_open: bool, actors: int) -> Kind:
    alike, drawn = _alike(written)
    return Kind(group, *alike, always_open, actors, actors if drawn else 0)


@lru_cache(maxsize=20_000)
def _alike(written: str) -> tuple[tuple[str, str, str, int | None, int | None], bool]:
    """Read what migration 0009 writes of an actor, and whether it has a point."""
    category, functions, audiences, age_min, age_max, drawn = written.split("|")
    youngest, oldest = (int(age) if age else None for age in (age_min, age_max))
    return (category, functions, audiences, youngest, oldest), bool(drawn)


def count(found: Iterable[Kind], search: Search) -> Counts:
    """Count by group and by value; each filter's own counts apply all the others."""
    counts = Counts()
    for kind in found:
        counts.unfiltered += kind.actors
        failed = set(_failed(kind, search))
        if not failed:
            counts.total += kind.actors
            counts.drawn += kind.drawn
            counts.groups[kind.group] += kind.actors
        if kind.always_open and failed <= {"ouvert"}:
            counts.always_open += kind.actors
        if failed <= {"categorie"}:
            counts.facets["categorie"][kind.category] += kind.actors
        if failed <= {"fonction"}:
            for code in _codes(kind.functions):
                counts.facets["fonction"][code] += kind.actors
        if failed <= {"public"}:
            for code in _codes(kind.audiences):
                counts.facets["public"][code] += kind.actors
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


def _kinds(
    search: Search, open_pairs: Iterable[tuple[str, str]], part: Part
) -> Select[*tuple[Any, ...]]:
    actor = published()
    column = actor.c
    # What is within the radius has a point, so that it is never protected.
    group: ColumnElement[int] = literal_column(str(HERE))
    if part is not Part.NEAR:
        group = group_of(actor, search)
    alike = (group.label("group"), column.kind, always_open(actor).label("always_open"))
    return (
        select(*alike, func.count())
        .where(chosen(actor, search, open_pairs, unfiltered=True, part=part))
        .group_by(*(literal_column(str(place)) for place in range(1, len(alike) + 1)))
    )


def hours(session: Session, search: Search) -> list[tuple[str, str]]:
    """Return the (territory, opening hours) that occur in a selection before its filters."""
    actor = published()
    everything = search.but(opening=None)
    selects = [
        select(actor.c.territory_code, actor.c.opening_hours)
        .where(actor.c.opening_hours.is_not(None))
        .where(chosen(actor, everything, unfiltered=True, part=part))
        .distinct()
        for part in _parts(search)
    ]
    rows = session.execute(union_all(*selects) if len(selects) > 1 else selects[0])
    return [(territory, text) for territory, text in rows]


def at_most(
    session: Session, search: Search, most: int, open_pairs: Iterable[tuple[str, str]]
) -> int:
    """Return how many actors there are, and no more than most: to count on would take long."""
    actor = published()
    one: ColumnElement[int] = literal_column("1")
    found = select(one).select_from(actor).where(chosen(actor, search, open_pairs))
    some = found.limit(most).subquery("some")
    return session.scalar(select(func.count()).select_from(some)) or 0
