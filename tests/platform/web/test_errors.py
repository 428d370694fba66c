"""An error says what is wrong and what to do, to people and to programs, and nothing of itself."""

import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, text

from app.errors import Mesure23Error, OperatorError
from app.main import create_app
from app.platform.cluster.server import open_cluster
from app.platform.database.engines import Databases, make_engine
from app.platform.database.logins import create_database, enable_logins
from app.platform.database.migrating import migrate
from app.platform.web.openapi import errors
from app.platform.web.versions import TRUSTED
from geo.answers import GeocoderRefused
from importers.errors import EmptyFile
from tests.serving import serving, settings_in
from tests.world import World

JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BAD: list[tuple[str, int, str]] = [
    ("/departements/999", 404, "999"),
    ("/departements/%00", 404, ""),
    ("/departements/93?categorie=banane", 422, "banane"),
    ("/departements/93?fonction=banane", 422, "fonction"),
    ("/api/departements/93/actors.geojson?public=banane", 422, "mineurs"),
    ("/api/departements/999/actors.geojson", 404, "999"),
    ("/api/departements/%00/actors.geojson", 404, ""),
    ("/api/departements/999/boundary.geojson", 404, "999"),
    ("/carte.js?fond=x", 422, "fond"),
    ("/acteurs/rien/rien", 404, ""),
    ("/nulle/part", 404, ""),
    ("/static/nulle-part.css", 404, ""),
    ("/static/../app/main.py", 404, ""),
    ("/static/%2e%2e/app/main.py", 404, ""),
]


@pytest.mark.parametrize(("path", "status", "word"), BAD)
def test_a_program_gets_problem_json(
    client: httpx.Client, path: str, status: int, word: str
) -> None:
    answer = client.get(path, headers=JSON)
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status_code == status
    assert problem["title"]
    assert word in problem["detail"]


@pytest.mark.parametrize(("path", "status", "word"), BAD)
def test_a_person_gets_a_page(client: httpx.Client, path: str, status: int, word: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert word in answer.text


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/api/departements/999/actors.geojson", "*/*", "application/problem+json"),
        ("/departements/999", "*/*", "text/html; charset=utf-8"),
        ("/departements/999", "", "text/html; charset=utf-8"),
        ("/departements/999", "text/html;q=0.1, application/json", "application/problem+json"),
        ("/departements/999", "application/problem+json;q=mal", "text/html; charset=utf-8"),
    ],
)
def test_accept_decides_and_the_address_where_it_is_silent(
    client: httpx.Client, path: str, accept: str, media_type: str
) -> None:
    assert client.get(path, headers={"Accept": accept}).headers["content-type"] == media_type


def test_an_unknown_filter_value_lists_those_that_exist(client: httpx.Client) -> None:
    detail = client.get("/departements/93?public=banane", headers=JSON).json()["detail"]
    assert "parents" in detail
    # Nobody may ask for what is never published.
    assert "a_classer" not in client.get("/departements/93?categorie=x", headers=JSON).text


@pytest.mark.parametrize("path", ["/departements/93?s=9", "/integration/93?s=9"])
def test_no_line_begins_or_ends_inside_quotes(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=HTML).text
    (said,) = re.findall(r"<p data-problem>([^<]+)</p>", page)
    assert "«\u00a0s\u00a0»" in said
    assert "possibles\u00a0:" in said
    assert not re.search(r"« | [»:;?!]", said)


def test_what_is_refused_unread_says_what_to_correct(client: httpx.Client) -> None:
    path = f"/departements/93?page={'9' * 20}&q={'a' * 501}"
    detail = client.get(path, headers=JSON).json()["detail"]
    assert detail.endswith("comme il faut : corrigez ou retirez « page », « q ».")


def test_a_method_that_is_not_served_is_refused(client: httpx.Client) -> None:
    answer = client.post("/departements/93")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(("written", "code"), [("2a", "2A"), ("69m", "69M"), ("1", "01")])
def test_a_code_leads_to_the_way_it_is_written(
    client: httpx.Client, written: str, code: str
) -> None:
    answer = client.get(f"/departements/{written}?categorie=ase")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/departements/{code}?categorie=ase"


def test_every_error_has_words_for_its_reader() -> None:
    found = list(errors())
    assert len(found) > 20
    for error in found:
        assert vars(error)["__doc__"]
        assert error.title
        assert error.advice
        assert 400 <= error.status < 600
        # What a page says of an error is said where its status is.
        own = {"status", "title", "advice"} & vars(error).keys()
        assert len(own) in (0, 3), error


def test_an_error_that_says_nothing_of_its_answer_is_reported_and_is_no_500(
    world: World, tmp_path: Path
) -> None:
    class Forgotten(Mesure23Error):
        """Ce fichier n'a pas de page {page}."""

    app = create_app(settings_in(tmp_path), world.databases)

    @app.get("/oubli")
    def refused() -> None:
        raise Forgotten(page="2")

    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        page = client.get("/oubli", headers=HTML)
        problem = client.get("/oubli", headers=JSON)
    assert page.status_code == problem.status_code == 400
    assert "Ce fichier n’a pas de page 2." in page.text, "as pages write it"
    assert problem.json()["detail"] == "Ce fichier n'a pas de page 2."


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (EmptyFile(filename="a{0}.csv"), 422, "Le fichier « a{0}.csv » est vide."),
        # Its own sentence is for the person who runs the service.
        (GeocoderRefused(), 503, "Le service ne peut pas répondre"),
    ],
)
def test_an_error_of_another_package_is_answered_with_a_sentence(
    world: World, tmp_path: Path, error: Exception, status: int, sentence: str
) -> None:
    app = create_app(settings_in(tmp_path), world.databases)

    @app.get("/refus")
    def refused() -> None:
        raise error

    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        page = client.get("/refus", headers=HTML)
        problem = client.get("/refus", headers=JSON)
    assert page.status_code == problem.status_code == status
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["detail"].startswith(sentence)
    assert sentence in page.text.replace("\u00a0", " ")


def test_an_error_for_the_operator_is_answered_without_its_sentence(
    world: World, tmp_path: Path
) -> None:
    class KeyGone(OperatorError):
        """La clé {key} manque."""

    app = create_app(settings_in(tmp_path), world.databases)

    @app.get("/cle")
    def refused() -> None:
        raise KeyGone(key="k-2026")

    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        page = client.get("/cle", headers=HTML)
        problem = client.get("/cle", headers=JSON)
    assert page.status_code == problem.status_code == 503
    assert "k-2026" not in page.text + problem.text


def test_an_unexpected_error_tells_nothing_of_itself(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(settings_in(tmp_path), world.databases)

    @app.get("/api/casse")
    def broken() -> None:
        raise RuntimeError("12 rue du Refuge")

    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for headers in (JSON, HTML):
            answer = client.get("/api/casse", headers=headers)
            assert answer.status_code == 500
            assert "Refuge" not in answer.text
            assert "RuntimeError" not in answer.text
            assert "default-src 'none'" in answer.headers["content-security-policy"]
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.out + logged.err
    assert "Refuge" not in logged.out + logged.err


@pytest.mark.slow
@pytest.mark.parametrize(
    # What is never cached in memory.
    "path",
    [
        *("/sante", "/departements/93?q=ecoute", "/autour?lieu=48.935,2.355&q=ecoute"),
        "/api/actors.geojson?territoire=93",
    ],
)
def test_lost_connections_cost_no_answer(
    world: World, admin: Connection, client: httpx.Client, path: str
) -> None:
    assert client.get(path).status_code == 200
    ended = text(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = :database AND usename = :login"
    )
    login = world.databases.public.url
    assert admin.scalar(ended, {"database": login.database, "login": login.username})
    assert [client.get(path).status_code for _ in range(4)] == [200] * 4


@pytest.mark.slow
def test_service_comes_back_by_itself_when_postgresql_does(tmp_path: Path) -> None:
    with open_cluster(tmp_path, fsync=False) as cluster:
        create_database(cluster.url(cluster.superuser, "postgres"), "mesure23")
        migrate(cluster.url(cluster.superuser, "mesure23"))
        enable_logins(cluster.url(cluster.superuser, "mesure23"))
        staff, public = (
            cluster.url(f"mesure23_{login}", "mesure23") for login in ("staff", "public")
        )
    databases = Databases(make_engine(staff), make_engine(public))
    app = create_app(settings_in(tmp_path), databases)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        for _ in range(2):
            with open_cluster(tmp_path, fsync=False):
                # A pool finds out on its first use that its connections are dead.
                client.get("/sante")
                assert client.get("/sante").json() == {"status": "ok"}
                home = client.get("/")
                assert home.status_code == 200
                assert ">None<" not in home.text.replace("\n", "").replace(" ", "")
            # What is cached is trusted for as long as its version may be.
            time.sleep(TRUSTED)
            for path in ("/sante", "/", "/departements/93"):
                answer = client.get(path)
                assert answer.status_code == 503
                assert int(answer.headers["retry-after"]) > 0
    databases.dispose()
