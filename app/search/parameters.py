"""The parameters of a search as routes declare them; app.search.reading checks them, in French."""

from collections.abc import Awaitable, Callable, Iterable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from app.search.criteria import FOLLOWED_BY, TEXT_MAX, Search
from app.search.facet import Facet
from app.search.facets import FACETS
from app.search.reading import CODES, read_search

Reader = Callable[..., Search]


def _one(name: str) -> Any:
    """Return a parameter of one value that documents what it may be."""
    return Query(max_length=100, json_schema_extra={"enum": ["", *CODES[name]]})


PLACE_MAX = 40
FOLLOWED_BY_MAX = 100
Place = Annotated[
    str,
    Query(
        max_length=PLACE_MAX,
        description="Code INSEE d’une commune, ou latitude,longitude",
        examples=["93066", "48.935,2.355"],
    ),
]
Extent = Annotated[
    str,
    Query(
        max_length=100,
        description="Ouest, sud, est, nord : ce qu’une carte montre, au lieu d’un cercle",
        examples=["2.250,48.800,2.450,48.900"],
    ),
]
Territories = Annotated[
    tuple[str, ...],
    Query(max_length=100, description="Codes de plusieurs territoires", examples=[["93", "75"]]),
]
Ground = Annotated[str, _one("fond")]
# From 1 to LAST_PAGE.
Page = Annotated[
    str,
    Query(
        max_length=10,
        json_schema_extra={"pattern": "^(|[1-9][0-9]{0,2}|1[0-9]{3}|2000)$"},
    ),
]


def of_facet(facet: Facet) -> Any:
    """Return the type of a facet's parameter, which documents what it may be."""
    # A form sends what nobody chose as well.
    known = ["", *facet.choices]
    if facet.several:
        items = {"type": "string", "enum": known}
        return Annotated[tuple[str, ...], Query(max_length=100, json_schema_extra={"items": items})]
    longest = 10 if facet.control == "number" else 100
    return Annotated[str, Query(max_length=longest, json_schema_extra={"enum": known})]


# What addresses may say, beside the territory of some paths, in the order of the documents.
PARAMETERS: dict[str, Any] = {
    "dans": Territories,
    "lieu": Place,
    "cadre": Extent,
    "rayon": Annotated[str, _one("rayon")],
    FOLLOWED_BY: Annotated[
        str,
        Query(
            max_length=FOLLOWED_BY_MAX,
            description="Code du territoire qui suit l’enfant ; ne sélectionne rien",
            examples=["93"],
        ),
    ],
    "q": Annotated[str, Query(max_length=500, description=f"{TEXT_MAX} signes comptent")],
    **{facet.name: of_facet(facet) for facet in FACETS},
    "sans": Territories,
    "loin": Place,
    "ecart": Annotated[str, _one("ecart")],
    "s": Annotated[str, _one("s")],
    "tri": Annotated[str, _one("tri")],
    "page": Page,
    "vue": Annotated[str, _one("vue")],
    "fond": Ground,
}
# Those that may be written several times.
SEVERAL = frozenset({"dans", "sans", *(facet.name for facet in FACETS if facet.several)})


def given_by(parameters: dict[str, Any]) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Return a dependency that takes parameters, by name: their types; "" or () where not given."""

    async def given(**values: Any) -> dict[str, Any]:
        return values

    signature = Signature(
        [
            Parameter(
                name,
                Parameter.KEYWORD_ONLY,
                default=() if name in SEVERAL else "",
                annotation=annotation,
            )
            for name, annotation in parameters.items()
        ]
    )
    # FastAPI reads parameters from the signature of what it calls.
    given.__signature__ = signature  # type: ignore[attr-defined]
    return given


# As read_search takes them, for a route that does not take all of them from the address.
GivenOf = Annotated[dict[str, Any], Depends(given_by(PARAMETERS))]


async def _reader(given: GivenOf) -> Reader:
    def read(session: Session, territory: str = "", *, known: bool = False) -> Search:
        return read_search(session, territory=territory, territory_known=known, **given)

    return read


def read_whole(session: Session, territory: str = "", *, known: bool = False) -> Search:
    """Return the search of an address without parameters."""
    return read_search(session, territory=territory, territory_known=known)


def read_pairs(session: Session, pairs: Iterable[tuple[str, str]], territory: str = "") -> Search:
    """Return the search that pairs of an address say, of what is written twice the last.

    What is no parameter of a search is left out.
    """
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in SEVERAL:
            given[name] = (*given.get(name, ()), value)
        elif name in PARAMETERS:
            given[name] = value
    return read_search(session, territory=territory, **given)


# What a route calls with its session: read(session, territory, known=whether it need not look).
ReaderOf = Annotated[Reader, Depends(_reader)]
Territory = Annotated[str, Query(max_length=10, examples=["93", "2A", "69M", "974"])]


def finer(search: Search, request: Request) -> bool:
    """Say that an address carries a place otherwise than the search does: a finer position."""
    asked = request.query_params
    places = (("lieu", search.place), ("cadre", search.extent), ("loin", search.far))
    return any(
        asked.get(name) not in ("", None, place.code if place else None) for name, place in places
    )
