"""Every answer is as the OpenAPI document says, and no address makes the service fail."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import Databases
from app.main import create_app
from tests.web.conftest import serving, settings_in

pytestmark = pytest.mark.slow

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# The same requests at every run: a new fault is one of the change that it shows up with.
FUZZ = ("--seed=23", "--max-examples=300", "--mode=all", "--checks=all", "--no-color")


@pytest.fixture(scope="module")
def base(demo: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service without a limit of requests."""
    app = create_app(settings_in(tmp_path_factory.mktemp("fuzz"), rate_limit=0), demo)
    with serving(app) as address:
        yield address


def attack(base: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [SCHEMATHESIS, "run", f"{base}/api/openapi.json", *FUZZ]
    # There its own files go, and no settings of ours are found.
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_every_answer_is_as_documented(base: str, tmp_path: Path) -> None:
    ran = attack(base, tmp_path)
    # Without an existing territory among its values it would have seen errors only.
    assert "Missing test data" not in ran.stdout
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]


def test_an_answer_that_is_not_as_documented_is_found(tmp_path: Path) -> None:
    app = FastAPI(openapi_url="/api/openapi.json")

    @app.get("/faux", response_model=dict[str, int])
    def wrong() -> Response:
        return JSONResponse({"nombre": "douze"})

    with serving(app) as base:
        ran = attack(base, tmp_path)
    assert ran.returncode == 1
    assert "violates schema" in ran.stdout


VALUES = st.text(max_size=40) | st.sampled_from(["ase", "93", "2A", "é", "%", "\x00", "\ufffe"])
NAMES = st.sampled_from(["q", "categorie", "fonction", "public", "v"]) | st.text(max_size=5)
PATHS = st.sampled_from(
    ["/", "/departements/93", "/departements/93/carte.js", "/static/icon.svg", "/robots.txt"]
)


@given(path=PATHS, query=st.lists(st.tuples(NAMES, VALUES), max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_query_makes_a_page_fail(base: str, path: str, query: list[tuple[str, str]]) -> None:
    with httpx.Client(base_url=base, trust_env=False) as client:
        assert client.get(f"{path}?{urlencode(query)}").status_code in {200, 422}


@given(path=st.lists(VALUES, min_size=1, max_size=4), raw=st.binary(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_address_makes_the_service_fail(base: str, path: list[str], raw: bytes) -> None:
    written = "/".join(quote(part, safe="") for part in path)
    escaped = "".join(f"%{byte:02X}" for byte in raw)
    with httpx.Client(base_url=base, trust_env=False) as client:
        for address in (f"/{written}", f"/acteurs/{escaped}/{written}", f"/?q={escaped}"):
            assert client.get(base + address).status_code < 500, address
