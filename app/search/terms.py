"""How long what an actor says is believed, by category and field: terms.toml, checked.

Nothing of it is stored: it follows from the day on which it was confirmed, and from the clock.
"""

import calendar
import tomllib
from collections.abc import Container, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import ColumnElement, Date, FromClause, and_, case, false, func, literal_column

from app.search.conditions import bound
from importers import vocabulary

OTHER = "other"
# Beyond its term, in months: when a page says so, and when it stands behind others.
SAID, SUNK = 3, 9
_LISTS = frozenset({"phones", "duty_phones"})
# Whose terms may be shorter than that of the rest.
FIELDS = (*sorted(_LISTS), "duty_hours", "opening_hours", "hours_text")


class Terms(BaseModel):
    """Months by field, as terms.toml says them; ValidationError for what no sheet has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usual: Mapping[str, int]
    categories: Mapping[str, Mapping[str, int]] = {}

    @model_validator(mode="after")
    def _known(self) -> Self:
        fields = {*self.usual, *(name for of in self.categories.values() for name in of)}
        unknown = fields - {*FIELDS, OTHER} | {*self.categories} - {*vocabulary.load().categories}
        if unknown or self.usual.keys() != {*FIELDS, OTHER}:
            raise ValueError(f"a field without a term, or unknown: {unknown}")
        return self

    def months(self, category: str, says: Container[str]) -> int:
        """Return the shortest term of what a sheet says; says: its fields that are not empty."""
        of = {**self.usual, **self.categories.get(category, {})}
        return min(of[name] for name in (*FIELDS, OTHER) if name == OTHER or name in says)


@cache
def terms() -> Terms:
    """Return the terms in force."""
    read = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return Terms.model_validate(read)


def due_on(category: str, said: Mapping[str, Any], confirmed_on: date) -> date:
    """Return the day on which a sheet has to be confirmed again; said: its fields."""
    return _due_on(category, tuple([name for name in FIELDS if said.get(name)]), confirmed_on)


# Sixty times a page, of a list whose actors were mostly confirmed on one day.
@lru_cache(maxsize=10_000)
def _due_on(category: str, says: tuple[str, ...], confirmed_on: date) -> date:
    return later(confirmed_on, terms().months(category, says))


def is_said(category: str, said: Mapping[str, Any], confirmed_on: date, today: date) -> bool:
    """Say whether so much time went by that a page says since when nobody confirmed it."""
    return later(due_on(category, said, confirmed_on), SAID) <= today


def is_sunk(actor: FromClause, today: date) -> ColumnElement[bool]:
    """Say of public records that nobody confirmed them for so long that others stand first.

    A register's day is of its entry, and sinks nobody.
    """
    column = actor.c
    # Day by day as in Python, which counts from the term.
    due = _plus(column.verified_on, _months(actor))
    last = _plus(due, literal_column(str(SUNK)))
    return and_(column.register.is_(None), func.coalesce(last <= bound(today, Date), false()))


def later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _plus(day: ColumnElement[Any], months: ColumnElement[int]) -> ColumnElement[Any]:
    return func.date(day + func.make_interval(literal_column("0"), months))


def _months(actor: FromClause) -> ColumnElement[int]:
    known = terms()
    own = [
        (actor.c.category == literal_column(f"'{code}'"), _shortest(actor, {**known.usual, **of}))
        for code, of in known.categories.items()
    ]
    usual = _shortest(actor, known.usual)
    return case(*own, else_=usual) if own else usual


def _shortest(actor: FromClause, of: Mapping[str, int]) -> ColumnElement[int]:
    # Of a field that is empty there is no term, and LEAST looks at no null.
    said = (case((_is_there(actor, name), literal_column(str(of[name])))) for name in FIELDS)
    return func.least(literal_column(str(of[OTHER])), *said)


def _is_there(actor: FromClause, name: str) -> ColumnElement[bool]:
    column = actor.c[name]
    if name in _LISTS:
        return func.cardinality(column) > literal_column("0")
    return column.is_not(None)
