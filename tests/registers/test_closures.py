"""What is closed or has moved, told by a server of ours that answers as the API of the State."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.registers.api import Api
from app.registers.closures import Closure, closures
from app.registers.errors import ApiDown, ApiUnreadable
from tests.registers.downloading import Client
from tests.registers.register_server import Answer, RegisterServer, says

# Numbers that nobody has.
CLOSED, SEAT, THIRD = "00000000100011", "00000000100029", "00000000100037"
OTHER_BODY = "00000000200019"
OPEN_SEAT = {"siret": SEAT, "etat_administratif": "A", "date_fermeture": None}


@pytest.fixture
def server(client: Client) -> RegisterServer:
    return client.server


@pytest.fixture
def api(client: Client) -> Iterator[Api]:
    with Api(client.server.url, clock=client.time.now, sleep=client.time.sleep) as api:
        yield api


def body(*found: dict[str, Any], seat: Any = OPEN_SEAT) -> Answer:
    """Answer with one body, its seat and what was found of it."""
    results = [{"siren": CLOSED[:9], "siege": seat, "matching_etablissements": list(found)}]
    return gives({"results": results, "total_results": 1})


def gives(value: Any) -> Answer:
    return says(200, json.dumps(value).encode())


def closed(**more: Any) -> dict[str, Any]:
    return {"siret": CLOSED, "etat_administratif": "F", "date_fermeture": "2026-03-31", **more}


def followed(*links: tuple[Any, Any], **more: Any) -> Answer:
    """Answer with a closed establishment, its followers and the days of these links."""
    given = [{"siret": siret, "date_lien_succession": day} for siret, day in links]
    return body(closed(successions={"predecesseurs": None, "successeurs": given}, **more))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (body(closed()), Closure(CLOSED, date(2026, 3, 31), None)),
        (body(closed(ancien_siege=True)), Closure(CLOSED, date(2026, 3, 31), SEAT)),
        # A branch of a body that has a seat elsewhere went nowhere.
        (body(closed(ancien_siege=False)), Closure(CLOSED, date(2026, 3, 31), None)),
        (body(closed(date_fermeture=None)), Closure(CLOSED, None, None)),
        (body(closed(date_fermeture="31/03/2026")), Closure(CLOSED, None, None)),
        (body(closed(date_fermeture=20260331)), Closure(CLOSED, None, None)),
        # The seat itself, and a seat that is closed as well.
        (body(seat=closed(ancien_siege=True)), Closure(CLOSED, date(2026, 3, 31), None)),
        (
            body(closed(ancien_siege=True), seat={**OPEN_SEAT, "etat_administratif": "F"}),
            Closure(CLOSED, date(2026, 3, 31), None),
        ),
        (
            body(closed(ancien_siege=True), seat={**OPEN_SEAT, "siret": "rue Cachée"}),
            Closure(CLOSED, date(2026, 3, 31), None),
        ),
        (body(closed(ancien_siege=True), seat=None), Closure(CLOSED, date(2026, 3, 31), None)),
    ],
)
def test_what_is_closed_is_told_with_its_day_and_where_it_went(
    api: Api, server: RegisterServer, answer: Answer, expected: Closure
) -> None:
    server.answers = [answer]
    assert list(closures(api, [CLOSED])) == [expected]


@pytest.mark.parametrize(
    ("answer", "moved"),
    [
        (followed((THIRD, "2026-03-15")), (THIRD, date(2026, 3, 15))),
        # A branch moves as a seat does, and the link says more than what was the seat once.
        (followed((THIRD, "2026-03-15"), ancien_siege=True), (THIRD, date(2026, 3, 15))),
        # To another body.
        (followed((OTHER_BODY, "2026-03-15")), (OTHER_BODY, date(2026, 3, 15))),
        # To and fro: the last link alone is where it went.
        (followed((SEAT, "2009-10-01"), (THIRD, "2026-03-15")), (THIRD, date(2026, 3, 15))),
        (followed((THIRD, None)), (THIRD, None)),
        (followed((SEAT, None), (THIRD, "2026-03-15")), (THIRD, date(2026, 3, 15))),
        # Divided among two on one day, it went to neither.
        (followed((SEAT, "2026-03-15"), (THIRD, "2026-03-15")), (None, None)),
        (followed((CLOSED, "2026-03-15")), (None, None)),
        (followed(("rue Cachée", "2026-03-15")), (None, None)),
        (followed(({"siret": THIRD}, "2026-03-15")), (None, None)),
        (body(closed(successions=None)), (None, None)),
        (body(closed(successions=[THIRD])), (None, None)),
        (body(closed(successions={"successeurs": THIRD})), (None, None)),
        (body(closed(successions={"successeurs": [THIRD, None]})), (None, None)),
        (body(closed(successions={"predecesseurs": [{"siret": THIRD}]})), (None, None)),
    ],
)
def test_who_took_over_is_said_where_the_state_links_the_very_number(
    api: Api, server: RegisterServer, answer: Answer, moved: tuple[str | None, date | None]
) -> None:
    server.answers = [answer]
    assert list(closures(api, [CLOSED])) == [Closure(CLOSED, date(2026, 3, 31), *moved)]
    # Nor is who took over asked for: somebody hidden may have that number.
    assert len(server.paths) == 1


@pytest.mark.parametrize(
    "answer",
    [
        body(closed(etat_administratif="A")),
        body(closed(etat_administratif=None)),
        # Links of the past, of one that is open again; and one that is open at another address:
        # a number has one address for ever, so that the record has the number of another place.
        followed((THIRD, "2009-10-01"), etat_administratif="A", date_fermeture=None),
        body(closed(etat_administratif="A", adresse="9 RUE AUTRE 93000 BOBIGNY")),
        # Another establishment of the same body.
        body(closed(siret=THIRD)),
        body(),
        gives({"results": [], "total_results": 0}),
    ],
)
def test_what_is_open_or_unknown_is_not_told(
    api: Api, server: RegisterServer, answer: Answer
) -> None:
    server.answers = [answer]
    assert not list(closures(api, [CLOSED]))


def test_a_number_is_asked_once_and_nothing_else_is_sent(api: Api, server: RegisterServer) -> None:
    server.answers = [body()]
    given = [CLOSED, "12 rue Cachée", "", CLOSED[:9], CLOSED + "\n", "０" * 14, SEAT, CLOSED]
    assert not list(closures(api, given))
    queries = [parse_qs(urlsplit(path).query) for path in server.paths]
    assert [query["q"] for query in queries] == [[CLOSED], [SEAT]]
    # Persons in charge are not asked for.
    assert {query["include"][0] for query in queries} == {"siege,matching_etablissements"}
    assert {query["minimal"][0] for query in queries} == {"true"}


@pytest.mark.parametrize("value", [{"results": {}}, {"erreur": "…"}, {"results": ["a"]}])
def test_an_answer_of_another_shape_is_not_taken_for_open(
    api: Api, server: RegisterServer, value: Any
) -> None:
    server.answers = [gives(value)]
    with pytest.raises(ApiUnreadable):
        list(closures(api, [CLOSED]))


def test_what_came_before_a_failure_is_not_lost(api: Api, server: RegisterServer) -> None:
    server.answers = [body(closed()), says(500)]
    found = closures(api, [CLOSED, SEAT])
    assert next(found).siret == CLOSED
    with pytest.raises(ApiDown):
        next(found)
