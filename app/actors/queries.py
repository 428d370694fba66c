"""Statements over the actors of a territory, built once, with bound parameters.

Parameters: territory, a code; categories, functions, audiences, arrays of codes or null (see
Filters.parameters). All of them share `concerns` and `passes`, so that list, map and counts agree.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    create_engine,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.sql.selectable import CompoundSelect

from app.models import Commune, Epci, Territory
from app.visibility import published

TEXTS = ARRAY(Text)
TERRITORY = bindparam("territory", type_=Text)
TERRITORIES = bindparam("territories", type_=TEXTS)
CATEGORIES = bindparam("categories", type_=TEXTS)
FUNCTIONS = bindparam("functions", type_=TEXTS)
AUDIENCES = bindparam("audiences", type_=TEXTS)
PUBLIC_ID = bindparam("public_id", type_=Text)
# In which categories are listed: that of the vocabulary.
ORDER = bindparam("order", type_=TEXTS)
# Six decimals of a degree are a tenth of a metre.
DECIMALS: ColumnElement[int] = literal_column("6")

# What a card says; the rest of the public record is for filters and for the map.
SHOWN = (
    *("public_id", "slug", "protected", "category", "name", "acronym", "description"),
    *("functions", "audiences", "phones", "email", "website", "opening_hours", "address"),
    *("precision", "territory_code", "verified_on"),
)


def concerns(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor has its seat in the territory or covers some of it."""
    here = Commune.territory_code == TERRITORY
    communes = func.array(select(Commune.code).where(here).scalar_subquery())
    epcis = func.array(select(Commune.epci_code).where(here).distinct().scalar_subquery())
    column = actor.c
    return or_(
        column.territory_code == TERRITORY,
        column.covers_national,
        column.covers_territories.bool_op("@>")(cast(array([TERRITORY]), TEXTS)),
        column.covers_communes.bool_op("&&")(communes),
        column.covers_epcis.bool_op("&&")(epcis),
    )


def in_category(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor passes the filter on categories."""
    return or_(CATEGORIES.is_(None), actor.c.category == func.any(CATEGORIES))


def in_function(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor passes the filter on functions."""
    return or_(FUNCTIONS.is_(None), actor.c.functions.bool_op("&&")(FUNCTIONS))


def in_audience(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor passes the filter on audiences."""
    return or_(AUDIENCES.is_(None), actor.c.audiences.bool_op("&&")(AUDIENCES))


def passes(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor passes every filter."""
    return and_(in_category(actor), in_function(actor), in_audience(actor))


def json_object(**values: ColumnElement[Any]) -> ColumnElement[Any]:
    """Build a JSON object whose keys are part of the statement, not parameters of it."""
    pairs = (part for key, value in values.items() for part in (literal_column(f"'{key}'"), value))
    return func.json_build_object(*pairs)


def _records() -> tuple[FromClause, Select[*tuple[Any, ...]]]:
    """Return actors with the names of their places; geometries stay in the database."""
    actor = published()
    seat = Territory.__table__.alias("seat")
    columns = [actor.c[name] for name in SHOWN]
    return actor, (
        select(
            *columns,
            Commune.name.label("commune_name"),
            seat.c.name.label("seat_territory_name"),
            actor.c.point.is_not(None).label("drawn"),
        )
        .outerjoin(Commune, Commune.code == actor.c.commune_code)
        .join(seat, seat.c.code == actor.c.territory_code)
    )


def _list() -> Select[*tuple[Any, ...]]:
    actor, records = _records()
    return records.where(concerns(actor), passes(actor)).order_by(
        func.array_position(ORDER, actor.c.category), actor.c.name, actor.c.public_id
    )


def _sheet() -> Select[*tuple[Any, ...]]:
    """Return one actor, with the names of what it covers."""
    actor, records = _records()

    def names(place: FromClause, codes: ColumnElement[Any]) -> ColumnElement[Any]:
        found = select(place.c.name).where(place.c.code == func.any(codes)).order_by(place.c.name)
        return func.array(found.scalar_subquery())

    return records.add_columns(
        actor.c.age_min,
        actor.c.age_max,
        actor.c.covers_national,
        names(Territory.__table__.alias("covered"), actor.c.covers_territories).label(
            "covered_territories"
        ),
        names(Epci.__table__, actor.c.covers_epcis).label("covered_epcis"),
        names(Commune.__table__.alias("covered_commune"), actor.c.covers_communes).label(
            "covered_communes"
        ),
    ).where(actor.c.public_id == PUBLIC_ID)


def _facets() -> CompoundSelect[str, str, int]:
    """Count actors by value: the counts of a filter apply the other two, not its own."""
    actor = published()
    found = (
        select(
            actor.c.public_id,
            actor.c.category,
            actor.c.functions,
            actor.c.audiences,
            in_category(actor).label("by_category"),
            in_function(actor).label("by_function"),
            in_audience(actor).label("by_audience"),
        )
        .where(concerns(actor))
        .cte("found")
    )
    column = found.c

    def count(*others: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count(column.public_id.distinct()).filter(and_(*others))

    def of_array(
        name: str, values: ColumnElement[Any], *others: ColumnElement[bool]
    ) -> Select[str, str, int]:
        one = func.unnest(values).table_valued("code", joins_implicitly=True).render_derived()
        # found first: a function may only read what stands to the left of it.
        return (
            select(literal(name, Text), one.c.code, count(*others))
            .select_from(found, one)
            .group_by(one.c.code)
        )

    return union_all(
        select(
            literal("categorie", Text).label("facet"),
            column.category.label("code"),
            count(column.by_function, column.by_audience).label("count"),
        ).group_by(column.category),
        of_array("fonction", column.functions, column.by_category, column.by_audience),
        of_array("public", column.audiences, column.by_category, column.by_function),
    )


def _crip_phones() -> Select[str, list[str]]:
    """Return the numbers of the CRIP of each territory, which take calls for protected places."""
    actor = published()
    column = actor.c
    return (
        select(column.territory_code, column.phones)
        .where(
            column.territory_code == func.any(TERRITORIES),
            column.category == literal_column("'crip'"),
            ~column.protected,
            func.cardinality(column.phones) > 0,
        )
        .order_by(column.territory_code, column.name, column.public_id)
    )


def _geojson() -> Select[str]:
    """Build the actors of a territory as GeoJSON text: no row where there is no such territory."""
    actor = published()
    column = actor.c
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
    drawn = column.point.is_not(None)
    features = func.json_agg(feature).filter(drawn)
    collection = json_object(
        type=literal_column("'FeatureCollection'"),
        counts=json_object(total=func.count(), drawn=func.count().filter(drawn)),
        features=func.coalesce(features, literal_column("'[]'::json")),
    )
    text = select(cast(collection, Text)).where(concerns(actor), passes(actor))
    return select(text.scalar_subquery()).where(Territory.code == TERRITORY)


LIST = _list()
SHEET = _sheet()
FACETS = _facets()
CRIP_PHONES = _crip_phones()
# As text, since the answer is passed through without SQLAlchemy: half the cost of a request.
GEOJSON_SQL = str(_geojson().compile(dialect=create_engine("postgresql+psycopg://").dialect))
