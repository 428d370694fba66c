"""Counts of a selection: how many in all, in each group, and with each value of each filter."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from app.platform.database.driver import Statement, read_rows
from app.search import facet_keys
from app.search.criteria import Search
from app.search.facets import FACETS, OPENING
from app.search.selection import HERE, chosen, group_of, group_of_key
from app.search.statements import written
from app.search.where import Part
from app.visibility import published

# How a facet key begins where the actor has a point.
DRAWN = "1"
# The facets by number of their part of a facet key, which begins with whether there is a point.
PARTS = tuple(enumerate(FACETS, 1))
# How many actors have the same group of a list and the same facet key: a row that begins with
# (actors, group, key). Where names resemble a text, which takes long to find out again, their
# public ids are the last of it.
Bucket = tuple[Any, ...]
KEYED = 3
ACTORS, GROUP, KEY = map(itemgetter, range(KEYED))
# What parts actors and their hours in one text, and is in no text that was cleaned.
NEXT_ACTOR, NEXT_PART = "\x1e", "\x1f"
# Numbers of groups are figures in such a text, and the signs that follow those.
FIRST_FIGURE = ord("0")
# A territory and opening hours that some actor has there.
Hours = tuple[str, str]
# The same of one with a number of the night, and the hours of that number; None: not known.
Shift = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """What a selection is made of, in columns: each entry stands for so many actors.

    ids: their public ids, where names resemble a text.
    """

    actors: facet_keys.Numbers
    groups: facet_keys.Numbers
    keys: Sequence[str]
    ids: Sequence[Sequence[str]] = ()

    def where(self, mask: facet_keys.Mask) -> "Selected":
        """Return the entries of which a mask says so."""
        asked = mask.tolist()
        keys, ids = tuple(compress(self.keys, asked)), tuple(compress(self.ids, asked))
        return Selected(self.actors[mask], self.groups[mask], keys, ids)


@dataclass(slots=True)
class Counts:
    """What a page says of a selection.

    groups: by number of selection.group_of. opened: those that would pass with "open now", where it
    was said which are open. facets: name of a counted facet -> value -> how many there would be
    with this value and the other filters. passing: those that pass all filters.
    """

    passing: Selected = field(compare=False)

    total: int = 0
    drawn: int = 0
    unfiltered: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    facets: dict[str, Counter[str]] = field(
        default_factory=lambda: {each.name: Counter() for each in FACETS if each.counted}
    )

    def keys(self, group: int | None = None) -> set[str]:
        """Return the facet keys of those that pass all filters, of one group or of all."""
        found = self.passing
        return set(found.keys if group is None else compress(found.keys, found.groups == group))

    @property
    def similar(self) -> str:
        """Return the public ids of those that pass, where names that resemble a text were counted.

        As PostgreSQL reads an array: the driver takes ten times as long to write thousands.
        """
        return f"{{{','.join(chain.from_iterable(self.passing.ids))}}}"


def buckets(
    session: Session, search: Search, open_pairs: Iterable[Hours] = ()
) -> tuple[Bucket, ...]:
    """Return what a selection is made of before its filters; the hour counts only where asked."""
    pairs = tuple(open_pairs) if search.open_now else ()
    return tuple(read_rows(session, written(search, _by_key, open_pairs=pairs)))


def _by_key(search: Search, open_pairs: Iterable[Hours]) -> Statement:
    return _of_parts(search, lambda part: _grouped(search, open_pairs, part))


def selected_by_hours(session: Session, search: Search) -> tuple[Selected, list[str], set[Shift]]:
    """Return the same actor by actor, a text of each that hours_of reads, and a situation's shifts.

    Whatever the hour and what is asked of it. For a selection around a place: to read it once takes
    less than once for its hours, again for its buckets, and again for those that are open.
    """
    always = search.but(**{OPENING.name: ()})
    ((groups, keys, timed, *ids),) = read_rows(session, written(always, _in_texts))
    apart = [text.split(NEXT_ACTOR) if text else [] for text in (keys, timed, *ids)]
    figures = np.frombuffer((groups or "").encode(), np.uint8).astype(np.int64)
    found = Selected(
        np.ones(len(figures), np.int64),
        figures - FIRST_FIGURE,
        apart[0],
        list(zip(*apart[2:], strict=True)),
    )
    if not search.situation:
        return found, apart[1], set()
    parts = (each.split(NEXT_PART) for each in set(apart[1]))
    return (
        found,
        apart[1],
        _shifts((of, text or None, duty or None, has == "t") for of, text, duty, has in parts),
    )


def hours_of(timed: str) -> Hours:
    """Return the territory and the opening hours of an actor, "" where it gives none."""
    territory, text = timed.split(NEXT_PART)[:2]
    return territory, text


def _shifts(rows: Iterable[Sequence[Any]]) -> set[Shift]:
    """Return the shifts among rows of (territory, opening hours, hours of duty, on duty)."""
    return {(territory, text, duty) for territory, text, duty, has_duty in rows if has_duty}


def _in_texts(search: Search) -> Statement:
    """Return groups, facet keys and hours of all actors, each as one text in the same order.

    Around Paris are twelve thousand: to sort them by their keys, and send thousands of rows, takes
    PostgreSQL longer than to find them, and Python counts what is in columns in a moment.
    """
    each = _of_parts(search, lambda part: _timed(search, part)).subquery("each")
    group, *others = each.c
    figure = func.chr(group + literal_column(str(FIRST_FIGURE)))
    between = _sign(NEXT_ACTOR)
    return select(
        func.string_agg(figure, literal_column("''", Text)),
        *(func.string_agg(other, between) for other in others),
    )


def in_columns(found: Iterable[Bucket]) -> Selected:
    """Return buckets as they are counted."""
    found = tuple(found)
    ids = [bucket[-1] for bucket in found] if found and len(found[0]) > KEYED else ()
    return Selected(_numbers(ACTORS, found), _numbers(GROUP, found), [*map(KEY, found)], ids)


def count(found: Selected, search: Search, is_open: facet_keys.Mask | None = None) -> Counts:
    """Count by group and by value; each facet's own counts apply all the others.

    is_open: of each entry, where it was said which are open.
    """
    size, actors = len(found.actors), found.actors
    columns = facet_keys.columns(found.keys)
    passes = _filtered(columns, search)
    all_pass = _all(passes.values(), size)
    counts = Counts(
        passing=found.where(all_pass) if passes else found,
        total=int(actors[all_pass].sum()),
        unfiltered=int(actors.sum()),
    )
    in_groups = np.bincount(found.groups[all_pass], actors[all_pass])
    for group in np.flatnonzero(in_groups).tolist():
        counts.groups[group] = int(in_groups[group])
    for drawn, several in facet_keys.tally(columns[0][all_pass], actors[all_pass]):
        counts.drawn += several if drawn == DRAWN else 0
    for number, facet in PARTS:
        if facet.counted:
            others = _all((each for n, each in passes.items() if n != number), size)
            for part, several in facet_keys.tally(columns[number][others], actors[others]):
                for value in facet.occurring(part):
                    counts.facets[facet.name][value] += several
        if facet is OPENING and is_open is not None:
            counts.opened = int(actors[others & is_open].sum())
    return counts


def _numbers(of: Callable[[Bucket], int], found: Sequence[Bucket]) -> facet_keys.Numbers:
    return np.fromiter(map(of, found), np.int64, len(found))


def total(found: Iterable[Bucket], search: Search) -> int:
    """Return how many pass all filters."""
    found = tuple(found)
    passes = _filtered(facet_keys.columns(map(KEY, found)), search)
    return sum(compress(map(ACTORS, found), _all(passes.values(), len(found))))


def _filtered(columns: Sequence[facet_keys.Numbers], search: Search) -> dict[int, facet_keys.Mask]:
    """Return which buckets pass each filter, by the number of its facet."""
    return {
        number: facet_keys.passing(columns[number], facet.passes(asked))
        for number, facet in PARTS
        if (asked := search.values(facet.name))
    }


def _all(passes: Iterable[facet_keys.Mask], size: int) -> facet_keys.Mask:
    """Return which of so many buckets pass all of some filters."""
    found = np.ones(size, bool)
    for each in passes:
        found &= each
    return found


def _parts(search: Search) -> tuple[Part, ...]:
    """Return the parts to ask for: each by its own index is far faster than one by either.

    To compare all names with a text once is faster than twice.
    """
    in_parts = search.place and not search.situation and not search.resembles
    return (Part.NEAR, Part.OTHERS) if in_parts else (Part.ALL,)


def _of_parts(search: Search, select_part: Callable[[Part], Select[*tuple[Any, ...]]]) -> Statement:
    selects = [select_part(part) for part in _parts(search)]
    return union_all(*selects) if len(selects) > 1 else selects[0]


def _grouped(search: Search, open_pairs: Iterable[Hours], part: Part) -> Select[*tuple[Any, ...]]:
    actor = published()
    by, group = [2, 3], _group(actor, search, part)
    if search.of_france:
        # By the key alone: its index has those of one together, and is all that is read.
        by, group = [3], group_of_key(actor)
    keys = (group, actor.c.facet_key)
    ids = [func.array_agg(actor.c.public_id)] if search.resembles else []
    return (
        select(func.count(), *(key.label(f"key_{n}") for n, key in enumerate(keys)), *ids)
        .where(chosen(actor, search, open_pairs, unfiltered=True, part=part))
        .group_by(*(literal_column(str(position)) for position in by))
    )


def _timed(search: Search, part: Part) -> Select[*tuple[Any, ...]]:
    """Select group, facet key, hours as one text, and public id where it is asked for."""
    actor = published()
    column = actor.c
    timed = column.opening_hours.is_not(None)
    duty = _duty(actor) if search.situation else ()
    # Where no hours are given, the territory does not tell actors apart.
    territory = case((or_(timed, *duty[1:]), column.territory_code))
    between = _sign(NEXT_PART)
    parts = chain.from_iterable((between, each) for each in (column.opening_hours, *duty))
    asked: list[ColumnElement[Any]] = [
        _group(actor, search, part).label("of_group"),
        column.facet_key,
        func.concat(territory, *parts).label("timed"),
    ]
    if search.resembles:
        asked.append(column.public_id)
    return select(*asked).where(chosen(actor, search, unfiltered=True, part=part))


def _group(actor: FromClause, search: Search, part: Part) -> ColumnElement[int]:
    # What is within the radius has a point, so that it is never protected.
    return literal_column(str(HERE)) if part is Part.NEAR else group_of(actor, search)


def _sign(sign: str) -> ColumnElement[str]:
    return literal_column(f"E'\\x{ord(sign):02x}'", Text)


def hours(session: Session, search: Search) -> list[Hours]:
    """Return the (territory, opening hours) that occur in a selection before its filters."""
    return hours_and_shifts(session, search)[0]


def hours_and_shifts(session: Session, search: Search) -> tuple[list[Hours], set[Shift]]:
    """Return the same, and the shifts of a situation, whose order they decide."""
    always = search.but(**{OPENING.name: ()})
    rows = read_rows(session, written(always, _hours))
    if not search.situation:
        return [(territory, text) for territory, text in rows], set()
    pairs = dict.fromkeys((territory, text) for territory, text, *_ in rows if text)
    return list(pairs), _shifts(rows)


def _hours(search: Search) -> Statement:
    actor = published()
    column = actor.c
    duty = _duty(actor) if search.situation else ()
    found = (
        select(column.territory_code, column.opening_hours, *duty)
        .where(or_(column.opening_hours.is_not(None), *duty[1:]))
        .distinct()
    )
    return _of_parts(
        search, lambda part: found.where(chosen(actor, search, unfiltered=True, part=part))
    )


def _duty(actor: FromClause) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    """Return the hours of an actor's number of the night, and whether it has one."""
    return actor.c.duty_hours, func.cardinality(actor.c.duty_phones) > literal_column("0")


def at_most(session: Session, search: Search, most: int, open_pairs: Iterable[Hours]) -> int:
    """Return how many actors there are, and no more than most: to count on would take long."""
    actor = published()
    one: ColumnElement[int] = literal_column("1")
    found = select(one).select_from(actor).where(chosen(actor, search, open_pairs))
    some = found.limit(most).subquery("some")
    return session.scalar(select(func.count()).select_from(some)) or 0
