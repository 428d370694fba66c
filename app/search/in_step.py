"""Who stands first in a step of a situation: who is of most use, and answers now."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, literal_column, not_, or_

from app.reference.national_numbers import NATIONAL_NUMBERS
from app.search.conditions import has_one_of, is_one_of
from app.search.counts import Shift
from app.search.criteria import Search
from app.search.selection import open_among
from app.search.terms import is_sunk
from app.search.where import in_charge
from importers.vocabulary import SPECIALITY

# National numbers that some actors give as their own.
ALWAYS = tuple(digits for digits, number in NATIONAL_NUMBERS.items() if number.always)

Pairs = Iterable[tuple[str, str]]
# What to sort by, and whether the last comes first.
Key = tuple[ColumnElement[Any], bool]


def in_step(
    actor: FromClause,
    search: Search,
    open_pairs: Pairs,
    on_duty: Collection[Shift],
    today: date | None,
) -> Iterator[Key]:
    """Yield what the actors of a step are sorted by; today: the day of Paris, where it counts."""
    yield _usefulness(actor, search), False
    if today is not None:
        # Behind who does the same, not behind who does less: nobody else may be in charge here.
        yield is_sunk(actor, today), False
    yield _answering(actor, open_pairs, on_duty), True


def _usefulness(actor: FromClause, search: Search) -> ColumnElement[int]:
    """Rank who acts in a step: in charge here, special for it, the others, and who has no phone.

    For a protected actor without one somebody else answers.
    """
    place = search.place
    silent = and_(func.cardinality(actor.c.phones) == literal_column("0"), not_(actor.c.protected))
    ranks: list[ColumnElement[bool]] = [in_charge(actor, place.area)] if place else []
    ranks.append(has_one_of(actor.c.functions, (SPECIALITY,)))
    return case(
        (silent, literal_column("3")),
        *((each, literal_column(str(rank))) for rank, each in enumerate(ranks)),
        else_=literal_column("2"),
    )


def _answering(
    actor: FromClause, open_pairs: Pairs, on_duty: Collection[Shift]
) -> ColumnElement[bool]:
    """Say that somebody answers now: is open, on duty, or has a number that never closes."""
    found = [
        func.coalesce(open_among(actor, open_pairs), false()),
        has_one_of(actor.c.phones, ALWAYS),
    ]
    if on_duty:
        found.append(_is_on_duty(actor, on_duty))
    return or_(*found)


def _is_on_duty(actor: FromClause, on_duty: Iterable[Shift]) -> ColumnElement[bool]:
    column = actor.c
    shift: ColumnElement[Any] = column.territory_code
    for hours in (column.opening_hours, column.duty_hours):
        shift = shift.concat(literal_column("chr(10)")).concat(func.coalesce(hours, ""))
    return and_(
        func.cardinality(column.duty_phones) > literal_column("0"),
        is_one_of(shift, ("\n".join(each or "" for each in of) for of in on_duty)),
    )
