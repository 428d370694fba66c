"""Which actors a search selects, as conditions over the public record, with bound parameters.

List, map, table, counts and exports all take their actors from `chosen`, so that they agree. A
condition is built only where the search asks for it: the planner then knows what it filters by.
Distances are metres on a sphere. What is protected has no point, so nothing here can place it: it
is chosen by its territory alone.
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.find.criteria import FACETS, Match, Opening, Search
from app.find.situations import Role, Step, departmental_roles
from app.find.words import folded, tsquery
from app.hours import ROUND_THE_CLOCK
from app.models import Commune, Territory
from app.places.schemas import Place

TEXTS = ARRAY(Text)
METRES = 1000.0
# Share of the trigrams of a text that a name must have to resemble it, as PostgreSQL has it.
ALIKE = "0.6"
# Names of filters -> columns of the public record.
COLUMNS = {"categorie": "category", "fonction": "functions", "public": "audiences"}

# Groups of a list, in the order in which they are shown.
HERE, COMPETENT, WITHHELD = 0, 1, 2


class Part(Enum):
    """Which part of a selection around a place."""

    ALL = "all"
    NEAR = "near"
    OTHERS = "others"


def text_array(values: Iterable[str]) -> ColumnElement[Any]:
    """Return values as one bound array of text, whatever their number."""
    return literal(list(values), TEXTS)


def position(place: Place) -> ColumnElement[Any]:
    """Return a place as a geography, EPSG:4326."""
    point = func.ST_SetSRID(
        func.ST_MakePoint(literal(place.lon, Float), literal(place.lat, Float)),
        literal_column("4326"),
    )
    return _geography(point)


def point_of(actor: FromClause) -> ColumnElement[Any]:
    """Return an actor's point as ix_actor_geography holds it."""
    return _geography(actor.c.point)


def _geography(geometry: ColumnElement[Any]) -> ColumnElement[Any]:
    return geometry.op("::", precedence=15, is_comparison=False)(literal_column("geography"))


def metres(actor: FromClause, place: Place) -> ColumnElement[float]:
    """Return how far an actor is, in metres as the crow flies; null for one without a point."""
    return func.ST_Distance(point_of(actor), position(place), false())


def within(actor: FromClause, place: Place, km: int) -> ColumnElement[bool]:
    """Say that an actor has a point, and that it is near enough."""
    return func.ST_DWithin(point_of(actor), position(place), literal(km * METRES, Float), false())


# --- where ---------------------------------------------------------------------------------------


def covers(actor: FromClause, place: Place) -> ColumnElement[bool]:
    """Say that an actor is in charge of a place, whose commune or territory its list names."""
    column = actor.c
    found: list[ColumnElement[bool]] = [column.covers_national]
    for codes, code in (
        (column.covers_territories, place.territory_code),
        (column.covers_epcis, place.epci_code),
        (column.covers_communes, place.commune_code),
    ):
        if code:
            found.append(codes.bool_op("@>")(text_array([code])))
    return or_(*found)


def in_charge(actor: FromClause, place: Place) -> ColumnElement[bool]:
    """Say that an actor covers a place, or is what its département has one of by law."""
    column = actor.c
    silent = and_(
        ~column.covers_national,
        func.cardinality(column.covers_territories)
        + func.cardinality(column.covers_epcis)
        + func.cardinality(column.covers_communes)
        == literal_column("0"),
    )
    own = and_(
        or_(*(_departmental(actor, role) for role in departmental_roles())),
        column.territory_code == literal(place.territory_code, Text),
        silent,
    )
    return or_(covers(actor, place), own)


def _departmental(actor: FromClause, role: Role) -> ColumnElement[bool]:
    of_role = actor.c.category == func.any(text_array(role.categories))
    if role.departmental:
        return of_role
    return and_(of_role, actor.c.functions.bool_op("@>")(text_array([role.departmental_if])))


def concerns(actor: FromClause, territory: str) -> ColumnElement[bool]:
    """Say that an actor has its seat in a territory or covers some of it."""
    code = literal(territory, Text)
    here = Commune.territory_code == code
    communes = func.array(select(Commune.code).where(here).scalar_subquery())
    epcis = func.array(select(Commune.epci_code).where(here).distinct().scalar_subquery())
    column = actor.c
    return or_(
        column.territory_code == code,
        column.covers_national,
        column.covers_territories.bool_op("@>")(cast(array([code]), TEXTS)),
        column.covers_communes.bool_op("&&")(communes),
        column.covers_epcis.bool_op("&&")(epcis),
    )


def near(actor: FromClause, search: Search) -> ColumnElement[bool]:
    """Say that an actor stands within the radius of the place of a search."""
    if search.place is None:
        return false()
    if search.radius is None:
        return actor.c.point.is_not(None)
    return within(actor, search.place, search.radius)


def _scope(actor: FromClause, search: Search, part: Part) -> Iterator[ColumnElement[bool]]:
    if search.territory:
        yield concerns(actor, search.territory)
    elif search.place and part is Part.NEAR:
        yield near(actor, search)
    elif search.place:
        place = search.place
        local = and_(
            actor.c.point.is_(None),
            actor.c.territory_code == literal(place.territory_code, Text),
        )
        if part is Part.ALL:
            yield or_(near(actor, search), in_charge(actor, place), local)
        else:
            yield or_(in_charge(actor, place), local)
            yield ~func.coalesce(near(actor, search), false(), type_=Boolean)


def _left_out(actor: FromClause, search: Search) -> Iterator[ColumnElement[bool]]:
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


# --- what ----------------------------------------------------------------------------------------


def has_text(actor: FromClause, search: Search) -> ColumnElement[bool]:
    """Say that an actor has the words of a search, or a name that resembles them."""
    if search.match is Match.SIMILAR:
        text = literal(folded(search.text), Text)
        # The index goes by a threshold of the transaction, which a look for a place may lower.
        alike = func.word_similarity(text, actor.c.folded) >= literal_column(ALIKE)
        return and_(actor.c.folded.bool_op("%>")(text), alike)
    configuration: ColumnElement[Any] = literal_column("'public.plain_french'::regconfig")
    query = func.to_tsquery(configuration, literal(tsquery(search.text), Text))
    return actor.c.words.bool_op("@@")(query)


def in_step(actor: FromClause, step: Step, place: Place | None) -> ColumnElement[bool]:
    """Say that an actor acts in a step of a situation."""
    found: list[ColumnElement[bool]] = []
    if step.categories:
        found.append(actor.c.category == func.any(text_array(step.categories)))
    if step.functions:
        found.append(actor.c.functions.bool_op("&&")(text_array(step.functions)))
    if step.competent and place:
        return and_(or_(*found), in_charge(actor, place))
    return or_(*found)


def has_one(actor: FromClause, name: str, codes: Iterable[str]) -> ColumnElement[bool]:
    """Say that an actor has one of the values of a filter."""
    column = actor.c[COLUMNS[name]]
    if name == "categorie":
        return column == func.any(text_array(codes))
    return column.bool_op("&&")(text_array(codes))


def receives(actor: FromClause, age: int) -> ColumnElement[bool]:
    """Say that an actor receives somebody of an age in years, or does not say whom it receives."""
    at = literal(age, Integer)
    return and_(
        func.coalesce(actor.c.age_min, at) <= at,
        func.coalesce(actor.c.age_max, at) >= at,
    )


def always_open(actor: FromClause) -> ColumnElement[bool]:
    """Say that an actor answers day and night, every day; null hours say nothing."""
    hours = actor.c.opening_hours
    return func.coalesce(hours == func.any(text_array(ROUND_THE_CLOCK)), false(), type_=Boolean)


def open_among(actor: FromClause, pairs: Iterable[tuple[str, str]]) -> ColumnElement[bool]:
    """Say that an actor's territory and hours are among those that are open now."""
    pair = actor.c.territory_code.concat(literal_column("' '")).concat(actor.c.opening_hours)
    return pair == func.any(text_array(f"{territory} {hours}" for territory, hours in pairs))


# --- all of it -----------------------------------------------------------------------------------


def chosen(
    actor: FromClause,
    search: Search,
    open_pairs: Iterable[tuple[str, str]] = (),
    *,
    unfiltered: bool = False,
    part: Part = Part.ALL,
) -> ColumnElement[bool]:
    """Say that an actor is selected by a search.

    open_pairs: (territory, opening hours) that are open now; needed where the search asks for it.
    unfiltered: leave out the filters that app.find.counts applies itself. part: all, or those
    within the radius, which an index finds, or the others that are in charge of the place.
    """
    found = [*_scope(actor, search, part), *_left_out(actor, search)]
    if search.text:
        found.append(has_text(actor, search))
    if search.situation:
        found.append(or_(*(in_step(actor, s, search.place) for s in search.situation.step)))
    if search.opening is Opening.NOW:
        found.append(open_among(actor, open_pairs))
    if not unfiltered:
        found += [
            has_one(actor, name, getattr(search, name)) for name in FACETS if getattr(search, name)
        ]
        if search.age is not None:
            found.append(receives(actor, search.age))
        if search.opening is Opening.ALWAYS:
            found.append(always_open(actor))
    return and_(true(), *found)


def group_of(actor: FromClause, search: Search) -> ColumnElement[int]:
    """Return the group of a list in which an actor stands: a step of a situation, or a place."""
    column = actor.c
    if search.situation:
        steps = enumerate(search.situation.step)
        return case(
            *((in_step(actor, step, search.place), literal_column(str(n))) for n, step in steps)
        )
    here: ColumnElement[bool] = true()
    if search.territory:
        here = column.territory_code == literal(search.territory, Text)
    elif search.place:
        here = near(actor, search)
    return case(
        (column.protected, literal_column(str(WITHHELD))),
        (here, literal_column(str(HERE))),
        else_=literal_column(str(COMPETENT)),
    )
