"""Statements of a search: the records of a page, and the map's GeoJSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
)

from app.actors.queries import SHOWN, json_object
from app.find.criteria import Order, Search
from app.find.selection import HERE, chosen, group_of
from app.find.where import Part, metres, point_of, position, text_array
from app.models import Commune, Territory
from app.visibility import published

# More are no map any more, and 30 MB for all of France.
MOST_DRAWN = 5_000
# What the map says of each.
DRAWN = ("public_id", "slug", "name", "category", "functions", "phones", "precision")
# Six decimals of a degree are a tenth of a metre.
DECIMALS: ColumnElement[int] = literal_column("6")

Pairs = Iterable[tuple[str, str]]
# What to sort by, and whether the last comes first.
Key = tuple[ColumnElement[Any], bool]


def _distance(actor: FromClause, search: Search) -> ColumnElement[Any]:
    return metres(actor, search.place) if search.place else cast(null(), Integer)


def _keys(actor: FromClause, search: Search, categories: Iterable[str]) -> list[Key]:
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
    return [(first, search.descending), (column.folded, False), (column.public_id, False)]


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
    keys = _keys(actor, search, categories)
    if grouped:
        keys = [(group, False), *keys]
    found = _records(actor, search, group, keys).where(chosen(actor, search, open_pairs))
    return _part(found, keys, limit, offset)


def everything(
    search: Search, categories: Iterable[str], open_pairs: Pairs = ()
) -> Select[*tuple[Any, ...]]:
    """Return all records of a selection as a table orders them, with what only files carry.

    lon, lat: EPSG:4326 degrees; null, like commune_code, where nothing may be placed.
    """
    actor = published()
    keys = _keys(actor, search, categories)
    point = actor.c.point
    found = (
        _records(actor, search, group_of(actor, search), keys)
        .add_columns(func.ST_X(point).label("lon"), func.ST_Y(point).label("lat"))
        .where(chosen(actor, search, open_pairs))
        .subquery("page")
    )
    return _named(found, keys).add_columns(found.c.lon, found.c.lat, found.c.commune_code)


def nearest(
    search: Search, open_pairs: Pairs = (), *, limit: int, offset: int = 0
) -> Select[*tuple[Any, ...]]:
    """Return the nearest records within the radius, read from the index in order of distance."""
    actor = published()
    assert search.place is not None  # noqa: S101 - said by its caller
    # Those at one distance in the order of every other page: PostgreSQL sorts them as they come.
    distance = point_of(actor).op("<->")(position(search.place))
    keys = [(distance, False), (actor.c.folded, False), (actor.c.public_id, False)]
    group: ColumnElement[int] = literal_column(str(HERE), Integer)
    found = _records(actor, search, group, keys).where(
        chosen(actor, search, open_pairs, part=Part.NEAR)
    )
    return _part(found, keys, limit, offset)


def _records(
    actor: FromClause, search: Search, group: ColumnElement[int], keys: Sequence[Key]
) -> Select[*tuple[Any, ...]]:
    columns = [actor.c[name] for name in (*SHOWN, "commune_code", "age_min", "age_max")]
    return select(
        *columns,
        group.label("group"),
        _distance(actor, search).label("metres"),
        actor.c.point.is_not(None).label("drawn"),
        *(key.label(f"key_{n}") for n, (key, _) in enumerate(keys)),
    )


def _part(
    found: Select[*tuple[Any, ...]], keys: Sequence[Key], limit: int | None, offset: int
) -> Select[*tuple[Any, ...]]:
    """Return a part of the records: the first of many are found without sorting all of them."""
    ordered = found.order_by(*_order(found.selected_columns, keys)).limit(limit).offset(offset)
    return _named(ordered.subquery("page"), keys)


def _named(page: FromClause, keys: Sequence[Key]) -> Select[*tuple[Any, ...]]:
    """Add the names of their places to records, in order."""
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
        .order_by(*_order(page.c, keys))
    )


def _order(columns: Any, keys: Sequence[Key]) -> Iterator[ColumnElement[Any]]:
    for n, (_, descending) in enumerate(keys):
        column = columns[f"key_{n}"]
        yield (column.desc() if descending else column.asc()).nulls_last()


def geojson(search: Search, open_pairs: Pairs = (), *, most: int = MOST_DRAWN) -> Select[str]:
    """Build a selection as GeoJSON text, EPSG:4326: those with a point, the nearest first.

    The member "counts": how many are selected, how many have a point, how many of them are here.
    No row where the territory of the search is none.
    """
    actor = published()
    columns = (actor.c[name] for name in ("point", *DRAWN))
    found = select(*columns).where(chosen(actor, search, open_pairs)).cte("found")
    column = found.c
    nearest_first = [metres(found, search.place)] if search.place else []
    shown = (
        select(found)
        .where(column.point.is_not(None))
        .order_by(*nearest_first, column.public_id.collate("C"))
        .limit(literal(most, Integer))
        .subquery("shown")
    )
    counted = select(func.count(), func.count(found.c.point)).select_from(found).subquery("counted")
    total, drawn = counted.c
    collection = json_object(
        type=literal_column("'FeatureCollection'"),
        counts=json_object(
            total=total, drawn=drawn, shown=func.least(drawn, literal(most, Integer))
        ),
        features=select(
            func.coalesce(func.json_agg(feature(shown)), literal_column("'[]'::json"))
        ).scalar_subquery(),
    )
    written = select(cast(collection, Text)).select_from(counted)
    if search.territory:
        written = written.where(exists().where(Territory.code == literal(search.territory, Text)))
    return written


def feature(actor: FromClause) -> ColumnElement[Any]:
    """Return an actor that has a point as a feature of GeoJSON."""
    column = actor.c
    return json_object(
        type=literal_column("'Feature'"),
        id=column.public_id,
        geometry=cast(func.ST_AsGeoJSON(column.point, DECIMALS), JSON),
        properties=json_object(id=column.public_id, **{name: column[name] for name in DRAWN[1:]}),
    )
