"""What a map shows of a selection too large to draw: how many actors are in each cell of its view.

Cells are those of the world, so that a group stays what it is when the map moves. Only points that
are public are counted: what is protected has none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from app.hours import open_now
from app.platform.database.driver import Written, compiled, read_rows, read_text
from app.search.actor_queries import json_object
from app.search.conditions import TEXTS, text_array
from app.search.counts import hours
from app.search.criteria import Search
from app.search.in_step import Pairs
from app.search.queries import DECIMALS, feature
from app.search.selection import chosen
from app.search.viewport import Window
from app.visibility import published
from importers import vocabulary

# A map gets the actors of a selection with a point at once, up to so many.
MOST_SENT = 1_000
# A view with so many shows each of them: the map groups what it has by itself.
FEW = 300
# From this zoom on a view is a quarter of a town, where nothing is left to zoom into.
NEAR = 17
CORNERS = ("west", "south", "east", "north")
ONE = literal_column("1", Integer)


def groups(session: Session, search: Search, window: Window, at: datetime) -> bytes:
    """Return the actors of a window in groups, as GeoJSON, EPSG:4326; at: now, aware.

    A cell with one actor, a window with FEW and one at zoom NEAR give actors as geojson.py does.
    """
    if search.open_now:
        written = compiled(statement(search, open_now(hours(session, search), at)))
    else:
        written = _remembered(search)
    found = read_text(session, written.given(_given(window)))
    assert found is not None  # noqa: S101 - the statement gives one row, whatever it finds
    return found


def read_points(session: Session, public_ids: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return where actors are that have a point, as lon, lat in degrees, EPSG:4326."""
    rows = read_rows(session, _points().given({"public_ids": list(public_ids)}))
    return {public_id: (lon, lat) for public_id, lon, lat in rows}


@cache
def _points() -> Written:
    actor = published()
    lon, lat = (cast(func.round(cast(each, Numeric), DECIMALS), Float) for each in _lon_lat(actor))
    asked = bindparam("public_ids", type_=TEXTS)
    found = select(actor.c.public_id, lon, lat)
    return compiled(found.where(actor.c.public_id == func.any(asked), actor.c.point.is_not(None)))


@lru_cache(maxsize=200)
def _remembered(search: Search) -> Written:
    return compiled(statement(search))


def _given(window: Window) -> Mapping[str, Any]:
    west, south, east, north = window.bounds
    return {
        **{"west": west, "south": south, "east": east, "north": north},
        **{"left": window.left, "top": window.top},
        **{"right": window.right, "bottom": window.bottom},
        **{"zoom": window.zoom, "across": window.across},
    }


def statement(search: Search, open_pairs: Pairs = ()) -> Select[str]:
    """Build the GeoJSON of a selection in a window, whose numbers are given to it when it runs."""
    found = _found(search, open_pairs)
    cells = _cells(found)
    within = select(func.coalesce(func.sum(cells.c.actors), 0)).scalar_subquery()
    each = or_(within <= literal(FEW, Integer), _number("zoom") >= literal(NEAR, Integer))
    alone = union_all(
        select(found.c.public_id).where(each, _inside(found)),
        # As the index of public ids orders them.
        select(cells.c.first.collate("default")).where(cells.c.actors == ONE, not_(each)),
    ).subquery("alone")
    actor = published()
    features = union_all(
        select(_group(cells).label("feature"), _name(cells).label("name")).where(
            cells.c.actors > ONE, not_(each)
        ),
        select(feature(actor), actor.c.public_id).join(
            alone, alone.c.public_id == actor.c.public_id
        ),
    ).subquery("features")
    # In one order: what a map makes of its marks may depend on it.
    ordered = aggregate_order_by(features.c.feature, features.c.name.collate("C"))
    collection = json_object(
        type=literal_column("'FeatureCollection'"),
        counts=json_object(drawn=within),
        features=select(
            func.coalesce(func.json_agg(ordered), literal_column("'[]'::json"))
        ).scalar_subquery(),
    )
    return select(cast(collection, Text))


def _found(search: Search, open_pairs: Pairs) -> CTE:
    """Return the actors in the window, and some next to it, each with its cell."""
    actor = published()
    point = actor.c.point
    lon, lat = _lon_lat(actor)
    across = cast(_number("across"), Float)
    eastward = (lon + 180.0) / 360.0
    southward = (1.0 - func.asinh(func.tan(func.radians(lat))) / func.pi()) / 2.0
    corners = (bindparam(name, type_=Float) for name in CORNERS)
    view = func.ST_MakeEnvelope(*corners, literal_column("4326"))
    found = select(
        actor.c.public_id,
        actor.c.category,
        lon.label("lon"),
        lat.label("lat"),
        cast(func.floor(eastward * across), Integer).label("column"),
        cast(func.floor(southward * across), Integer).label("row"),
    ).where(
        chosen(actor, search, open_pairs),
        # Corners are rounded, and would leave out what lies on them: cells decide, see _inside.
        point.op("&&")(func.ST_Expand(view, literal_column("1e-6"))),
    )
    # Read again where each is shown, instead of writing down all of France each time.
    return found.cte("found").prefix_with("NOT MATERIALIZED")


def _lon_lat(actor: FromClause) -> tuple[ColumnElement[float], ColumnElement[float]]:
    return func.ST_X(actor.c.point, type_=Float), func.ST_Y(actor.c.point, type_=Float)


def _inside(cells: FromClause) -> ColumnElement[bool]:
    return and_(
        cells.c.column >= _number("left"),
        cells.c.column < _number("right"),
        cells.c.row >= _number("top"),
        cells.c.row < _number("bottom"),
    )


def _cells(found: FromClause) -> CTE:
    """Return the cells that have actors: how many, of which families, where, and the first."""
    categories = vocabulary.load().categories.values()
    family = (
        func.unnest(
            text_array(each.code for each in categories),
            text_array(each.family for each in categories),
        )
        .table_valued(column("category", Text), column("family", Text), name="family")
        .render_derived()
    )
    lon, lat = found.c.lon, found.c.lat
    extent = (func.min(lon), func.min(lat), func.max(lon), func.max(lat))
    parts = (
        select(
            found.c.column,
            found.c.row,
            found.c.category,
            func.count().label("actors"),
            func.sum(lon).label("lon"),
            func.sum(lat).label("lat"),
            *(each.label(name) for name, each in zip(CORNERS, extent, strict=True)),
            func.min(found.c.public_id.collate("C")).label("first"),
        )
        .group_by(found.c.column, found.c.row, found.c.category)
        .subquery("parts")
    )
    # Sums of parts, of which there are few.
    shares = _summed(parts, family.c.family).join(family, family.c.category == parts.c.category)
    share = shares.group_by(family.c.family).subquery("shares")
    # In one order, whatever else was written: an answer tells nothing by it.
    pairs = aggregate_order_by(share.c.actors, share.c.family.collate("C"))
    shown = func.json_object_agg(share.c.family, pairs).label("families")
    # Materialized, or PostgreSQL would look at the cell of each actor before it groups them.
    cells = _summed(share, shown).cte("all_cells").prefix_with("MATERIALIZED")
    return select(cells).where(_inside(cells)).cte("cells")


def _summed(parts: FromClause, more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return the parts of each cell as one, with one more column."""
    each = parts.c
    sums = (func.sum(each[name]).label(name) for name in ("lon", "lat"))
    least = (func.min(each[name]).label(name) for name in ("west", "south", "first"))
    most = (func.max(each[name]).label(name) for name in ("east", "north"))
    actors = cast(func.sum(each.actors), Integer).label("actors")
    return select(each.column, each.row, actors, *sums, *least, *most, more).group_by(
        each.column, each.row
    )


def _group(cells: FromClause) -> ColumnElement[Any]:
    """Return a cell as a feature; bbox: of its actors."""
    each = cells.c
    where = (each.lon / each.actors, each.lat / each.actors)
    return json_object(
        type=literal_column("'Feature'"),
        id=_name(cells),
        bbox=_degrees(*(each[name] for name in CORNERS)),
        geometry=json_object(type=literal_column("'Point'"), coordinates=_degrees(*where)),
        properties=json_object(count=each.actors, families=each.families),
    )


def _name(cells: FromClause) -> ColumnElement[str]:
    """Return the name of a cell: zoom/column/row."""
    parts = (_number("zoom"), cells.c.column, cells.c.row)
    return func.concat_ws(literal_column("'/'"), *parts)


def _degrees(*several: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.json_build_array(*(func.round(cast(each, Numeric), DECIMALS) for each in several))


def _number(name: str) -> ColumnElement[int]:
    """Return a number of a window."""
    return bindparam(name, type_=Integer)
