"""Runs a query: the cards of a page, its filters with their counts, and what to give up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from app.resources.cards import Card
from app.resources.criteria import PAGE_SIZE, TERRITORY, YEAR, Query
from app.resources.field import Offered
from app.resources.fields import FILTERS
from app.resources.index import FIRST_YEAR, Counts, Index, in_order, years_of
from app.resources.queries import read_cards
from app.resources.words import near_words, passages, ranked
from app.search.schemas import Chip, FilterValue, Relaxed
from app.visibility import Viewer

# Years that are chosen at once, beyond the last ones; all before OLDEST are.
AT_ONCE, OLDEST = 5, 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as a page offers it. asked: what is asked of it; values: those to choose from."""

    offered: Offered
    asked: tuple[str, ...]
    values: tuple[FilterValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a selection. near: words to look for instead, where its own find nothing."""

    query: Query
    total: int
    cards: tuple[Card, ...]
    filters: tuple[Filter, ...]
    chips: tuple[Chip, ...]
    relaxations: tuple[Relaxed, ...]
    near: tuple[str, ...]
    pages: int


def find(
    session: Session,
    viewer: Viewer,
    query: Query,
    index: Callable[[Session], Index],
    *,
    size: int = PAGE_SIZE,
) -> Found:
    """Return one page of a selection, or the last one where there are not so many.

    index: read_index for the same viewer, or what remembers it.
    """
    known = index(session)
    base, ids = _selected(session, viewer, query, known)
    counts = known.count(query, base)
    pages = max(1, -(-counts.total // size))
    page = min(query.page, pages)
    shown = list(islice(ids, (page - 1) * size, page * size))
    marked = passages(session, viewer, query.text, shown) if query.text and shown else {}
    return Found(
        query=query if page == query.page else query.but(page=page),
        total=counts.total,
        cards=read_cards(session, viewer, shown, marked, known.names[TERRITORY]),
        filters=tuple(_filters(query, known, counts)),
        chips=tuple(Chip(label, rest.url()) for label, rest in applied(query, known)),
        relaxations=() if counts.total else _relaxations(query, known, base),
        near=near_words(session, viewer, query.text) if query.text and not base else (),
        pages=pages,
    )


def select_ids(
    session: Session,
    viewer: Viewer,
    query: Query,
    index: Callable[[Session], Index],
    most: int | None,
) -> list[str]:
    """Return the ids of a whole selection in its order, for files; most: how many of them."""
    return list(islice(_selected(session, viewer, query, index(session))[1], most))


def _selected(
    session: Session, viewer: Viewer, query: Query, known: Index
) -> tuple[int, Iterator[str]]:
    """Return the bits of those that have the words, and the ids of those that pass as well."""
    if not query.text:
        return known.everything, known.select(query, known.everything, None)
    placed = known.placed(ranked(session, viewer, query.text))
    base = known.bits(placed)
    return base, known.select(query, base, in_order(placed))


def _filters(query: Query, known: Index, counts: Counts) -> Iterator[Filter]:
    for name, offered in FILTERS.items():
        asked = query.values(name)
        counted = counts.by_value[name]
        codes, labels = _offered(offered, counted, asked, known), known.labels(name)
        if name == YEAR:
            # Each has one year, so that those of several are as many as of each together.
            counted = {code: sum(counted.get(y, 0) for y in years_of(code)) for code in codes}
            labels = {code: known.label(name, code) for code in codes}
        # A list: a page has two hundred of them, and a generator takes half as long again.
        values = [
            FilterValue(code, labels.get(code, code), counted.get(code, 0), code in asked)
            for code in codes
        ]
        yield Filter(offered, asked, tuple(values))


def _offered(
    offered: Offered, counted: Mapping[str, int], asked: tuple[str, ...], known: Index
) -> list[str]:
    """Return the values to choose from: those that something has, and those that are asked for."""
    if offered.name == TERRITORY:
        # Each at par, whether anything speaks of it or not.
        return sorted({*known.names[TERRITORY]} | {*asked})
    if offered.name == YEAR:
        return list(dict.fromkeys((*years(counted), *asked)))
    if offered.choices is not None:
        return [code for code in offered.choices if counted.get(code) or code in asked]
    some = {code for code, count in counted.items() if count} | {*asked}
    frequent = sorted(
        some, key=lambda code: (-counted.get(code, 0), known.label(offered.name, code))
    )
    return [code for code in frequent if code in {*frequent[: offered.most], *asked}]


def years(counted: Mapping[str, int]) -> list[str]:
    """Return the years to choose from: the last ones, then five at a time, then all before."""
    some = sorted((int(year) for year, count in counted.items() if count), reverse=True)
    single = next(iter(some), 0) // AT_ONCE * AT_ONCE - AT_ONCE
    found: list[str] = []
    for year in some:
        first = year // AT_ONCE * AT_ONCE
        if year >= single:
            found.append(str(year))
        elif year < OLDEST:
            found.append(f"{FIRST_YEAR}-{OLDEST - 1}")
        else:
            found.append(f"{first}-{first + AT_ONCE - 1}")
    return list(dict.fromkeys(found))


def applied(query: Query, known: Index) -> Iterator[tuple[str, Query]]:
    """Yield what is applied, in the order of the address, each with the query without it."""
    if query.text:
        yield f"« {query.text} »", query.but(text="")
    for offered, values in query.asked:
        for value in values:
            yield known.label(offered.name, value), query.without(offered.name, value)
    if query.nationwide and query.values(TERRITORY):
        yield "Ou national", query.but(nationwide=False)


def _relaxations(query: Query, known: Index, base: int) -> tuple[Relaxed, ...]:
    """Return what would give resources if it were given up, all criteria at once last."""
    found: dict[str, Relaxed] = {}
    whole = Query()
    for label, rest in (*applied(query, known), ("", whole)):
        having = base if rest.text else known.everything
        if count := known.passing(rest, having).bit_count():
            said = f"Sans « {label.strip('« »')} »" if label else "Sans aucun critère"
            found.setdefault(rest.url(), Relaxed(said, rest.url(), count))
    return tuple(sorted(found.values(), key=lambda each: each.url == whole.url()))
