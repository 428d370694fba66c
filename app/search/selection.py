"""Which actors a search selects, as conditions over the public record, with bound parameters.

List, map, table, counts and exports all take their actors from `chosen`, so that they agree. A
condition is built only where the search asks for it: the planner then knows what it filters by.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    func,
    literal_column,
    or_,
    true,
)

from app.places.schemas import Place
from app.search.conditions import TEXTS, bound, has_one_of, is_one_of, text_array
from app.search.criteria import Search
from app.search.situations import Step
from app.search.where import Part, in_charge, left_out, near, scope, seated

# Groups of a list, in the order in which they are shown.
HERE, COMPETENT, WITHHELD, UNPLACED = range(4)


def has_text(actor: FromClause, search: Search) -> ColumnElement[bool]:
    """Say that an actor has the words of a search, or a name that resembles them."""
    sought = search.sought
    if sought.among is not None:
        return actor.c.public_id == func.any(bound(sought.among, TEXTS))
    if sought.name is not None:
        # By PostgreSQL's own threshold: to compute more than the operator does takes twice as long.
        return actor.c.folded.bool_op("%>")(bound(sought.name, Text))
    conditions = []
    if sought.everywhere is not None:
        conditions.append(_has_words(actor, sought.everywhere))
    # Who stands in a town that is named need not have its name as well.
    conditions += [
        or_(_has_words(actor, query), is_one_of(actor.c.commune_code, towns))
        for query, towns in sought.in_towns
    ]
    return and_(true(), *conditions)


def _has_words(actor: FromClause, query: Any) -> ColumnElement[bool]:
    configuration: ColumnElement[Any] = literal_column("'public.plain_french'::regconfig")
    asked = func.to_tsquery(configuration, bound(query, Text))
    return actor.c.words.bool_op("@@")(asked)


def in_step(actor: FromClause, step: Step, place: Place | None) -> ColumnElement[bool]:
    """Say that an actor acts in a step of a situation."""
    found: list[ColumnElement[bool]] = []
    if step.categories:
        found.append(is_one_of(actor.c.category, step.categories))
    if step.functions:
        found.append(has_one_of(actor.c.functions, step.functions))
    if step.competent and place:
        return and_(or_(*found), in_charge(actor, place.area))
    return or_(*found)


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
    if search.open_now:
        found.append(open_among(actor, open_pairs))
    if not unfiltered:
        conditions = (facet.has(actor, values) for facet, values in search.asked)
        found += [each for each in conditions if each is not None]
    return and_(true(), *found)


def group_of(actor: FromClause, search: Search) -> ColumnElement[int]:
    """Return the group of a list in which an actor stands: a step of a situation, or a place."""
    column = actor.c
    if search.situation:
        steps = enumerate(search.situation.step)
        return case(
            *((in_step(actor, step, search.place), literal_column(str(n))) for n, step in steps)
        )
    parts: list[tuple[ColumnElement[bool], int]] = [(column.protected, WITHHELD)]
    rest = COMPETENT
    if territories := search.territories:
        parts.append((seated(column.territory_code, territories), HERE))
    elif search.place:
        parts += [(near(actor, search), HERE), (in_charge(actor, search.place.area), COMPETENT)]
        rest = UNPLACED
    else:
        rest = HERE
    return case(
        *((condition, literal_column(str(number))) for condition, number in parts),
        else_=literal_column(str(rest)),
    )


def group_of_key(actor: FromClause) -> ColumnElement[int]:
    """Return the same of a search in all of France, read from how a facet key begins."""
    withheld = func.starts_with(actor.c.facet_key, literal_column("'p'"))
    return case((withheld, literal_column(str(WITHHELD))), else_=literal_column(str(HERE)))
