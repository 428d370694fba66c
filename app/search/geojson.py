"""The map's GeoJSON, as PostgreSQL wrote it: not decoded, and encoded again, on its way."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Text, bindparam, select
from sqlalchemy.orm import Session

from app.errors import TerritoryUnknown
from app.hours import open_now
from app.platform.database.driver import Written, compiled, read_text, read_text_alone
from app.platform.database.sessions import read_once
from app.search import queries
from app.search.counts import hours
from app.search.criteria import Search
from app.search.statements import written

CODE = bindparam("territory", type_=Text)
# As a query, so that PostgreSQL plans once for all territories: to plan for one takes a fifth of
# what it takes to write a small one.
OF_ANY = select(CODE).scalar_subquery()


def geojson(session: Session, search: Search, at: datetime) -> bytes:
    """Return the actors of a search that have a point, EPSG:4326; at: now, aware.

    Raises TerritoryUnknown: the search's territory need not be known before.
    """
    return _of_known(search, read_text(session, _asked(session, search, at)))


def geojson_alone(engine: Engine, read_search: Callable[[Session], Search], at: datetime) -> bytes:
    """Return the same by one statement outside of any session, where nothing else is read.

    read_search: returns the search; most read nothing in the session that they get.
    """
    # Ended before the statement takes a connection, so that none holds two.
    with read_once(engine) as session:
        search = read_search(session)
        asked = _asked(session, search, at)
    return _of_known(search, read_text_alone(engine, asked))


def _asked(session: Session, search: Search, at: datetime) -> Written:
    if search.open_now:
        return compiled(queries.geojson(search, open_now(hours(session, search), at)))
    return statement(search)


def _of_known(search: Search, body: bytes | None) -> bytes:
    if body is None:
        raise TerritoryUnknown(code=search.territory or "")
    return body


def statement(search: Search) -> Written:
    """Return what writes the GeoJSON of a search, as the driver takes it, with its parameters."""
    of_any: Any = OF_ANY if search.territory else None
    asked = written(replace(search, territory=of_any), queries.geojson)
    made = asked if isinstance(asked, Written) else compiled(asked)
    return made.given({CODE.key: search.territory}) if search.territory else made
