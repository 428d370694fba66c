"""Conditions of one filter over the public record, with bound parameters."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.types import TypeEngine

from app.hours import ROUND_THE_CLOCK
from app.models.base import Texts

TEXTS = Texts()


def bound(value: Any, of_type: TypeEngine[Any] | type[TypeEngine[Any]]) -> ColumnElement[Any]:
    """Return a value as a parameter; one that is filled in when a statement is run stays it."""
    return value if isinstance(value, ColumnElement) else literal(value, of_type)


def text_array(values: Iterable[str]) -> ColumnElement[Any]:
    """Return values as one bound array of text, whatever their number; as above."""
    return values if isinstance(values, ColumnElement) else literal(list(values), TEXTS)


def is_one_of(column: ColumnElement[Any], codes: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column holds one of some codes."""
    return column == func.any(text_array(codes))


def has_code(column: ColumnElement[Any], code: ColumnElement[str] | str) -> ColumnElement[bool]:
    """Say that a column of several codes holds one."""
    return column.bool_op("@>")(cast(array([bound(code, Text)]), TEXTS))


def has_one_of(column: ColumnElement[Any], codes: Iterable[str]) -> ColumnElement[bool]:
    """Say that a column of several codes holds one of some."""
    return column.bool_op("&&")(text_array(codes))


def spans(least: ColumnElement[Any], most: ColumnElement[Any], years: int) -> ColumnElement[bool]:
    """Say that a number of years lies between two columns, of which null sets no limit."""
    at = bound(years, Integer)
    return and_(func.coalesce(least, at) <= at, func.coalesce(most, at) >= at)


def always_open(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor answers day and night, every day; null hours say nothing."""
    hours = actor.c.opening_hours
    return func.coalesce(hours == func.any(text_array(ROUND_THE_CLOCK)), false(), type_=Boolean)
