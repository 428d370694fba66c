"""Which actors a search selects, as conditions over the public record, with bound parameters.

List, map, table, counts and exports all take their actors from `chosen`, so that they agree. A
condition is built only where the search asks for it: the planner then knows what it filters by.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    and_,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    true,
)

from app.hours import ROUND_THE_CLOCK
from app.places.schemas import Place
from app.search.criteria import FACETS, Match, Opening, Search
from app.search.situations import Step
from app.search.where import Part, in_charge, left_out, near, scope, seated, text_array
from app.search.words import folded, tsquery

# Share of the trigrams of a text that a name must have to resemble it, as PostgreSQL has it.
ALIKE = "0.6"
# Names of filters -> columns of the public record.
COLUMNS = {"categorie": "category", "fonction": "functions", "public": "audiences"}

# Groups of a list, in the order in which they are shown.
HERE, COMPETENT, WITHHELD = 0, 1, 2


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
    unfiltered: leave out the filters that app.search.counts applies itself. part: all, or those
    within the radius, which an index finds, or the others that are in charge of the place.
    """
    found = [*scope(actor, search, part), *left_out(actor, search)]
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
    if territories := search.territories:
        here = seated(column.territory_code, territories)
    elif search.place:
        here = near(actor, search)
    return case(
        (column.protected, literal_column(str(WITHHELD))),
        (here, literal_column(str(HERE))),
        else_=literal_column(str(COMPETENT)),
    )
