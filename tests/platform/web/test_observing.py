"""Each request has an id that its answer, its page of an error and its lines of log share."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from app.main import create_app
from app.platform.logs import PROCESSORS
from tests.serving import serving, settings_in
from tests.world import World

ID = re.compile(r"[0-9a-f]{32}")
OF_A_PROXY = "0123456789abcdef" * 2
Served = Callable[..., httpx.Client]


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What the service logs, as its own process writes it."""
    file = io.StringIO()
    structlog.configure(
        processors=list(PROCESSORS), logger_factory=lambda *_: structlog.WriteLogger(file)
    )
    yield file
    structlog.reset_defaults()


@pytest.fixture
def served(world: World, tmp_path: Path) -> Iterator[Served]:
    """A client of a service with settings of its own."""
    with ExitStack() as stack:

        def start(**settings: Any) -> httpx.Client:
            app = create_app(settings_in(tmp_path, **settings), world.databases)

            @app.get("/casse")
            def broken() -> None:
                raise RuntimeError("12 rue Cachée")

            base = stack.enter_context(serving(app))
            return stack.enter_context(httpx.Client(base_url=base, timeout=60, trust_env=False))

        yield start


def test_each_answer_has_an_id_of_its_own(served: Served) -> None:
    client = served()
    paths = ["/", "/departements/93", "/departements/93", "/static/icon.svg", "/livez"]
    paths += ["/nulle/part", "/acteurs/rien", "/casse"]
    answers = [client.get(path) for path in paths]
    answers += [client.head("/"), client.post("/"), client.get("/", headers={"Host": "ailleurs"})]
    ids = [each.headers["x-request-id"] for each in answers]
    assert all(map(ID.fullmatch, ids))
    assert len(set(ids)) == len(ids)


def test_a_page_of_an_error_says_how_its_id_begins_and_a_program_gets_all_of_it(
    served: Served,
) -> None:
    client = served()
    for path in ("/nulle/part", "/departements/93?categorie=x", "/integration/93?s=9", "/casse"):
        page = client.get(path, headers={"Accept": "text/html"})
        number = page.headers["x-request-id"][:12]
        assert f"{number[:4]}\u00a0{number[4:8]}\u00a0{number[8:]}" in page.text, path
    problem = client.get("/nulle/part", headers={"Accept": "application/json"})
    assert problem.json()["request_id"] == problem.headers["x-request-id"]


def test_what_is_logged_of_a_failure_has_the_id_of_its_answer(
    served: Served, said: io.StringIO
) -> None:
    failed = served().get("/casse")
    [line] = map(json.loads, said.getvalue().splitlines())
    assert line["event"] == "unexpected error"
    assert line["request_id"] == failed.headers["x-request-id"]
    assert line["level"] == "error"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", line["at"])
    assert "Cach" not in said.getvalue()


@pytest.mark.parametrize(
    ("given", "trusted", "believed"),
    [
        (OF_A_PROXY, "127.0.0.1", True),
        (OF_A_PROXY, "10.0.0.0/8, 127.0.0.0/8", True),
        (OF_A_PROXY, "10.0.0.0/8", False),
        (OF_A_PROXY, "", False),
        (OF_A_PROXY.upper(), "127.0.0.1", False),
        (OF_A_PROXY[:-1], "127.0.0.1", False),
        (f"{OF_A_PROXY}a", "127.0.0.1", False),
        ("<script>alert(1)</script>", "127.0.0.1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_an_id_is_taken_from_a_declared_proxy_alone_and_only_as_we_write_it(
    served: Served, given: str, trusted: str, believed: bool
) -> None:
    client = served(trusted_proxies=trusted)
    # For whom a proxy asks is no matter.
    headers = {"X-Request-Id": given, "X-Forwarded-For": "127.0.0.1"}
    answered = client.get("/livez", headers=headers).headers["x-request-id"]
    assert (answered == given) is believed
    assert ID.fullmatch(answered)


def test_two_ids_of_a_proxy_are_none(served: Served) -> None:
    given = [("X-Request-Id", OF_A_PROXY), ("X-Request-Id", OF_A_PROXY[::-1])]
    answered = served(trusted_proxies="127.0.0.1").get("/livez", headers=given)
    assert answered.headers["x-request-id"] not in (OF_A_PROXY, OF_A_PROXY[::-1])
