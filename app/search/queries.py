"""Statements of a search: the records of a page, and the map's GeoJSON."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Commune, Territory
from app.search.actor_queries import SHOWN, json_object
from app.search.agreement import doubted
from app.search.conditions import TEXTS, bound, is_one_of, text_array
from app.search.counts import Shift
from app.search.criteria import Order, Search
from app.search.in_step import Key, Pairs, in_step
from app.search.selection import HERE, chosen, group_of
from app.search.where import Part, metres, point_of, position, seated
from app.visibility import published

# More are no map any more, and 30 MB for all of France.
MOST_DRAWN = 5_000
# What the map says of each.
DRAWN = ("public_id", "slug", "name", "category", "functions", "phones", "precision")
# Six decimals of a degree are a tenth of a metre.
DECIMALS: ColumnElement[int] = literal_column("6")

FACET_KEYS = bindparam("facet_keys", type_=TEXTS)


def _distance(actor: FromClause, search: Search) -> ColumnElement[Any]:
    return metres(actor, search.place) if search.place else cast(null(), Integer)


def _keys(
    actor: FromClause, search: Search, categories: Iterable[str], distance: ColumnElement[Any]
) -> list[Key]:
    """Return what a list is sorted by, with the same order for what is equal in it."""
    column = actor.c
    order = search.sorted_by
    first: ColumnElement[Any]
    if order is Order.CATEGORY:
        first = func.array_position(text_array(categories), column.category)
    elif order is Order.TOWN:
        first = _of_commune(actor, Commune.search_name)
    elif order is Order.VERIFIED:
        first = column.verified_on
    elif order is Order.DISTANCE and search.place:
        # Not the operator that the index knows: with words to find, it would read all of France
        # by distance.
        first = distance
    else:
        first = column.folded
    rest: list[Key] = [(column.folded, False), (column.public_id, False)]
    if order is Order.DISTANCE and search.place:
        # Who stands nowhere: the territory of the place first, the others one after the other.
        own = column.territory_code == bound(search.place.territory_code, Text)
        territory = case((own, literal_column("''")), else_=column.territory_code)
        rest.insert(0, (case((column.point.is_(None), territory)), False))
    return [(first, search.descending), *rest]


def page(
    search: Search,
    categories: Iterable[str],
    open_pairs: Pairs = (),
    *,
    grouped: bool,
    limit: int | None,
    offset: int = 0,
    by_keys: bool = False,
    on_duty: Collection[Shift] = (),
    part: Part = Part.ALL,
    today: date | None = None,
) -> Select[*tuple[Any, ...]]:
    """Return the records of a part of the list; grouped: group by group, as lists are shown.

    today: the day of Paris, for the steps of a situation.

    by_keys: those that pass have one of FACET_KEYS, and an index finds who has. on_duty: the shifts
    of this moment. part: NEAR where all of the page are in the first group, around a place.
    """
    actor = published()
    group = (_here() if part is Part.NEAR else group_of(actor, search)).label("group")
    distance = _distance(actor, search).label("metres")
    keys = _keys(actor, search, categories, distance)
    if grouped and search.situation and search.order is None:
        keys = [*in_step(actor, search, open_pairs, on_duty, today), *keys]
    if grouped:
        keys = [(group, False), *keys]
    found = _records(group, distance, search)
    if by_keys:
        # Alone: the planner takes those within a radius to be fewer, and would read them all.
        same = actor.alias("same")
        having = select(same).where(is_one_of(same.c.facet_key, FACET_KEYS)).offset(0).subquery()
        ids = select(having.c.public_id).where(chosen(having, search, open_pairs, part=part))
        found = found.where(actor.c.public_id == func.any(func.array(ids.scalar_subquery())))
    else:
        found = found.where(chosen(actor, search, open_pairs, part=part))
    return found.order_by(*_order(keys)).limit(limit).offset(offset)


def everything(
    search: Search, categories: Iterable[str], open_pairs: Pairs = ()
) -> Select[*tuple[Any, ...]]:
    """Return all records of a selection as a table orders them, with what only files carry.

    lon, lat: EPSG:4326 degrees; null, like commune_code, where nothing may be placed. postcodes:
    of its commune.
    """
    actor = published()
    point = actor.c.point
    distance = _distance(actor, search).label("metres")
    return (
        _records(group_of(actor, search).label("group"), distance, search)
        .add_columns(
            func.ST_X(point).label("lon"),
            func.ST_Y(point).label("lat"),
            actor.c.commune_code,
            _of_commune(actor, Commune.postcodes).label("postcodes"),
            actor.c.covers_national,
            actor.c.covers_territories,
        )
        .where(chosen(actor, search, open_pairs))
        .order_by(*_order(_keys(actor, search, categories, distance)))
    )


def neutral(
    search: Search, territories: Iterable[str], open_pairs: Pairs = ()
) -> Select[int, str, str, int]:
    """Count the protected actors of some territories that have no number of their own.

    By group, territory and category.
    """
    actor = published()
    column = actor.c
    keys = (group_of(actor, search), column.territory_code, column.category)
    return (
        select(*(key.label(f"key_{n}") for n, key in enumerate(keys)), func.count())
        .where(
            seated(column.territory_code, tuple(territories)),
            column.protected,
            func.cardinality(column.phones) == literal_column("0"),
            chosen(actor, search, open_pairs),
        )
        .group_by(*(literal_column(str(n)) for n, _ in enumerate(keys, 1)))
    )


def nearest(
    search: Search, open_pairs: Pairs = (), *, limit: int, offset: int = 0, among: int = 0
) -> Select[*tuple[Any, ...]]:
    """Return the nearest records within the radius, read from the index in order of distance.

    among: look no further than at so many actors, whatever they are; 0: until the page is full.
    """
    actor = published()
    found = _records(_here().label("group"), _distance(actor, search).label("metres"), search)
    order = tuple(_order(_by_index(actor, search)))
    if not among:
        found = found.where(chosen(actor, search, open_pairs, part=Part.NEAR))
        return found.order_by(*order).limit(limit).offset(offset)
    same = actor.alias("same")
    by_index = _by_index(same, search)[0][0]
    # Whole spots only: of who stands at one, the order of a page decides.
    closest = (
        select(same, by_index.label("by_index"))
        .where(same.c.point.is_not(None))
        .order_by(by_index)
        .fetch(among, with_ties=True)
        .subquery("closest")
    )
    column = closest.c
    ids = (
        select(column.public_id)
        .where(chosen(closest, search, open_pairs, part=Part.NEAR))
        .order_by(column.by_index, column.folded, column.public_id)
        .limit(limit)
        .offset(offset)
    )
    among_them = actor.c.public_id == func.any(func.array(ids.scalar_subquery()))
    return found.where(among_them).order_by(*order)


def _here() -> ColumnElement[int]:
    return literal_column(str(HERE), Integer)


def _by_index(actor: FromClause, search: Search) -> list[Key]:
    """Return what sorts by distance as the index does, then in the order of every other page."""
    assert search.place is not None  # noqa: S101 - said by its caller
    by_index = point_of(actor).op("<->")(position(search.place))
    # Those at one distance are sorted by PostgreSQL as they come.
    return [(by_index, False), (actor.c.folded, False), (actor.c.public_id, False)]


def _records(
    group: ColumnElement[Any], distance: ColumnElement[Any], search: Search
) -> Select[*tuple[Any, ...]]:
    found = select(*_shown(), group, distance)
    if search.place is None or search.place.commune_code is None:
        return found
    return found.add_columns(doubted(published(), search.place.commune_code).label("doubted"))


@cache
def _shown() -> tuple[ColumnElement[Any], ...]:
    """Return what a list shows of an actor whatever is asked, put together once.

    Names of places are looked up one by one, since PostgreSQL does so for those of a page alone.
    """
    actor = published()
    seat = Territory.__table__.alias("seat")
    of_seat = select(seat.c.name).where(seat.c.code == actor.c.territory_code)
    return (
        *(actor.c[name] for name in SHOWN),
        actor.c.point.is_not(None).label("drawn"),
        _of_commune(actor, Commune.name).label("commune_name"),
        of_seat.scalar_subquery().label("seat_territory_name"),
    )


def _of_commune(actor: FromClause, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return select(column).where(Commune.code == actor.c.commune_code).scalar_subquery()


def _order(keys: Iterable[Key]) -> Iterator[ColumnElement[Any]]:
    for key, descending in keys:
        yield (key.desc() if descending else key.asc()).nulls_last()


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
    if search.territory is not None:
        written = written.where(exists().where(Territory.code == bound(search.territory, Text)))
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
