"""Counts of a selection: how many in all, in each group, and with each value of each filter."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import Session

from app.find.criteria import FACETS, Opening, Search
from app.find.selection import always_open, chosen, group_of
from app.visibility import published


@dataclass(frozen=True, slots=True)
class Kind:
    """How many actors, and how many with a point, are alike in all that filters look at."""

    group: int
    category: str
    functions: tuple[str, ...]
    audiences: tuple[str, ...]
    age_min: int | None
    age_max: int | None
    always_open: bool
    count: int
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
    rows = session.execute(_kinds(search, open_pairs))
    return tuple(
        Kind(group, category, tuple(functions), tuple(audiences), *rest)
        for group, category, functions, audiences, *rest in rows
    )


def count(found: Iterable[Kind], search: Search) -> Counts:
    """Count by group and by value; each filter's own counts apply all the others."""
    counts = Counts()
    for kind in found:
        counts.unfiltered += kind.count
        failed = set(_failed(kind, search))
        if not failed:
            counts.total += kind.count
            counts.drawn += kind.drawn
            counts.groups[kind.group] += kind.count
        if kind.always_open and failed <= {"ouvert"}:
            counts.always_open += kind.count
        if failed <= {"categorie"}:
            counts.facets["categorie"][kind.category] += kind.count
        if failed <= {"fonction"}:
            for code in kind.functions:
                counts.facets["fonction"][code] += kind.count
        if failed <= {"public"}:
            for code in kind.audiences:
                counts.facets["public"][code] += kind.count
    return counts


def _failed(kind: Kind, search: Search) -> Iterator[str]:
    """Yield the names of the filters that these actors do not pass."""
    if search.categorie and kind.category not in search.categorie:
        yield "categorie"
    if search.fonction and not set(search.fonction).intersection(kind.functions):
        yield "fonction"
    if search.public and not set(search.public).intersection(kind.audiences):
        yield "public"
    if search.age is not None and not (
        (kind.age_min is None or kind.age_min <= search.age)
        and (kind.age_max is None or kind.age_max >= search.age)
    ):
        yield "age"
    if search.opening is Opening.ALWAYS and not kind.always_open:
        yield "ouvert"


def _kinds(search: Search, open_pairs: Iterable[tuple[str, str]]) -> Select[*tuple[Any, ...]]:
    actor = published()
    column = actor.c
    alike = (
        group_of(actor, search).label("group"),
        column.category,
        column.functions,
        column.audiences,
        column.age_min,
        column.age_max,
        always_open(actor).label("always_open"),
    )
    return (
        select(*alike, func.count(), func.count(column.point))
        .where(chosen(actor, search, open_pairs, unfiltered=True))
        .group_by(*(literal_column(str(place)) for place in range(1, len(alike) + 1)))
    )


def hours(session: Session, search: Search) -> list[tuple[str, str]]:
    """Return the (territory, opening hours) that occur in a selection before its filters."""
    actor = published()
    everything = search.but(opening=None)
    statement = (
        select(actor.c.territory_code, actor.c.opening_hours)
        .where(actor.c.opening_hours.is_not(None))
        .where(chosen(actor, everything, unfiltered=True))
        .distinct()
    )
    return [(territory, text) for territory, text in session.execute(statement)]
