"""Every answer is as the OpenAPI document says, and no address makes the service fail.

`bin/test --all` asks of each operation all examples and limits of the document and a sample of what
may be made up beside them, the same each time; `bin/test --long` twelve times as many.
"""

import re
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

from app.main import create_app
from app.platform.database.engines import Databases
from app.search.reading import CODES
from tests.serving import offline_settings, serving

pytestmark = pytest.mark.slow

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
# The same requests at every run: a new fault is one of the change that it shows up with.
# Not its stateful phase: there what is set below takes the place of a value that breaks a rule,
# which then counts as accepted; and nothing here has a state.
PHASES = "--phases=examples,coverage,fuzzing"
FUZZ = ("--seed=23", "--mode=all", "--checks=all", "--no-color", PHASES)
EXAMPLES = 25
# Of ids of actors and resources, and of addresses of ours, one that is: others are only ever
# guessed wrong. What the document cannot say: several territories, or what a map shows, go with no
# other place, and a view is not larger than its zoom allows. A text of 4,000 signs may take 48,000
# bytes of an address, more than any server reads. A code of a territory that is written otherwise
# leads to its own. oEmbed asks for 501.
SETTINGS = """
[parameters]
"path.public_id" = "{public_id}"
"path.resource_id" = "{resource_id}"
"query.dans" = ""
"query.cadre" = ""
"query.zoom" = "6"
"query.bbox" = "-5.2,41.3,9.6,51.1"
"query.url" = "{base}/departements/93"
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", 501]
[checks.negative_data_rejection]
expected-statuses = [308, 400, 404, 406, 414, 422, 428, 501]
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 404, 414]
"""


@pytest.fixture(scope="module")
def base(demo: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service without a limit of requests."""
    offline = offline_settings(tmp_path_factory.mktemp("fuzz"))
    app = create_app(offline.model_copy(update={"rate_limit": 0}), demo)
    with serving(app) as address:
        yield address


def attack(
    base: str, folder: Path, public_id: str, resource_id: str, examples: int = EXAMPLES
) -> subprocess.CompletedProcess[str]:
    values = {"public_id": public_id, "resource_id": resource_id, "base": base}
    (folder / "schemathesis.toml").write_text(SETTINGS.format(**values))
    command: list[str | Path] = [SCHEMATHESIS, "run", f"{base}/api/openapi.json", *FUZZ]
    command.append(f"--max-examples={examples}")
    # There its own files go, and no other settings are found. Hundreds of sheets take minutes.
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1_200)


@pytest.mark.parametrize("examples", [EXAMPLES, pytest.param(300, marks=pytest.mark.long)])
def test_every_answer_is_as_documented(base: str, tmp_path: Path, examples: int) -> None:
    actors = httpx.get(f"{base}/api/departements/93/actors.geojson", trust_env=False).json()
    atom = httpx.get(f"{base}/ressources.atom", trust_env=False).text
    [resource_id, *_] = re.findall(r"/ressources/([0-9a-f]{16})/", atom)
    ran = attack(base, tmp_path, actors["features"][0]["id"], resource_id, examples)
    # Without an existing territory among its values it would have seen errors only.
    assert "Missing test data" not in ran.stdout
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]


def test_an_answer_that_is_not_as_documented_is_found(tmp_path: Path) -> None:
    app = FastAPI(openapi_url="/api/openapi.json")

    @app.get("/faux", response_model=dict[str, int])
    def wrong() -> Response:
        return JSONResponse({"nombre": "douze"})

    with serving(app) as base:
        ran = attack(base, tmp_path, "inconnu", "inconnue")
    assert ran.returncode == 1
    assert "violates schema" in ran.stdout


# Codes of filters, places and territories, what is typed for them, and what none of them is.
KNOWN = sorted({each for known in CODES.values() for each in known})
KNOWN += [
    "93",
    "2A",
    "93066",
    "48.931,2.357",
    "48.93,2.36",
    "2.3,48.8,2.5,49",
    "Saint-Denis",
    "93200",
    "12",
    "2000",
]
KNOWN += ["12 rue de la République, Saint-Denis", "é", "%", "\x00", "\ufffe", "9" * 30, "-0", "٣"]
VALUES = st.text(max_size=40) | st.sampled_from(KNOWN)
NAMES = (
    st.sampled_from([*CODES, "q", "ou", "eloigner", "lieu", "loin", "sans", "age", "page", "v"])
    | st.sampled_from(
        ["territoire", "dans", "lieu", "loin", "url", "format", "zoom", "bbox", "cadre"]
    )
    | st.text(max_size=5)
)
PATHS = st.sampled_from(
    [
        *("/", "/departements/93", "/carte.js", "/autour"),
        *("/api/actors.geojson", "/api/departements/93/actors.geojson", "/api/lieux", "/table"),
        *("/table.csv", "/table.xlsx", "/table.geojson", "/static/icon.svg", "/robots.txt"),
    ]
)
# Found, led on, not known, not well written.
CALM = {200, 303, 308, 404, 422}


@given(path=PATHS, query=st.lists(st.tuples(NAMES, VALUES), max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_query_makes_a_page_fail(base: str, path: str, query: list[tuple[str, str]]) -> None:
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        assert client.get(f"{path}?{urlencode(query)}").status_code in CALM


@given(path=st.lists(VALUES, min_size=1, max_size=4), raw=st.binary(max_size=30))
@settings(max_examples=300, deadline=None)
def test_no_address_makes_the_service_fail(base: str, path: list[str], raw: bytes) -> None:
    written = "/".join(quote(part, safe="") for part in path)
    escaped = "".join(f"%{byte:02X}" for byte in raw)
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        for address in (f"/{written}", f"/acteurs/{escaped}/{written}", f"/?q={escaped}"):
            assert client.get(base + address).status_code < 500, address
