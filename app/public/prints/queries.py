"""Statements of the maps of sheets, with bound parameters."""

from sqlalchemy import ColumnElement, Float, Select, Text, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.gazetteer.queries import edges, extent
from app.models import Commune, Territory

# A map has room for no more names.
MOST_TOWNS = 40


def _box() -> ColumnElement[object]:
    corners = (bindparam(name, type_=Float) for name in ("west", "south", "east", "north"))
    return func.ST_MakeEnvelope(*corners, literal_column("4326"))


def _lands(name: str) -> Select[str, bytes]:
    """Return what is within a box of each territory: its code and WKB, EPSG:4326."""
    shape = getattr(Territory, name)
    clipped = func.ST_ClipByBox2D(shape, _box())
    return (
        select(Territory.code, func.ST_AsBinary(clipped).label("shape"))
        .where(shape.bool_op("&&")(_box()), ~func.ST_IsEmpty(clipped))
        .order_by(Territory.code)
    )


def _towns() -> Select[str, float, float]:
    """Return towns within a box, and where: EPSG:4326. The most important ones come first.

    codes: of the territories whose own towns come before their neighbours'. towns: codes of those
    that come first among them, in order; the others follow by how many people live there.
    """
    at = Commune.point
    texts = ARRAY(Text)
    return (
        select(Commune.name, func.ST_X(at).label("lon"), func.ST_Y(at).label("lat"))
        .where(at.bool_op("&&")(_box()))
        .order_by(
            (Commune.territory_code == func.any(bindparam("codes", type_=texts))).desc(),
            func.array_position(bindparam("towns", type_=texts), Commune.code).nulls_last(),
            Commune.population.desc().nulls_last(),
            Commune.code,
        )
        .limit(MOST_TOWNS)
    )


def _bounds() -> Select[str, str, float, float, float, float]:
    """Return code, name and bounds of those territories of which something is known."""
    shape = extent()
    south, west, north, east = edges(shape)
    return (
        select(Territory.code, Territory.name, south, west, north, east)
        .where(
            Territory.code == func.any(bindparam("codes", type_=ARRAY(Text))), shape.is_not(None)
        )
        .order_by(Territory.code)
    )


BOUNDARIES = _lands("boundary")
# Simplified, as on the map of France.
OUTLINES = _lands("outline")
TOWNS = _towns()
BOUNDS = _bounds()
