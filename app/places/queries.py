"""Statements over communes and what is part of them, built once, with bound parameters.

Each gives rows of the same columns, those of `_COLUMNS`, of communes and of former communes and
arrondissements under their own name.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Commune, FormerCommune, Territory
from app.platform.database.driver import compiled

WORDS = bindparam("words", type_=Text)
# Follows every name that begins with words, which hold letters, digits and spaces alone.
AFTER = bindparam("after", type_=Text)
TELLING = bindparam("telling", type_=Text)
LEAST, LEAST_OF_WORDS = (bindparam(name, type_=Text) for name in ("least", "least_of_words"))
NAMES = bindparam("names", type_=ARRAY(Text))
CODES = bindparam("codes", type_=ARRAY(Text))
POSTCODES = bindparam("postcodes", type_=ARRAY(Text))
# A code, or null for everywhere.
TERRITORY = bindparam("territory", type_=Text)
LAT, LON = bindparam("lat", type_=Float), bindparam("lon", type_=Float)
MANY: ColumnElement[int] = literal_column("60")
# From here an unknown position belongs to nothing: Geneva is 4 km from a commune, London 140.
FAR_METRES: ColumnElement[float] = literal_column("20000")

# Communes of a name, without their article: "commune" is theirs, "former" what is part of another.
Condition = ColumnElement[bool]


def _found(commune: Condition, former: Condition, *first: Any) -> Select[*tuple[Any, ...]]:
    """Return MANY of the places that fit, those of first before the largest, in no order."""
    own, part = Commune, FormerCommune
    places = union_all(
        select(
            own.code,
            own.name,
            own.search_name,
            literal("commune").label("commune_type"),
            own.postcodes,
            own.population,
            own.code.label("commune_code"),
            own.name.label("commune_name"),
            own.territory_code,
            own.epci_code,
            own.point,
        ).where(commune, _there()),
        select(
            part.code,
            part.name,
            part.search_name,
            part.commune_type,
            part.postcodes,
            part.population,
            own.code,
            own.name,
            own.territory_code,
            own.epci_code,
            func.coalesce(part.point, own.point),
        )
        .join(own, own.code == part.commune_code)
        # The part that a commune was named after is that commune to whoever types its name.
        .where(former, part.name != "", part.search_name != own.search_name, _there()),
    ).subquery("place")
    size = (places.c.population.desc().nulls_last(), places.c.code)
    # Cut before anything else is looked up for it: "s" begins 7,000 names.
    few = (
        select(places)
        .order_by(*(each(places.c) for each in first), *size)
        .limit(MANY)
        .subquery("few")
    )
    return select(
        *(each for each in few.c if each.key != "point"),
        Territory.name.label("territory_name"),
        func.ST_X(few.c.point).label("lon"),
        func.ST_Y(few.c.point).label("lat"),
    ).join(Territory, Territory.code == few.c.territory_code)


def _there() -> Condition:
    return or_(TERRITORY.is_(None), Commune.territory_code == TERRITORY)


def _begins(name: InstrumentedAttribute[str]) -> Condition:
    # Not LIKE: a plan made once for every text could not use the index of names.
    return and_(name.bool_op("~>=~")(WORDS), name.bool_op("~<~")(AFTER))


def _both(condition: Any) -> tuple[Condition, Condition]:
    return condition(Commune.search_name), condition(FormerCommune.search_name)


def _any_postcode(table: type[Commune] | type[FormerCommune]) -> Condition:
    return table.postcodes.bool_op("&&")(POSTCODES)


def _around() -> Select[*tuple[Any, ...]]:
    """Return the territory and the commune of a position: that of its boundary, else the nearest.

    Which commune is a guess, the one whose point is nearest: the table has no polygons of
    communes, and a point of the grid may lie beyond the border of the right one.
    """
    here = func.ST_SetSRID(func.ST_MakePoint(LON, LAT), literal_column("4326"))
    inside = (
        select(Territory.code).where(func.ST_Intersects(Territory.boundary, here)).limit(1)
    ).cte("inside")
    code = select(inside.c.code).scalar_subquery()
    degrees = Commune.point.op("<->")(here)
    # Degrees of longitude are shorter: metres choose among the ten that are nearest by degrees.
    commune = select(
        Commune.code, Commune.name, Commune.territory_code, Commune.epci_code, Commune.point
    ).limit(literal_column("10"))
    # Not by the index of points, which goes through all of France for the only one of Paris.
    within = commune.where(Commune.territory_code == code).order_by(degrees + literal_column("0"))
    near = commune.where(code.is_(None)).order_by(degrees)
    nearest = union_all(within.subquery().select(), near.subquery().select()).subquery("nearest")
    metres = func.ST_DistanceSphere(nearest.c.point, here)
    return (
        select(
            nearest.c.code,
            nearest.c.name,
            nearest.c.territory_code,
            nearest.c.epci_code,
        )
        .where(or_(code.is_not(None), metres < FAR_METRES))
        .order_by(metres, nearest.c.code)
        .limit(literal_column("1"))
    )


BY_PREFIX = _found(*_both(_begins), lambda column: (column.search_name == WORDS).desc())
BY_WORD = _found(*_both(lambda name: name.like(func.concat("% ", WORDS, "%"))))
BY_NAME = _found(*_both(lambda name: name == func.any(NAMES)))
BY_SIMILARITY = _found(
    *_both(lambda name: name.bool_op("%")(WORDS)),
    lambda column: func.similarity(column.search_name, WORDS).desc(),
)
BY_POSTCODE = _found(_any_postcode(Commune), _any_postcode(FormerCommune))
BY_CODE = _found(Commune.code == func.any(CODES), FormerCommune.code == func.any(CODES))
# Codes of no name lead to what has become of them.
SUCCESSOR = select(FormerCommune.commune_code).where(FormerCommune.code == func.any(CODES)).limit(1)
# 4,000 names are like "saint dneis" by saint alone: what follows must be like it as well. Letters
# that changed places leave "dneis" a fifth of the trigrams of "denis".
BY_SIMILARITY_AFTER_SAINT = _found(
    *_both(lambda name: and_(name.bool_op("%")(WORDS), name.bool_op("%>")(TELLING))),
    lambda column: func.similarity(column.search_name, WORDS).desc(),
)
# For the transaction: from which similarity, 0 to 1, the two above take a name for another.
SIMILARITY_LIMITS = select(
    *(
        func.set_config(literal_column(f"'pg_trgm.{name}'"), least, literal_column("true"))
        for name, least in (
            ("similarity_threshold", LEAST),
            ("word_similarity_threshold", LEAST_OF_WORDS),
        )
    )
)
# PostgreSQL's own, by which a search then takes the name of an actor for another.
USUAL_LIMITS = {"least": "0.3", "least_of_words": "0.6"}
TERRITORIES = select(
    Territory.code, Territory.name, Territory.slug, Territory.territory_type, Territory.region_name
).order_by(Territory.code)
AROUND = compiled(_around())
