"""The Host of a request: only the service's own names are believed; no answer repeats others."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from app.main import create_app
from app.platform.web.permissions import routes_of
from app.settings import Settings
from tests.serving import serving, settings_in
from tests.world import World

HOSTILE = "hostile.invalid"
PUBLIC = "https://carte.example"


def paths_of(world: World) -> list[str]:
    """Return an address of each route, those that lead on to another one too."""
    given = {"code": "93", "public_id": world.ids["ase"], "slug": "acteur", "embed_id": "0" * 24}
    given |= {
        "resource_id": "0" * 16,
        "number": "1",
        "collection": "fugue",
        "event_id": "0" * 16,
        "month": "2027-03",
        "token": "x",
    }
    routes = routes_of(create_app(Settings(), world.databases))
    paths = [path.format(**given) for route in routes if (path := getattr(route, "path", None))]
    assert {"/", "/departements/93", "/sitemap.xml", "/oembed"} <= set(paths)
    return [
        *(f"{path}{end}" for path in paths for end in ("", "/")),
        *("//hostile.invalid/", "/nulle/part", "/departements/2a", "/table?territoire=93"),
        *("/autour?ou=bobigny", "/integration/93?liste=non", "/static/", "/departements//93"),
    ]


@pytest.fixture(scope="module")
def known(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service that is told its address."""
    settings = settings_in(tmp_path_factory.mktemp("known"), rate_limit=0, public_url=PUBLIC)
    with (
        serving(create_app(settings, world.databases)) as address,
        httpx.Client(base_url=address, timeout=60, trust_env=False) as client,
    ):
        yield client


def shown(answer: httpx.Response) -> str:
    return f"{answer.headers}\n{answer.content.decode('latin-1')}"


@pytest.mark.slow
@pytest.mark.parametrize("host", [HOSTILE, f"localhost:80@{HOSTILE}", f"{HOSTILE}:443"])
def test_a_hostile_host_is_in_no_answer(
    world: World, client: httpx.Client, known: httpx.Client, host: str
) -> None:
    for path in paths_of(world):
        headers = {"Host": host, "X-Forwarded-Host": HOSTILE}
        refused = client.get(path, headers=headers)
        assert refused.status_code == 421, path
        answered = known.get(path, headers=headers)
        assert answered.status_code != 421, path
        for answer in (refused, answered):
            # One path of the walk has that word itself.
            assert HOSTILE not in shown(answer).replace(path, ""), path


@pytest.mark.parametrize(
    "host",
    ["", "localhost.invalid", "127.0.0.1.invalid", "[", "a b", "[::1", "1270.0.1", "é", "x/"],
)
def test_what_is_almost_a_name_of_this_machine_is_refused(client: httpx.Client, host: str) -> None:
    answer = client.get("/", headers=[(b"Host", host.encode("latin-1"))])
    assert answer.status_code == 421
    assert "MESURE23_PUBLIC_URL" in answer.text


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "127.8.0.1", "[::1]:8"]
)
def test_this_machine_is_believed(client: httpx.Client, host: str) -> None:
    assert f"http://{host}/sitemaps/" in client.get("/sitemap.xml", headers={"Host": host}).text


def test_two_hosts_are_refused(client: httpx.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    asked = f"GET / HTTP/1.1\r\nHost: localhost\r\nHost: {HOSTILE}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(address, timeout=20) as line:
        line.sendall(asked.encode())
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 421 ")
    assert HOSTILE.encode() not in answer


def test_the_address_that_is_set_stands_for_any_other(known: httpx.Client) -> None:
    for host in ("localhost", "10.0.0.1:8000", HOSTILE):
        text = known.get("/sitemap.xml", headers={"Host": host}).text
        assert f"<loc>{PUBLIC}/sitemaps/93.xml</loc>" in text


def test_a_slash_too_many_leads_to_a_path_without_host(
    client: httpx.Client, known: httpx.Client
) -> None:
    for each in (client, known):
        answer = each.get("/departements/93/?page=2")
        assert (answer.status_code, answer.headers["location"]) == (307, "/departements/93?page=2")


def test_a_refusal_is_guarded_and_reads_as_json_too(client: httpx.Client) -> None:
    headers = {"Host": HOSTILE, "Accept": "application/json"}
    answer = client.get("/api/lieux?q=bobigny", headers=headers)
    assert answer.json()["status"] == 421
    assert answer.headers["x-content-type-options"] == "nosniff"
