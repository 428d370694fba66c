"""Statements of the maps of sheets, with bound parameters."""

from sqlalchemy import ColumnElement, Float, Select, Text, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.models import Commune, Territory

# More are never written on a map.
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
    """Return the towns within a box where most people live, and where: EPSG:4326."""
    at = Commune.point
    return (
        select(Commune.name, func.ST_X(at).label("lon"), func.ST_Y(at).label("lat"))
        .where(at.bool_op("&&")(_box()), Commune.population.is_not(None))
        .order_by(Commune.population.desc(), Commune.code)
        .limit(MOST_TOWNS)
    )


def _bounds() -> Select[float, float, float, float]:
    """Return the bounds of some territories together, null where none is known."""
    # Of outlines, which are far smaller to read than boundaries.
    extent = func.ST_Extent(Territory.outline)
    return select(
        func.ST_YMin(extent), func.ST_XMin(extent), func.ST_YMax(extent), func.ST_XMax(extent)
    ).where(Territory.code == func.any(bindparam("codes", type_=ARRAY(Text))))


BOUNDARIES = _lands("boundary")
# As the map of France has them.
OUTLINES = _lands("outline")
TOWNS = _towns()
BOUNDS = _bounds()
