"""Runs a search: counts, groups and cards of a page, and what to give up where nothing is found."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from app.hours import on_duty, open_now
from app.platform.database.driver import Statement, read_records
from app.search import queries
from app.search.actor_schemas import ActorCard
from app.search.cards import cards
from app.search.clusters import MOST_SENT, read_points
from app.search.counts import (
    Bucket,
    Counts,
    Hours,
    Shift,
    buckets,
    count,
    hours_and_shifts,
    hours_of,
    in_columns,
    selected_by_hours,
    total,
)
from app.search.criteria import PAGE_SIZE, Order, Search
from app.search.facet import Row
from app.search.facet_types import Opening
from app.search.facets import FACETS, OPENING
from app.search.farther import farther
from app.search.in_step import Pairs
from app.search.listed import is_listed
from app.search.schemas import Farther, Filter, FilterValue, Found, Group
from app.search.selection import COMPETENT, HERE, UNPLACED, WITHHELD
from app.search.statements import written
from app.search.where import Part
from app.search.wording import chips, relaxations
from app.search.words import Sought
from geo.zones import paris_day
from importers import vocabulary

# The index of distances is read until a page is full: worth it where one in so many passes. Where
# fewer do, an index of facet keys finds them, wherever they are.
FREQUENT = 70
# Words may be the name of a town far away, so that one looks only among the nearest of all actors,
# and only where so many times more have them than are shown, and than stand in any town.
AMONG, WIDESPREAD, IN_A_TOWN = 2_000, 75, 5_000


def find(
    session: Session,
    search: Search,
    at: datetime,
    *,
    grouped: bool = True,
    size: int = PAGE_SIZE,
    address: Callable[[Search], str] = Search.url,
    read_buckets: Callable[[Session, Search, Pairs], Iterable[Bucket]] = buckets,
) -> Found:
    """Return one page of a selection; at: now, aware. grouped: as lists are, not as a table.

    address: where a search leads, where that is not the search's own page. read_buckets:
    counts.buckets, or what remembers it.
    """
    if search.place and (search.reach or search.resembles):
        open_pairs, shifts, counts, opened = _count_around(session, search, at)
    else:
        pairs, shifts = hours_and_shifts(session, search)
        open_pairs = open_now(pairs, at)
        counts = count(in_columns(read_buckets(session, search, open_pairs)), search)
        opened = _open_now(session, search, open_pairs, counts)
    # As a card says which number to call.
    answering = [of for of in shifts if on_duty(of[2], of[1], of[0], at)]
    shown = read_cards(
        session, search, open_pairs, at, counts, on_duty=answering, grouped=grouped, size=size
    )
    counted = _as_counted(search, counts)
    neutral = _neutral(session, counted, open_pairs, shown) if grouped else {}
    groups = (
        _groups(search, counts, shown, neutral, size, address)
        if grouped
        else (_whole(search, counts, shown),)
    )
    crowd = grouped and counts.drawn > MOST_SENT
    drawn = [card.public_id for _, card in shown if card.drawn]
    return Found(
        search=search,
        counts=counts,
        filters=tuple(_filters(search, counts, opened)),
        groups=groups,
        pages=max(1, -(-counts.total // size)),
        chips=chips(session, search, address),
        farther=_farther(session, search, open_pairs, counts),
        relaxed=() if counts.total else relaxations(session, search, at, address),
        crowd=crowd,
        at=read_points(session, drawn) if crowd else {},
        unlisted=grouped and _is_unlisted(session, search, counts, [card for _, card in shown]),
    )


def _is_unlisted(
    session: Session, search: Search, counts: Counts, shown: Sequence[ActorCard]
) -> bool:
    """Return whether national registers alone name those who are public in a territory."""
    if search.territory is None or search.narrowed or not any(card.register for card in shown):
        return False
    if any(card.is_listed for card in shown):
        return False
    return counts.total <= len(shown) or not session.scalar(is_listed(search.territory))


def read_cards(
    session: Session,
    search: Search,
    open_pairs: Pairs,
    at: datetime,
    counts: Counts,
    *,
    on_duty: Collection[Shift] = (),
    grouped: bool,
    size: int,
) -> list[tuple[int, ActorCard]]:
    """Return the cards of a page, each with the number of its group."""
    words = vocabulary.load()
    start = (search.page - 1) * size
    if start >= counts.total:
        return []
    rows: Sequence[Row] = ()
    # A page of the first group alone, which nobody is read for who stands in another.
    here = bool(grouped and search.place and not search.situation)
    here = here and start + size <= counts.groups[HERE]
    search = _as_counted(search, counts)
    if here and search.sorted_by is Order.DISTANCE and not search.descending:
        rows = _nearest(session, search, open_pairs, counts, start, size)
    if not rows:
        passing = counts.groups[HERE] if here else counts.total
        rare = passing * FREQUENT < counts.unfiltered
        how: dict[str, Any] = {
            **{"categories": tuple(words.categories), "grouped": grouped},
            **{"limit": size, "offset": start, "by_keys": rare},
            **{"part": Part.NEAR if here else Part.ALL},
        }
        if search.place and not search.situation:
            pairs = tuple(open_pairs) if search.open_now else ()
            sort = {"order": search.order, "descending": search.descending}
            statement = written(search, _page, open_pairs=pairs, **sort, **how)
        else:
            # Of territories there are many, and who answers in a situation changes by the minute.
            how["today"] = paris_day(at)
            statement = queries.page(search, open_pairs=open_pairs, on_duty=on_duty, **how)
        rows = read_records(
            session, statement, facet_keys=list(counts.keys(HERE if here else None)) if rare else ()
        )
    return list(zip((row["group"] for row in rows), cards(session, words, rows, at), strict=True))


def _as_counted(search: Search, counts: Counts) -> Search:
    """Return the same search, without comparing names with its text again."""
    if not search.resembles:
        return search
    return replace(search, words=Sought(among=counts.similar))


def _page(search: Search, order: Order | None, descending: bool, **how: Any) -> Statement:
    return queries.page(replace(search, order=order, descending=descending), **how)


def _nearest(
    session: Session, search: Search, open_pairs: Pairs, counts: Counts, start: int, size: int
) -> Sequence[Row]:
    """Return a full page from the index of distances; nothing where that would take longer."""
    here = counts.groups[HERE]
    if search.text:
        least = max((start + size) * WIDESPREAD, IN_A_TOWN if search.towns else 0)
        frequent, among = here >= least, AMONG
    else:
        frequent, among = here * FREQUENT >= counts.unfiltered, 0
    if not frequent:
        return ()
    pairs = tuple(open_pairs) if search.open_now else ()
    statement = written(
        search, queries.nearest, open_pairs=pairs, limit=size, offset=start, among=among
    )
    rows = read_records(session, statement)
    return rows if len(rows) == size else ()


def _count_around(
    session: Session, search: Search, at: datetime
) -> tuple[Sequence[Hours], set[Shift], Counts, int]:
    """Return hours that are open, shifts, counts, and how many there would be with "open now".

    For all of France, three statements that an index answers are quicker than this one, unless each
    compares names with a text.
    """
    found, timed, shifts = selected_by_hours(session, search)
    pairs = {each: hours_of(each) for each in dict.fromkeys(timed)}
    open_pairs = open_now((pair for pair in dict.fromkeys(pairs.values()) if pair[1]), at)
    among = frozenset(open_pairs)
    opened = {each for each, pair in pairs.items() if pair in among}
    is_open = np.fromiter(map(opened.__contains__, timed), bool, len(timed))
    if search.open_now:
        counts = count(found.where(is_open), search)
        return open_pairs, shifts, counts, counts.total
    counts = count(found, search, is_open)
    return open_pairs, shifts, counts, counts.opened


def _open_now(session: Session, search: Search, open_pairs: Pairs, counts: Counts) -> int:
    """Return how many there would be with "open now" and the other filters."""
    if search.open_now:
        return counts.total
    if not open_pairs:
        return 0
    now = _with_open_now(search)
    return total(buckets(session, now, open_pairs), now)


def _with_open_now(search: Search) -> Search:
    return search.but(**{OPENING.name: (str(Opening.NOW),)})


def _filters(search: Search, counts: Counts, opened: int) -> Iterator[Filter]:
    """Yield the facets with their values; opened: how many there would be with "open now"."""
    for facet in FACETS:
        asked = search.values(facet.name)
        found = dict(counts.facets.get(facet.name, ()))
        if facet is OPENING:
            found[Opening.NOW] = opened
        values = (
            FilterValue(code, facet.word(code), found.get(code, 0), code in asked)
            for code in facet.choices
            if facet is OPENING or code in found or code in asked
        )
        yield Filter(facet, asked, tuple(values) if facet.counted else ())


def _whole(search: Search, counts: Counts, shown: Iterable[tuple[int, ActorCard]]) -> Group:
    found = tuple(card for _, card in shown)
    return Group(
        number=HERE, title="", sentence="", count=counts.total, url=search.url(), cards=found
    )


def _groups(
    search: Search,
    counts: Counts,
    shown: list[tuple[int, ActorCard]],
    neutral: Mapping[int, Mapping[tuple[str, str], int]],
    size: int,
    address: Callable[[Search], str],
) -> tuple[Group, ...]:
    on_page = {
        number: tuple(card for _, card in several)
        for number, several in groupby(shown, key=lambda pair: pair[0])
    }
    before = 0
    groups = []
    for number, several in sorted(counts.groups.items()):
        title, sentence = _title(search, number)
        page = before // size + 1
        groups.append(
            Group(
                number=number,
                title=title,
                sentence=sentence,
                count=several,
                url=f"{address(search.but(page=page))}#groupe-{number}",
                cards=on_page.get(number, ()),
                neutral=neutral.get(number, {}),
                is_step=search.situation is not None,
            )
        )
        before += several
    return tuple(groups)


def _farther(
    session: Session, search: Search, open_pairs: Pairs, counts: Counts
) -> Mapping[int, Farther]:
    if not search.situation:
        return {}
    empty = [number for number in range(len(search.situation.step)) if not counts.groups[number]]
    return farther(session, search, empty, open_pairs)


def _neutral(
    session: Session, search: Search, open_pairs: Pairs, shown: Iterable[tuple[int, ActorCard]]
) -> dict[int, dict[tuple[str, str], int]]:
    """Return how many there are of each neutral card of a page, by group, territory, category."""
    seats = {card.seat_territory_code for _, card in shown if card.answered_by_others}
    counted: dict[int, dict[tuple[str, str], int]] = {}
    rows = session.execute(queries.neutral(search, sorted(seats), open_pairs)) if seats else ()
    for group, territory, category, several in rows:
        counted.setdefault(group, {})[territory, category] = several
    return counted


def _title(search: Search, number: int) -> tuple[str, str]:
    if search.situation:
        step = search.situation.step[number]
        return step.title, step.sentence
    if number == WITHHELD:
        return "Adresse non publiée", ""
    if number == UNPLACED:
        return "Sans adresse sur la carte", ""
    if number == COMPETENT:
        if search.territories:
            return "Compétents ici, implantés ailleurs", ""
        return "Compétents ici, sans être à côté", ""
    if search.territories:
        return "Sur place", ""
    if search.place:
        # Not capitalize(), which would lower the rest.
        nearby = search.nearby[:1].upper() + search.nearby[1:]
        return nearby or "Les plus proches", ""
    return "Partout en France", ""
