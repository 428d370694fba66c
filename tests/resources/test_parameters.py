"""An address says what is looked for, strictly, and a query says its address."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from hypothesis import given
from hypothesis import strategies as st

from app.errors import FilterUnknown, RequestInvalid
from app.platform.web.exceptions import of_validation
from app.resources.criteria import Order, Query
from app.resources.fields import FILTERS
from app.resources.parameters import PARAMETERS, QueryOf, read_at_once, read_query
from tests.serving import serving

ONE = {"q", "portee", "tri", "page"}
FREE = {
    "annee": ["2019", "2019-2023"],
    "territoire": ["974", "2A"],
    "organisme": ["has", "mission-" * 25],
}


def queries() -> st.SearchStrategy[Query]:
    chosen = {
        name: st.lists(st.sampled_from(FREE.get(name) or list(offered.choices or ())), unique=True)
        for name, offered in FILTERS.items()
    }
    return st.builds(
        read_query,
        q=st.text(max_size=20),
        portee=st.sampled_from(["", "precis", "national"]),
        tri=st.sampled_from(["", *Order]),
        page=st.sampled_from(["", "2", "500"]),
        **chosen,
    )


@pytest.mark.slow
@given(queries())
def test_the_address_of_a_query_gives_the_same_query(query: Query) -> None:
    asked = parse_qs(urlsplit(query.url()).query)
    given = {name: values[0] if name in ONE else values for name, values in asked.items()}
    again = read_query(**given)  # type: ignore[arg-type]
    assert again.url() == query.url()
    assert again.chosen == query.chosen


def test_what_forms_send_of_what_nobody_chose_is_nothing() -> None:
    empty = {name: [""] for name in FILTERS}
    assert read_query(q="", portee="", tri="", page="", **empty) == Query()
    assert Query().url() == "/ressources"


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"theme": ["jardinage"]}, FilterUnknown),
        ({"portee": "loin"}, FilterUnknown),
        ({"tri": "hasard"}, FilterUnknown),
        ({"annee": ["l’an dernier"]}, RequestInvalid),
        ({"annee": ["12"]}, RequestInvalid),
        ({"territoire": ["Nord"]}, RequestInvalid),
        ({"organisme": ["<b>"]}, RequestInvalid),
        ({"page": "0"}, RequestInvalid),
        ({"page": "501"}, RequestInvalid),
    ],
)
def test_what_is_not_known_is_said(asked: dict[str, str], wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        read_query(**asked)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "q=mot",
        "q=un&q=autre&page=2&page=",
        "theme=fugue&theme=&theme=pilotage&theme=fugue",
        "territoire=974&portee=national&tri=date&annee=2019",
        "inconnu=x&q=%FF%00",
        f"q={'a' * 501}",
        f"q={'a' * 501}&page={'1' * 11}&tri={'x' * 21}",
        "&".join(["theme=fugue"] * 51),
    ],
)
def test_an_address_read_at_once_says_what_fastapi_reads_one_by_one(asked: str) -> None:
    app = FastAPI()

    @app.get("/un-par-un")
    async def one_by_one(query: QueryOf) -> str:
        return repr(query)

    @app.get("/ensemble")
    async def at_once(request: Request) -> str:
        return repr(read_at_once(request.query_params))

    @app.exception_handler(RequestValidationError)
    async def refused(_request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse(str(of_validation(error)), 422)

    with serving(app) as base:
        one, other = (httpx.get(f"{base}{path}?{asked}") for path in ("/un-par-un", "/ensemble"))
    assert (one.status_code, one.text) == (other.status_code, other.text)


def test_every_filter_is_a_parameter() -> None:
    assert set(FILTERS) | ONE == set(PARAMETERS)


def test_another_criterion_leads_to_the_first_page() -> None:
    query = read_query(q="mot", page="4")
    assert query.but(theme=("fugue",)).page == 1
    assert query.url("/ressources.csv").startswith("/ressources.csv?q=mot")


def test_an_order_follows_from_the_words_unless_it_is_asked_for() -> None:
    assert Query().sorted_by is Order.DATE
    assert Query(order=Order.RELEVANCE).sorted_by is Order.DATE
    assert Query(text="mot").sorted_by is Order.RELEVANCE
    assert Query(text="mot", order=Order.REVIEW).sorted_by is Order.REVIEW


def test_nationwide_goes_with_the_last_territory() -> None:
    query = Query().but(territoire=("974", "973"), nationwide=True)
    fewer = query.without("territoire", "974")
    assert fewer.nationwide
    assert not fewer.without("territoire", "973").nationwide
