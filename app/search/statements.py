"""Statements put together once, for whichever place is searched, as the driver takes them."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import CompoundSelect, CursorResult, Float, Select, Text, bindparam
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from app.places.schemas import Area, Place
from app.search.criteria import Search

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
# The same as the driver takes it, and its parameters.
Written = tuple[str, Mapping[str, Any]]
Where = TypeVar("Where", Place, Area)

# What a statement says of a place, filled in when it is run: where it is, and what it lies in.
FILLED_IN = {
    **{name: bindparam(name, type_=Float) for name in ("lon", "lat")},
    **{name: bindparam(name, type_=Text) for name in ("commune_code", "epci_code")},
    "territory_code": bindparam("territory_code", type_=Text),
}


def written(
    search: Search, make: Callable[..., Statement], **given: Hashable
) -> Written | Statement:
    """Return what make(search, **given) returns, put together once for all places.

    Whatever its order, page and view. No cache holds what a visitor wrote, nor where somebody must
    not be sent; an extent and the hour are of one moment.
    """
    search = search.as_drawn()
    if search.extent or search.excludes or search.text or search.open_now:
        return make(search, **given)
    if search.place is None:
        return _written_once(make, search, **given)
    around = replace(search, place=anywhere(search.place))
    return filled_in(_written_once(make, around, **given), search.place)


# To put a statement together takes longer than the driver takes to run it.
@lru_cache(maxsize=200)
def _written_once(make: Callable[..., Statement], search: Search, **given: Hashable) -> Written:
    return compiled(make(search, **given))


def anywhere(where: Where) -> Where:
    """Return a place or an area of which a statement is made that serves all that lie in as much.

    Each value of it is a parameter: whoever takes one for a value gets an error, never the place
    of somebody else.
    """
    fields: dict[str, Any] = {name: FILLED_IN[name] for name in _said_of(where)}
    if isinstance(where, Place):
        fields |= {"code": "", "label": ""}
    return replace(where, **fields)


def filled_in(written: Written, where: Place | Area) -> Written:
    """Return a statement that was made of anywhere, for this place or area."""
    statement, parameters = written
    return statement, {**parameters, **_said_of(where)}


def _said_of(where: Place | Area) -> dict[str, Any]:
    said = {name: getattr(where, name, None) for name in FILLED_IN}
    return {name: value for name, value in said.items() if value is not None}


def compiled(statement: Statement) -> Written:
    """Return a statement as the driver takes it, with its parameters."""
    made = statement.compile(dialect=DIALECT)
    return str(made), made.params


def read_text(session: Session, written: Written) -> bytes | None:
    """Return the one value of a statement, UTF-8; None where it has no row."""
    driver = session.connection().connection.driver_connection
    found = cast("psycopg.Connection", driver).execute(*written).pgresult
    # The bytes as they came: to decode 100 kB and encode them again would cost as much as all
    # the rest of the request.
    return found.get_value(0, 0) if found is not None else None


def read_rows(session: Session, statement: Written | Statement) -> list[tuple[Any, ...]]:
    """Return the rows of a statement as the driver has them.

    To make others of some thousand takes as long as to read them.
    """
    with closing(_run(session, statement)) as result:
        return list(result.cursor.fetchall()) if result.cursor else []


def read_records(session: Session, statement: Written | Statement) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a statement by the names of their columns."""
    with closing(_run(session, statement)) as result:
        names = tuple(result.keys())
        rows = result.cursor.fetchall() if result.cursor else []
    return [dict(zip(names, row, strict=True)) for row in rows]


def _run(session: Session, statement: Written | Statement) -> CursorResult[Any]:
    # Not by the session, which would look for objects in each row.
    connection = session.connection()
    if isinstance(statement, tuple):
        return connection.exec_driver_sql(*statement)
    return connection.execute(statement)
