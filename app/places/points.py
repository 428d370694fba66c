"""The place of a code: a commune, what is part of one, or a position on the grid."""

import re
from dataclasses import replace

from sqlalchemy.orm import Session

from app.errors import PlaceNowhere, PlaceUnknown
from app.places import queries
from app.places.completion import Found, name_of, places
from app.places.extent import Extent
from app.places.grid import position_code, read_position
from app.places.schemas import Place
from app.platform.database.driver import read_rows
from geo.names import behind_de

_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")


def read_place(session: Session, code: str) -> Place:
    """Return the place of a code; raises PlaceUnknown, and PlaceNowhere for one without a point.

    Where the place's own code is another one than that given (a position that was finer than the
    grid, a code that merged into another), the caller redirects to it: no exact position stays in
    an address.
    """
    if at := read_position(code):
        return position(session, *at)
    written = code.strip().upper()
    if _INSEE.fullmatch(written):
        rows = places(session, queries.BY_CODE, codes=[written])
        if not rows and (merged := session.scalar(queries.SUCCESSOR, {"codes": [written]})):
            rows = places(session, queries.BY_CODE, codes=[merged])
        # A code that a commune shares with one of its parts is the commune's.
        rows = sorted(rows, key=lambda row: row.commune_type != "commune")
        if rows and rows[0].lon is None:
            raise PlaceNowhere(name=name_of(rows[0]), territory=rows[0].territory_code)
        if rows:
            return place_of(rows[0])
    raise PlaceUnknown(code=code[:20])


def place_of(row: Found) -> Place:
    """Return a row of queries that has a point as a place."""
    return Place(
        code=row.code,
        label=f"{name_of(row)} ({row.territory_code})",
        lon=row.lon,
        lat=row.lat,
        commune_code=row.commune_code,
        epci_code=row.epci_code,
        territory_code=row.territory_code,
    )


def position(session: Session, lat: float, lon: float) -> Place:
    """Return the point of the grid that is nearest to a position, degrees, EPSG:4326."""
    code = position_code(lat, lon)
    lat, lon = read_position(code) or (lat, lon)
    around = read_rows(session, queries.AROUND.given({"lat": lat, "lon": lon}))
    if not around:
        return Place(code, "Position loin de toute commune connue", lon, lat, None, None, None)
    [(commune, name, territory, epci)] = around
    return Place(
        code=code,
        label=f"Position près {behind_de(name)} ({territory})",
        lon=lon,
        lat=lat,
        commune_code=commune,
        epci_code=epci,
        territory_code=territory,
    )


def of_extent(session: Session, extent: Extent) -> Place:
    """Return what a map shows as a place: the point of the grid at its middle, and its extent."""
    return replace(position(session, *extent.middle), extent=extent)
