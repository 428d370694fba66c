"""Statements put together once, for whichever place is searched, as the driver takes them."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Float, Text, bindparam

from app.places.schemas import Area, Place
from app.platform.database.driver import Statement, Written, compiled
from app.search.conditions import TEXTS
from app.search.criteria import Search
from app.search.facets import BY_NAME, FACETS
from app.search.words import MOST_WORDS, Sought

Where = TypeVar("Where", Place, Area)

# What a statement says of a place, filled in when it is run: where it is, and what it lies in.
FILLED_IN = {
    **{name: bindparam(name, type_=Float) for name in ("lon", "lat")},
    **{name: bindparam(name, type_=Text) for name in ("commune_code", "epci_code")},
    "territory_code": bindparam("territory_code", type_=Text),
}
# What it says of what is asked of a facet, filled in as well.
ASKED = {each.name: bindparam(each.name, type_=each.parameter) for each in FACETS if each.parameter}

# What it looks for of a text, filled in as well.
AMONG, NAME, EVERYWHERE = (
    bindparam("similar", type_=TEXTS),
    bindparam("resembles", type_=Text),
    bindparam("words", type_=Text),
)
IN_TOWNS = tuple(
    (bindparam(f"words_{n}", type_=Text), bindparam(f"towns_{n}", type_=TEXTS))
    for n in range(MOST_WORDS)
)


def written(
    search: Search, make: Callable[..., Statement], **given: Hashable
) -> Written | Statement:
    """Return what make(search, **given) returns, put together once for all places and values.

    Whatever its order, page and view. What a visitor wrote is a parameter, which no cache holds;
    nor does one hold where somebody must not be sent. An extent and the hour are of one moment.
    """
    search = search.as_drawn()
    if search.extent or search.excludes or search.open_now:
        return make(search, **given)
    made = _written_once(make, whatever(search), **given)
    values = {name: BY_NAME[name].given(asked) for name, asked in search.chosen if name in ASKED}
    if search.text:
        values |= _said_by(search.sought)
    if search.place:
        values |= _said_of(search.place)
    return made.given(values)


def whatever(search: Search) -> Search:
    """Return a search of which a statement is made that serves whatever place and values."""
    chosen: Any = tuple((name, ASKED.get(name, values)) for name, values in search.chosen)
    where = search.place and anywhere(search.place)
    if not search.text:
        return replace(search, place=where, chosen=chosen)
    words = _any_words(search.sought)
    return replace(search, place=where, chosen=chosen, text="…", towns=(), words=words)


def _any_words(sought: Sought) -> Sought:
    """Return the same with a parameter for each of its values."""
    return Sought(
        among=None if sought.among is None else AMONG,
        name=None if sought.name is None else NAME,
        everywhere=None if sought.everywhere is None else EVERYWHERE,
        in_towns=IN_TOWNS[: len(sought.in_towns)],
    )


def _said_by(sought: Sought) -> dict[str, Any]:
    """Return the values of those parameters."""
    given: list[tuple[BindParameter[Any], Any]] = [
        (AMONG, sought.among),
        (NAME, sought.name),
        (EVERYWHERE, sought.everywhere),
    ]
    for (words, towns), (query, codes) in zip(IN_TOWNS, sought.in_towns, strict=False):
        given += [(words, query), (towns, codes)]
    return {
        parameter.key: list(value) if isinstance(value, tuple) else value
        for parameter, value in given
        if value is not None
    }


# To put a statement together takes longer than the driver takes to run it.
@lru_cache(maxsize=200)
def _written_once(make: Callable[..., Statement], search: Search, **given: Hashable) -> Written:
    return compiled(make(search, **given))


def anywhere(where: Where) -> Where:
    """Return a place or an area of which a statement is made that serves all that lie in as much.

    Each value of it is a parameter: whoever takes one for a value gets an error, never the place
    of somebody else.
    """
    fields: dict[str, Any] = {name: FILLED_IN[name] for name in _said_of(where)}
    if isinstance(where, Place):
        fields |= {"code": "", "label": ""}
    return replace(where, **fields)


def filled_in(written: Written, where: Place | Area) -> Written:
    """Return a statement that was made of anywhere, for this place or area."""
    return written.given(_said_of(where))


def _said_of(where: Place | Area) -> dict[str, Any]:
    said = {name: getattr(where, name, None) for name in FILLED_IN}
    return {name: value for name, value in said.items() if value is not None}
