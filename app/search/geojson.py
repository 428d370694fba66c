"""The map's GeoJSON, as PostgreSQL wrote it: not decoded, and encoded again, on its way."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

import psycopg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from app.errors import TerritoryUnknown
from app.hours import open_now
from app.search import queries
from app.search.counts import hours
from app.search.criteria import Search

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]

# A statement and its parameters.
Written = tuple[str, Mapping[str, Any]]


def geojson(session: Session, search: Search, at: datetime) -> bytes:
    """Return the actors of a search that have a point, EPSG:4326; at: now, aware.

    Raises TerritoryUnknown: the search's territory need not be known before.
    """
    if search.open_now:
        written = compiled(queries.geojson(search, open_now(hours(session, search), at)))
    else:
        written = statement(search)
    body = read_text(session, written)
    if body is None:
        raise TerritoryUnknown(code=search.territory or "")
    return body


# To put the statement together takes longer than to run it for a département.
@lru_cache(maxsize=200)
def statement(search: Search) -> Written:
    """Return what writes the GeoJSON of a search, as the driver takes it, with its parameters."""
    return compiled(queries.geojson(search))


def compiled(statement: Select[str]) -> Written:
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
