"""Where a search looks, as conditions over the public record, with bound parameters.

Distances are metres on a sphere. What is protected has no point, so nothing here can place it: it
is chosen by its territory alone.
"""

from collections.abc import Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    FromClause,
    Text,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)

from app.models import Commune, Territory
from app.places.extent import Extent
from app.places.schemas import Area, Place
from app.search.agreement import named
from app.search.conditions import bound, has_code, has_one_of, is_one_of, text_array
from app.search.criteria import Search
from app.search.situations import Role, departmental_roles, roles

METRES = 1000.0


class Part(Enum):
    """Which part of a selection around a place."""

    ALL = "all"
    NEAR = "near"
    OTHERS = "others"


# The same object wherever a statement speaks of a place, which is then sent and read once.
@lru_cache(maxsize=200)
def position(place: Place) -> ColumnElement[Any]:
    """Return a place as a geography, EPSG:4326."""
    point = func.ST_SetSRID(
        func.ST_MakePoint(bound(place.lon, Float), bound(place.lat, Float)),
        literal_column("4326"),
    )
    return _geography(point)


def point_of(actor: FromClause) -> ColumnElement[Any]:
    """Return an actor's point as ix_actor_around holds it."""
    return _geography(actor.c.point)


def _geography(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    return geometry.op("::", precedence=15, is_comparison=False)(literal_column("geography"))


def metres(actor: FromClause, place: Place) -> ColumnElement[float]:
    """Return how far an actor is, in metres as the crow flies; null for one without a point."""
    return func.ST_Distance(point_of(actor), position(place), false())


def within(actor: FromClause, place: Place, km: int) -> ColumnElement[bool]:
    """Say that an actor has a point, and that it is near enough."""
    return func.ST_DWithin(point_of(actor), position(place), literal(km * METRES, Float), false())


def inside(actor: FromClause, extent: Extent) -> ColumnElement[bool]:
    """Say that an actor has a point, and that it is in an extent or on its border."""
    corners = (
        literal(each, Float) for each in (extent.west, extent.south, extent.east, extent.north)
    )
    return func.ST_Intersects(
        actor.c.point, func.ST_MakeEnvelope(*corners, literal_column("4326")), type_=Boolean
    )


def covers(actor: FromClause, area: Area) -> ColumnElement[bool]:
    """Say that an actor is in charge of an area: its list says so, or a register of the commune."""
    column = actor.c
    found: list[ColumnElement[bool]] = [column.covers_national]
    for codes, code in (
        (column.covers_territories, area.territory_code),
        (column.covers_epcis, area.epci_code),
        (column.covers_communes, area.commune_code),
    ):
        if code is not None:
            found.append(has_code(codes, code))
    if area.commune_code is not None:
        found.append(named(actor, area.commune_code))
    return or_(*found)


def in_charge(actor: FromClause, area: Area) -> ColumnElement[bool]:
    """Say that an actor covers an area, or is what its département has one of by law."""
    own = actor.c.territory_code == bound(area.territory_code, Text)
    return or_(covers(actor, area), and_(_departmental_by_law(actor), own))


# Put together once for the public record, which is always the same object: its aliases are not.
@lru_cache(maxsize=10)
def _departmental_by_law(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor is in charge of its territory, and that its list says nothing else."""
    column = actor.c
    silent = and_(
        ~column.covers_national,
        func.cardinality(column.covers_territories)
        + func.cardinality(column.covers_epcis)
        + func.cardinality(column.covers_communes)
        == literal_column("0"),
    )
    return and_(or_(*(_departmental(actor, role) for role in departmental_roles())), silent)


def _departmental(actor: FromClause, role: Role) -> ColumnElement[bool]:
    of_role = is_one_of(actor.c.category, role.categories)
    if role.departmental:
        return of_role
    return and_(of_role, actor.c.functions.bool_op("@>")(text_array([role.departmental_if])))


def seated(column: ColumnElement[Any], territories: Sequence[str]) -> ColumnElement[bool]:
    """Say that a column holds the code of one of some territories."""
    if len(territories) == 1:
        # The planner knows how many there are of one, and guesses of an array.
        return column == bound(territories[0], Text)
    return is_one_of(column, territories)


def concerns(actor: FromClause, territories: Sequence[str]) -> ColumnElement[bool]:
    """Say that an actor has its seat in one of some territories or covers a part of one."""
    here = seated(Commune.__table__.c.territory_code, territories)
    communes = func.array(select(Commune.code).where(here).scalar_subquery())
    epcis = func.array(select(Commune.epci_code).where(here).distinct().scalar_subquery())
    column = actor.c
    covered = column.covers_territories
    one = len(territories) == 1
    return or_(
        seated(column.territory_code, territories),
        column.covers_national,
        has_code(covered, territories[0]) if one else has_one_of(covered, territories),
        column.covers_communes.bool_op("&&")(communes),
        column.covers_epcis.bool_op("&&")(epcis),
    )


def near(actor: FromClause, search: Search) -> ColumnElement[bool]:
    """Say that an actor stands within the radius of the place of a search, or in its extent."""
    if search.place is None:
        return false()
    if search.extent:
        return inside(actor, search.extent)
    if search.reach is None:
        return actor.c.point.is_not(None)
    return within(actor, search.place, search.reach)


def scope(actor: FromClause, search: Search, part: Part) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of actors where a search looks, and of this part of them only."""
    if territories := search.territories:
        yield concerns(actor, territories)
    elif search.place and part is Part.NEAR:
        yield near(actor, search)
    elif search.place and search.reach is None:
        # All there are, wherever they may be: those without a point follow, by territory.
        if part is not Part.ALL:
            yield actor.c.point.is_(None)
    elif search.place:
        place = search.place
        local = and_(
            actor.c.point.is_(None),
            actor.c.territory_code == bound(place.territory_code, Text),
        )
        if part is Part.ALL:
            yield or_(near(actor, search), in_charge(actor, place.area), local)
        else:
            yield or_(in_charge(actor, place.area), local)
            yield ~func.coalesce(near(actor, search), false(), type_=Boolean)


def left_out(actor: FromClause, search: Search) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of actors that a search does not leave out.

    They are far enough from what it excludes, or decide where one looks: these must be asked.
    """
    if not search.excludes:
        return
    areas = [Area(None, None, code) for code in search.territories]
    if search.place:
        areas.append(search.place.area)
    elsewhere = and_(true(), *_elsewhere(actor, search))
    yield or_(elsewhere, *(decides(actor, area) for area in areas))


def decides(actor: FromClause, area: Area) -> ColumnElement[bool]:
    """Say that an actor is who decides of the protection of a child in an area."""
    codes = [code for role in roles() if role.decides for code in role.categories]
    return and_(is_one_of(actor.c.category, codes), in_charge(actor, area))


def _elsewhere(actor: FromClause, search: Search) -> Iterator[ColumnElement[bool]]:
    if search.without:
        yield actor.c.territory_code != func.all(text_array(search.without))
    if search.far:
        # What has no point may be anywhere in its territory: it stays only where all of that is
        # far enough.
        territory = Territory.__table__.alias("touched")
        circle = func.geometry(
            func.ST_Buffer(position(search.far), literal(search.far_km * METRES, Float))
        )
        touched = func.array(
            select(territory.c.code)
            .where(
                or_(
                    territory.c.boundary.is_(None),
                    func.ST_Intersects(territory.c.boundary, circle),
                )
            )
            .scalar_subquery()
        )
        yield case(
            (actor.c.point.is_not(None), ~within(actor, search.far, search.far_km)),
            else_=actor.c.territory_code != func.all(touched),
        )
        # Its distances run from the middle of it, and Paris is larger than 5 km.
        if search.far.is_commune:
            commune = literal(search.far.code, Text)
            yield actor.c.commune_code.is_distinct_from(commune)
