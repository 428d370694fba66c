"""Statements of a search: the records of a page, and the map's GeoJSON."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
)

from app.actors.queries import SHOWN, json_object
from app.find.criteria import Order, Search
from app.find.selection import HERE, Part, chosen, group_of, metres, point_of, position, text_array
from app.models import Commune, Territory
from app.visibility import published

# More are no map any more, and 30 MB for all of France.
MOST_DRAWN = 5_000
# Six decimals of a degree are a tenth of a metre.
DECIMALS: ColumnElement[int] = literal_column("6")

Pairs = Iterable[tuple[str, str]]


def _distance(actor: FromClause, search: Search) -> ColumnElement[Any]:
    return metres(actor, search.place) if search.place else cast(null(), Integer)


def _order(
    actor: FromClause, search: Search, categories: Iterable[str]
) -> tuple[ColumnElement[Any], ...]:
    """Return what a list is sorted by, with the same order for what is alike."""
    column = actor.c
    town = select(Commune.search_name).where(Commune.code == column.commune_code).scalar_subquery()
    first: ColumnElement[Any] = {
        Order.CATEGORY: func.array_position(text_array(categories), column.category),
        Order.NAME: column.folded,
        Order.TOWN: town,
        # Not the operator that the index knows: with words to find, it would read all of France
        # by distance.
        Order.DISTANCE: _distance(actor, search),
        Order.VERIFIED: column.verified_on,
    }[search.sorted_by]
    if search.sorted_by is Order.DISTANCE and search.place is None:
        first = column.folded
    first = first.desc() if search.descending else first.asc()
    return (first.nulls_last(), column.folded, column.public_id)


def _named(page: FromClause) -> Select[*tuple[Any, ...]]:
    """Add the names of their places to the records of a page."""
    seat = Territory.__table__.alias("seat")
    return (
        select(
            *(page.c[name] for name in SHOWN),
            page.c.metres,
            page.c["group"],
            page.c.drawn,
            page.c.age_min,
            page.c.age_max,
            Commune.name.label("commune_name"),
            seat.c.name.label("seat_territory_name"),
        )
        .outerjoin(Commune, Commune.code == page.c.commune_code)
        .join(seat, seat.c.code == page.c.territory_code)
        .order_by(page.c.rank)
    )


def page(
    search: Search,
    categories: Iterable[str],
    open_pairs: Pairs = (),
    *,
    grouped: bool,
    limit: int | None,
    offset: int = 0,
) -> Select[*tuple[Any, ...]]:
    """Return the records of a part of the list; grouped: group by group, as lists are shown."""
    actor = published()
    group = group_of(actor, search)
    order = _order(actor, search, categories)
    if grouped:
        order = (group.asc(), *order)
    found = _page(actor, search, group, order).where(chosen(actor, search, open_pairs))
    return _named(found.limit(limit).offset(offset).subquery("page"))


def everything(
    search: Search, categories: Iterable[str], open_pairs: Pairs = ()
) -> Select[*tuple[Any, ...]]:
    """Return all records of a selection as a table orders them, with what only files carry.

    lon, lat: EPSG:4326 degrees; null, like commune_code, where nothing may be placed.
    """
    actor = published()
    order = _order(actor, search, categories)
    point = actor.c.point
    found = (
        _page(actor, search, group_of(actor, search), order)
        .add_columns(func.ST_X(point).label("lon"), func.ST_Y(point).label("lat"))
        .where(chosen(actor, search, open_pairs))
        .subquery("page")
    )
    return _named(found).add_columns(found.c.lon, found.c.lat, found.c.commune_code)


def nearest(
    search: Search, open_pairs: Pairs = (), *, limit: int, offset: int = 0
) -> Select[*tuple[Any, ...]]:
    """Return the nearest records within the radius, read from the index in order of distance."""
    actor = published()
    assert search.place is not None  # noqa: S101 - said by its caller
    order = (point_of(actor).op("<->")(position(search.place)),)
    group: ColumnElement[int] = literal_column(str(HERE), Integer)
    found = _page(actor, search, group, order).where(
        chosen(actor, search, open_pairs, part=Part.NEAR)
    )
    return _named(found.limit(limit).offset(offset).subquery("page"))


def _page(
    actor: FromClause,
    search: Search,
    group: ColumnElement[int],
    order: tuple[ColumnElement[Any], ...],
) -> Select[*tuple[Any, ...]]:
    columns = [actor.c[name] for name in (*SHOWN, "commune_code", "age_min", "age_max")]
    return select(
        *columns,
        group.label("group"),
        _distance(actor, search).label("metres"),
        actor.c.point.is_not(None).label("drawn"),
        func.row_number().over(order_by=order).label("rank"),
    ).order_by(*order)


def geojson(search: Search, open_pairs: Pairs = (), *, most: int = MOST_DRAWN) -> Select[str]:
    """Build a selection as GeoJSON text, EPSG:4326: those with a point, the nearest first.

    The member "counts": how many are selected, how many have a point, how many of them are here.
    """
    actor = published()
    column = actor.c
    order: tuple[ColumnElement[Any], ...] = (column.public_id,)
    if search.place:
        order = (metres(actor, search.place), *order)
    found = (
        select(actor, func.row_number().over(order_by=(column.point.is_(None), *order)).label("n"))
        .where(chosen(actor, search, open_pairs))
        .subquery("found")
    )
    column = found.c
    drawn = column.point.is_not(None)
    shown = drawn & (column.n <= literal(most, Integer))
    feature = json_object(
        type=literal_column("'Feature'"),
        id=column.public_id,
        geometry=cast(func.ST_AsGeoJSON(column.point, DECIMALS), JSON),
        properties=json_object(
            id=column.public_id,
            slug=column.slug,
            name=column.name,
            category=column.category,
            functions=column.functions,
            phones=column.phones,
            precision=column.precision,
        ),
    )
    collection = json_object(
        type=literal_column("'FeatureCollection'"),
        counts=json_object(
            total=func.count(),
            drawn=func.count().filter(drawn),
            shown=func.count().filter(shown),
        ),
        features=func.coalesce(func.json_agg(feature).filter(shown), literal_column("'[]'::json")),
    )
    return select(cast(collection, Text)).select_from(found)
