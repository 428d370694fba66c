"""The map's GeoJSON, as PostgreSQL wrote it: not decoded, and encoded again, on its way."""

from datetime import datetime

import psycopg
from sqlalchemy.orm import Session

from app.find import queries
from app.find.counts import hours
from app.find.criteria import Opening, Search
from app.hours import open_now


def geojson(session: Session, search: Search, at: datetime) -> bytes:
    """Return the actors of a search that have a point, EPSG:4326; at: now, aware."""
    pairs: list[tuple[str, str]] = []
    if search.opening is Opening.NOW:
        pairs = open_now(hours(session, search), at)
    result = session.connection().execute(queries.geojson(search, pairs))
    cursor = result.cursor
    # The bytes as they came: to decode 100 kB and encode them again would cost as much as all
    # the rest of the request.
    found = cursor.pgresult if isinstance(cursor, psycopg.Cursor) else None
    body = found.get_value(0, 0) if found is not None else None
    assert body is not None  # noqa: S101 - an aggregate without GROUP BY has one row
    return body
