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
ACTORS, GROUP, KEY = map(itemgetter, range(3))
# What parts keys and actors in one text, and is in no text that was cleaned.
NEXT_KEY, NEXT_ACTOR = "\x1f", "\x1e"
# A territory and opening hours that some actor has there.
Hours = tuple[str, str]
HOURS = itemgetter(3, 4)
# The same of one with a number of the night, and the hours of that number; None: not known.
Shift = tuple[str, str | None, str | None]


@dataclass(slots=True)
class Counts:
    """What a page says of a selection.

    groups: by number of selection.group_of. opened: those that would pass with "open now", where it
    was said which are open. facets: name of a counted facet -> value -> how many there would be
    with this value and the other filters. passing: those that pass all filters.
    """

    total: int = 0
    drawn: int = 0
    unfiltered: int = 0
    groups: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    facets: dict[str, Counter[str]] = field(
        default_factory=lambda: {each.name: Counter() for each in FACETS if each.counted}
    )
    passing: Sequence[Bucket] = ()

    def keys(self, group: int | None = None) -> set[str]:
        """Return the facet keys of those that pass all filters, of one group or of all."""
        return {bucket[2] for bucket in self.passing if group in (None, bucket[1])}

    @property
    def similar(self) -> str:
        """Return the public ids of those that pass, where names that resemble a text were counted.

        As PostgreSQL reads an array: the driver takes ten times as long to write thousands.
        """
        return f"{{{','.join(chain.from_iterable(bucket[-1] for bucket in self.passing))}}}"


def buckets(
    session: Session, search: Search, open_pairs: Iterable[Hours] = ()
) -> tuple[Bucket, ...]:
    """Return what a selection is made of before its filters; the hour counts only where asked."""
    pairs = tuple(open_pairs) if search.open_now else ()
    return tuple(read_rows(session, written(search, _by_key, open_pairs=pairs)))


def _by_key(search: Search, open_pairs: Iterable[Hours]) -> Statement:
    return _of_parts(search, lambda part: _grouped(search, open_pairs, part))


def buckets_by_hours(session: Session, search: Search) -> tuple[list[Bucket], set[Shift]]:
    """Return the same apart for each (territory, opening hours), which HOURS reads of a bucket.

    Whatever the hour and what is asked of it; with the shifts of a situation. For a selection
    around a place: to read it once takes less than once for its hours, again for its buckets, and
    again for those that are open.
    """
    always = search.but(**{OPENING.name: ()})
    ((text,),) = read_rows(session, written(always, _in_one_text))
    found = _tallied(text, always)
    if not search.situation:
        return found, set()
    timed = (bucket[3:7] for bucket in found)
    return found, _shifts(
        (of, text or None, duty or None, has == "t") for of, text, duty, has in timed
    )


def _tallied(text: str | None, search: Search) -> list[Bucket]:
    """Return the buckets of actors that were read in one text."""
    several = Counter(text.split(NEXT_ACTOR)) if text else {}
    found: list[Bucket] = []
    for each, actors in several.items():
        group, *keys = each.split(NEXT_KEY)
        found.append((actors, int(group), *keys))
    if search.resembles:
        # Each actor has a bucket of its own.
        return [(*bucket[:-1], bucket[-1:]) for bucket in found]
    return found


def _shifts(rows: Iterable[Sequence[Any]]) -> set[Shift]:
    """Return the shifts among rows of (territory, opening hours, hours of duty, on duty)."""
    return {(territory, text, duty) for territory, text, duty, has_duty in rows if has_duty}


def _in_one_text(search: Search) -> Statement:
    """Return the keys of each actor, all in one text.

    Around Paris are twelve thousand: to sort them by their keys, and send thousands of rows, takes
    PostgreSQL longer than to find them, and Python counts equal texts in a moment.
    """
    each = _of_parts(search, lambda part: _keys(search, part)).subquery("each")
    return select(func.string_agg(each.c.said, _sign(NEXT_ACTOR)))


def count(found: Iterable[Bucket], search: Search, is_open: Sequence[bool] = ()) -> Counts:
    """Count by group and by value; each facet's own counts apply all the others.

    is_open: of each that is found, where they are apart by their hours.
    """
    found = tuple(found)
    columns = facet_keys.columns(map(KEY, found))
    actors = _numbers(ACTORS, found)
    passes = _filtered(columns, search)
    all_pass = _all(passes.values(), len(found))
    passing = tuple(compress(found, all_pass)) if passes else found
    counts = Counts(
        total=int(actors[all_pass].sum()), unfiltered=int(actors.sum()), passing=passing
    )
    in_groups = np.bincount(_numbers(GROUP, found)[all_pass], actors[all_pass])
    for group in np.flatnonzero(in_groups).tolist():
        counts.groups[group] = int(in_groups[group])
    for drawn, several in facet_keys.tally(columns[0][all_pass], actors[all_pass]):
        counts.drawn += several if drawn == DRAWN else 0
    for number, facet in PARTS:
        if facet.counted:
            others = _all((each for n, each in passes.items() if n != number), len(found))
            for part, several in facet_keys.tally(columns[number][others], actors[others]):
                for value in facet.occurring(part):
                    counts.facets[facet.name][value] += several
        if facet is OPENING and is_open:
            counts.opened = int(actors[others & np.array(is_open, bool)].sum())
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


def _keys(search: Search, part: Part) -> Select[*tuple[Any, ...]]:
    """Select group, facet key, territory and hours of each actor, as one text each."""
    actor = published()
    column = actor.c
    timed = column.opening_hours.is_not(None)
    duty = _duty(actor) if search.situation else ()
    # Where no hours are given, the territory does not tell buckets apart.
    territory = case((or_(timed, *duty[1:]), column.territory_code))
    keys = [_group(actor, search, part), column.facet_key, territory, column.opening_hours, *duty]
    if search.resembles:
        keys.append(column.public_id)
    between = _sign(NEXT_KEY)
    text = func.concat(keys[0], *chain.from_iterable((between, key) for key in keys[1:]))
    return select(text.label("said")).where(chosen(actor, search, unfiltered=True, part=part))


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
