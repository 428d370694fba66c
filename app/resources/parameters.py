"""The parameters of a query as routes declare them; what they do not know is an error in French."""

import re
from collections.abc import Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Depends
from fastapi import Query as Address
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError, create_model
from starlette.datastructures import QueryParams

from app.errors import FilterUnknown, RequestInvalid
from app.resources.criteria import (
    LAST_PAGE,
    NATIONAL,
    REACH,
    TERRITORY,
    TEXT_MAX,
    YEAR,
    Order,
    Query,
    choose,
)
from app.resources.field import Offered
from app.resources.fields import FILTERS
from app.search.values import number, one_of

# What a value looks like of which the database knows the list.
SHAPES = {
    YEAR: re.compile(r"[12][0-9]{3}(-[12][0-9]{3})?"),
    TERRITORY: re.compile(r"[0-9][0-9AB][0-9A-Z]{0,2}"),
    "organisme": re.compile(r"[a-z0-9][a-z0-9_-]{0,299}"),
}
EXAMPLES = {YEAR: "2019 ou 2019-2023", TERRITORY: "93, 2A, 974", "organisme": "has"}
PRECISE = "precis"


def read_query(
    *, q: str = "", portee: str = "", tri: str = "", page: str = "", **filters: Iterable[str]
) -> Query:
    """Return what an address asks for, each value as a form sends it, "" for none.

    Raises FilterUnknown or RequestInvalid.
    """
    order = one_of("tri", tri, tuple(Order)) if tri else ""
    reach = one_of(REACH, portee, (PRECISE, NATIONAL)) if portee else ""
    asked = {name: _values(FILTERS[name], given) for name, given in filters.items()}
    return Query(
        text=" ".join(q[:TEXT_MAX].replace("\x00", " ").split()),
        chosen=choose(asked),
        nationwide=reach == NATIONAL,
        order=Order(order) if order else None,
        page=number("page", page, 1, LAST_PAGE) if page else 1,
    )


def _values(offered: Offered, given: Iterable[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(filter(None, given)))
    for value in values:
        if offered.choices is None:
            if not SHAPES[offered.name].fullmatch(value):
                said = EXAMPLES[offered.name]
                raise RequestInvalid(problem=f"« {offered.name} » s’écrit comme {said}")
        elif value not in offered.choices:
            valid = ", ".join(offered.choices)
            raise FilterUnknown(name=offered.name, value=value, valid=valid)
    if offered.choices is None:
        return values
    return tuple(value for value in offered.choices if value in values)


def _of(offered: Offered) -> Any:
    """Return the type of a filter's parameter, which documents what it may be."""
    if offered.choices is None:
        said = f"Par exemple {EXAMPLES[offered.name]}"
        like: dict[str, Any] = {"pattern": f"^(|{SHAPES[offered.name].pattern})$"}
    else:
        # A form sends what nobody chose as well.
        said, like = "", {"enum": ["", *offered.choices]}
    items = {"type": "string", **like}
    extra = {"items": items}
    return Annotated[
        tuple[str, ...],
        Address(max_length=50, description=said or None, json_schema_extra=extra),
    ]


def _one(*known: str) -> Any:
    return Annotated[str, Address(max_length=20, json_schema_extra={"enum": ["", *known]})]


PARAMETERS: dict[str, Any] = {
    "q": Annotated[str, Address(max_length=500, description=f"{TEXT_MAX} signes comptent")],
    **{name: _of(offered) for name, offered in FILTERS.items()},
    REACH: _one(PRECISE, NATIONAL),
    "tri": _one(*Order),
    "page": Annotated[
        str,
        Address(max_length=10, json_schema_extra={"pattern": "^(|[1-9][0-9]?|[1-4][0-9]{2}|500)$"}),
    ],
}


DEFAULTS: dict[str, Any] = {name: () if name in FILTERS else "" for name in PARAMETERS}
_FIELDS: dict[str, Any] = {name: (each, DEFAULTS[name]) for name, each in PARAMETERS.items()}
_Whole = create_model("_Whole", **_FIELDS)


def read_at_once(asked: QueryParams) -> Query:
    """Return what FastAPI gives a route that declares QueryOf, and refuse what it refuses.

    FastAPI looks for each parameter by itself, which takes a twentieth of a page of resources.
    """
    given = {
        name: asked.getlist(name) if name in FILTERS else asked[name]
        for name in PARAMETERS
        if name in asked
    }
    try:
        whole = _Whole.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_input=False)) from None
    return read_query(**dict(whole))


async def _read(**given: Any) -> Query:
    return read_query(**given)


# FastAPI reads parameters from the signature of what it calls.
_read.__signature__ = Signature(  # type: ignore[attr-defined]
    [
        Parameter(name, Parameter.KEYWORD_ONLY, default=DEFAULTS[name], annotation=each)
        for name, each in PARAMETERS.items()
    ]
)
# What a route declares to be given the query of its address.
QueryOf = Annotated[Query, Depends(_read)]
