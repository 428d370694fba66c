"""Territories as pages need them: one by its code, all with their counts, places by name."""

import re
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.errors import TerritoryUnknown
from app.territories import queries
from app.territories.schemas import SearchResult, TerritoryCount, TerritoryView
from geo.names import normalise, search_name

CODE = re.compile(r"[0-9]{2,3}|2[AB]|69M")
# Longer than the longest name of a commune, 45 characters.
QUERY_MAX = 80


def canonical_code(code: str) -> str:
    """Return a code as it is written in addresses: "2a" -> "2A", "1" -> "01"."""
    return code.upper().zfill(2)


def read_territory(session: Session, code: str) -> TerritoryView:
    """Return a territory; raises TerritoryUnknown."""
    row = None
    if CODE.fullmatch(code):
        row = session.execute(queries.TERRITORY, {"code": code}).one_or_none()
    if row is None:
        raise TerritoryUnknown(code=code[:10])
    bounds = (row.south, row.west, row.north, row.east) if row.south is not None else None
    return TerritoryView(row.code, row.name, row.kind, row.region_name, bounds)


def read_france(session: Session) -> tuple[list[TerritoryCount], list[bytes | None]]:
    """Return every territory in order of code, and their outlines: WKB, EPSG:4326."""
    rows = session.execute(queries.FRANCE).all()
    counts = [TerritoryCount(r.code, r.name, r.kind, r.region_name, r.actors) for r in rows]
    outlines = [None if row.outline is None else bytes(row.outline) for row in rows]
    return counts, outlines


def search(
    session: Session, territories: Iterable[TerritoryCount], query: str
) -> list[SearchResult]:
    """Find territories by code or name, then communes by name or postcode; accents do not count."""
    query = query[:QUERY_MAX]
    words = search_name(query)
    if not words:
        return []
    found = [
        SearchResult("territoire", territory.name, _address(territory.code), territory.name)
        for territory in territories
        if words in search_name(territory.name) or words == normalise(territory.code)
    ]
    postcode = re.fullmatch(r"\s*(\d{2})\s?(\d{3})\s*", query)
    parameters = {"words": words, "postcode": "".join(postcode.groups()) if postcode else None}
    for name, postcodes, code, territory in session.execute(queries.COMMUNES, parameters):
        label = f"{name} ({postcodes[0]})" if postcodes else name
        found.append(SearchResult("commune", label, _address(code), territory))
    return found


def _address(code: str) -> str:
    return f"/departements/{code}"
