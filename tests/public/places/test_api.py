"""What the service answers while one types, whatever is typed."""

import json
from collections.abc import Iterator

import httpx
import pytest

from app.main import create_app
from app.platform.database.engines import Databases
from tests.serving import offline_settings, serving


@pytest.fixture(scope="module")
def client(
    worker_databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of a service with every commune and no geocoder."""
    settings = offline_settings(tmp_path_factory.mktemp("places"))
    with (
        serving(create_app(settings, worker_databases)) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


@pytest.mark.slow
def test_places_are_answered_as_documented(client: httpx.Client) -> None:
    answer = client.get("/api/lieux", params={"q": "pierrefitte-sur-seine"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == [
        {
            "code": "93059",
            "label": "Pierrefitte-sur-Seine",
            "detail": "ancienne commune, aujourd’hui Saint-Denis (93)",
            "kind": "ancienne",
            "url": "/autour?lieu=93059",
        }
    ]
    document = client.get("/api/openapi.json").json()
    fields = document["components"]["schemas"]["Suggestion"]["properties"]
    assert set(fields) == set(answer.json()[0])
    suggested = {"commune", "ancienne", "arrondissement", "territoire"}
    assert set(fields["kind"]["enum"]) == suggested


def test_what_was_typed_is_never_cached(client: httpx.Client) -> None:
    assert client.get("/api/lieux", params={"q": "lyon"}).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "q",
    [
        *("", "%", "_", "\\", "\x00", "\x1b[31m", "😀", "\u202etxet", "'; DROP TABLE commune; --"),
        *(
            "x" * 4_000,
            "{{ 7*7 }}",
            "<svg/onload=1>",
            "\ufeff",
            "NaN,inf",
            "91,200",
            "\u0000\u0001",
        ),
        b"\xff\xfe",
        "\ud800".encode(errors="surrogatepass"),
    ],
)
def test_hostile_texts_find_nothing(client: httpx.Client, q: str | bytes) -> None:
    answer = client.get("/api/lieux", params={"q": q})
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("93200", "/autour?lieu=93066"),
        ("saint-denis 974", "/autour?lieu=97411"),
        ("48.93512,2.35491", "/autour?lieu=48.935%2C2.355"),
    ],
)
def test_the_form_alone_leads_to_the_place(client: httpx.Client, text: str, address: str) -> None:
    answer = client.get("/autour", params={"ou": text})
    assert (answer.status_code, answer.headers["location"]) == (303, address)


def test_without_a_geocoder_an_address_leads_to_its_commune_and_says_so(
    client: httpx.Client,
) -> None:
    answer = client.get("/autour", params={"ou": "12 rue Hoche, 93300 Aubervilliers"})
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    sentence = "Le service d’adresses ne répond pas : voici ce qui est autour d’Aubervilliers (93)."
    assert sentence in page.text
    title = page.text.partition("<title>")[2].partition("</title>")[0]
    assert "Hoche" not in title
    assert "Aubervilliers" in title


@pytest.mark.parametrize("lieu", ["99999", "NaN,inf", "91,200", "93\x00066", "%", "'--"])
def test_an_unknown_place_is_reported(client: httpx.Client, lieu: str) -> None:
    answer = client.get("/autour", params={"lieu": lieu}, headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert json.loads(answer.content)["title"] == "Lieu inconnu"


def test_no_finer_position_stays_in_an_address(client: httpx.Client) -> None:
    answer = client.get("/autour", params={"lieu": "48.93512,2.35491"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/autour?lieu=48.935%2C2.355",
    )
