"""Statements over territories, built once, with bound parameters."""

from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.models import Commune, Territory
from app.visibility import published

CODE = bindparam("code", type_=Text)
# Five decimals of a degree are a metre.
DECIMALS: ColumnElement[int] = literal_column("5")
# Three of one a hundred: finer than outlines are.
OF_OUTLINES: ColumnElement[int] = literal_column("3")
# Degrees around the points of communes: all of Saint-Barthélemy around Gustavia.
MARGIN: ColumnElement[float] = literal_column("0.1")


def extent() -> ColumnElement[Any]:
    """Return what a territory reaches over: its outline, far smaller to read than its boundary.

    Where none is known, a box around its communes, and a little more.
    """
    points = func.ST_SetSRID(func.ST_Extent(Commune.point), literal_column("4326"))
    communes = select(func.ST_Expand(points, MARGIN)).where(
        Commune.territory_code == Territory.code
    )
    return func.coalesce(Territory.outline, communes.scalar_subquery())


def edges(shape: ColumnElement[Any]) -> list[ColumnElement[float]]:
    """Return south, west, north and east of a shape."""
    names = {"south": "ST_YMin", "west": "ST_XMin", "north": "ST_YMax", "east": "ST_XMax"}
    return [getattr(func, function)(shape).label(name) for name, function in names.items()]


def _territory() -> Select[*tuple[Any, ...]]:
    """Return a territory, its bounds, and whether its boundary is known."""
    return select(
        Territory.code,
        Territory.name,
        Territory.region_name,
        Territory.outline.is_not(None).label("drawn"),
        *edges(extent()),
    ).where(Territory.code == CODE)


def _boundary() -> Select[str]:
    """Return a territory as one GeoJSON feature; its geometry is null where none is known."""
    key = literal_column
    feature = func.json_build_object(
        *(key("'type'"), key("'Feature'"), key("'id'"), Territory.code),
        *(key("'properties'"), func.json_build_object(key("'name'"), Territory.name)),
        key("'geometry'"),
        cast(func.ST_AsGeoJSON(Territory.boundary, DECIMALS), JSON),
    )
    return select(cast(feature, Text)).where(Territory.code == CODE)


def _outlines() -> Select[str]:
    """Return the outlines of all territories as one GeoJSON collection; ids are their codes."""
    key = literal_column
    feature = func.json_build_object(
        *(key("'type'"), key("'Feature'"), key("'id'"), Territory.code),
        *(key("'properties'"), func.json_build_object(key("'name'"), Territory.name)),
        *(key("'geometry'"), cast(func.ST_AsGeoJSON(Territory.outline, OF_OUTLINES), JSON)),
    )
    every = func.json_agg(aggregate_order_by(feature, Territory.code))
    collection = func.json_build_object(
        *(key("'type'"), key("'FeatureCollection'"), key("'features'"), every)
    )
    return select(cast(collection, Text)).where(Territory.outline.is_not(None))


def reached_elsewhere(actor: FromClause, *, nationwide: bool = True) -> Subquery:
    """Return (code, public_id) of each territory that an actor covers beside that of its seat.

    nationwide: those who cover all of France reach each of them.
    """
    column = actor.c

    def reached(
        place: FromClause, condition: ColumnElement[bool], code: str
    ) -> Select[*tuple[Any, ...]]:
        found = (
            select(place.c[code].label("code"), column.public_id)
            .join_from(actor, place, condition)
            .where(place.c[code] != column.territory_code)
        )
        return found if nationwide else found.where(~column.covers_national)

    def among(code: ColumnElement[str], codes: ColumnElement[Any]) -> ColumnElement[bool]:
        # Most actors list nothing, and the planner knows how many.
        return and_(codes != literal_column("'{}'"), code == func.any(codes))

    territory, commune = Territory.__table__, Commune.__table__
    ways = [
        reached(territory, among(territory.c.code, column.covers_territories), "code"),
        reached(commune, among(commune.c.code, column.covers_communes), "territory_code"),
        reached(commune, among(commune.c.epci_code, column.covers_epcis), "territory_code"),
    ]
    if nationwide:
        ways.append(reached(territory, column.covers_national, "code"))
    return union(*ways).subquery("elsewhere")


def _france() -> Select[*tuple[Any, ...]]:
    """Return every territory with its outline and the number of actors that concern it.

    An actor counts where it has its seat and in each other territory that it covers, as in the
    lists of app.search.actor_queries.
    """
    actor = published()
    column = actor.c
    elsewhere = reached_elsewhere(actor)
    visiting = (
        select(elsewhere.c.code, func.count().label("count"))
        .group_by(elsewhere.c.code)
        .subquery("visiting")
    )
    seated = (
        select(column.territory_code.label("code"), func.count().label("count"))
        .group_by(column.territory_code)
        .subquery("seated")
    )
    return (
        select(
            Territory.code,
            Territory.name,
            Territory.region_name,
            func.ST_AsBinary(Territory.outline).label("outline"),
            (func.coalesce(seated.c.count, 0) + func.coalesce(visiting.c.count, 0)).label("actors"),
        )
        .outerjoin(seated, seated.c.code == Territory.code)
        .outerjoin(visiting, visiting.c.code == Territory.code)
        .order_by(Territory.code)
    )


TERRITORY = _territory()
BOUNDARY = _boundary()
OUTLINES = _outlines()
FRANCE = _france()
NAMES = select(Territory.code, Territory.name, Territory.region_name).order_by(Territory.code)
