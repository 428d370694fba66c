"""How much one client may ask for, how large, how slowly; and who a client is."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import UploadFile
from starlette.types import Receive, Scope, Send

from app.main import create_app
from app.platform.database.engines import PublicDatabase, make_engine
from app.platform.web import http_protocol, request_size
from app.platform.web.clients import counted, shown
from app.platform.web.http_protocol import HEAD_MAX, PatientProtocol
from app.platform.web.request_size import ADDRESS_MAX, BODY_MAX, HEADERS_MAX, body_within
from tests.serving import serving, settings_in
from tests.world import World

DATA = "/api/departements/93/actors.geojson"
Served = Callable[..., httpx.Client]


@pytest.fixture
def served(world: World, tmp_path: Path) -> Iterator[Served]:
    """A client of a service with settings of its own, as `mesure23 serve` runs it."""
    with ExitStack() as stack:

        def start(**settings: Any) -> httpx.Client:
            app = create_app(settings_in(tmp_path, **settings), world.databases)
            base = stack.enter_context(serving(app, http=PatientProtocol))
            return stack.enter_context(httpx.Client(base_url=base, timeout=60, trust_env=False))

        yield start


def statuses(client: httpx.Client, path: str, times: int, *forwarded: str) -> list[int]:
    """Ask several times, as a proxy that says for whom; return the statuses."""
    headers = [("X-Forwarded-For", each) for each in forwarded]
    return [client.get(path, headers=headers).status_code for _ in range(times)]


# --- how much ----------------------------------------------------------------------------------


def test_pages_and_data_are_counted_apart_and_data_three_times_as_many(served: Served) -> None:
    client = served(rate_limit=2)
    assert statuses(client, "/nulle/part", 3) == [404, 404, 429]
    assert statuses(client, DATA, 7) == [200] * 6 + [429]
    assert statuses(client, "/carte.js", 1) == [429]


def test_files_are_counted_apart_and_a_tenth_as_many(served: Served) -> None:
    client = served(rate_limit=20)
    assert statuses(client, "/table.csv?territoire=59", 3) == [200, 200, 429]
    assert statuses(client, "/departements/59/fiche.pdf", 1) == [429]
    assert statuses(client, "/table?territoire=59", 1) == [200]
    assert statuses(served(rate_limit=1), "/table.csv?territoire=59", 2) == [200, 429]


@pytest.mark.slow
def test_what_monitors_and_pages_load_is_never_counted(served: Served) -> None:
    client = served(rate_limit=1)
    assert statuses(client, "/sante", 5) == [200] * 5
    assert statuses(client, "/static/icon.svg", 5) == [200] * 5


@pytest.mark.parametrize("path", ["/santeX", "/sante/x", "/static/nulle-part", "/staticX"])
def test_what_begins_as_a_free_path_is_counted(served: Served, path: str) -> None:
    assert statuses(served(rate_limit=1), path, 2) == [404, 429]


def test_a_refusal_says_when_to_come_back_to_people_and_to_programs(served: Served) -> None:
    client = served(rate_limit=1)
    client.get("/nulle/part")
    page = client.get("/nulle/part", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert 1 <= int(page.headers["retry-after"]) <= 61
    assert "119" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    problem = client.get("/nulle/part", headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 429


def test_the_limit_can_be_switched_off(served: Served) -> None:
    assert set(statuses(served(rate_limit=0), "/nulle/part", 20)) == {404}


# --- who ---------------------------------------------------------------------------------------


def test_behind_a_declared_proxy_each_visitor_is_a_client(served: Served) -> None:
    client = served(rate_limit=1, trusted_proxies="127.0.0.0/8, 10.1.0.0/16")
    assert statuses(client, "/x", 2, "192.0.2.1") == [404, 429]
    assert statuses(client, "/x", 2, "192.0.2.2") == [404, 429]
    # What the visitor wrote itself stands to the left of what the proxies add.
    assert statuses(client, "/x", 1, "203.0.113.9, 192.0.2.1") == [429]
    assert statuses(client, "/x", 1, "203.0.113.9", "192.0.2.1") == [429]
    assert statuses(client, "/x", 1, "192.0.2.1, 10.1.2.3") == [429]
    assert statuses(client, "/x", 1, "192.0.2.1:4711") == [429]


def test_ipv6_is_counted_by_subscriber(served: Served) -> None:
    client = served(rate_limit=1, trusted_proxies="127.0.0.1")
    assert statuses(client, "/x", 1, "2001:db8:0:1::1") == [404]
    assert statuses(client, "/x", 1, "2001:db8:0:1:ffff::2") == [429]
    assert statuses(client, "/x", 1, "[2001:db8:0:1::3]:4711") == [429]
    assert statuses(client, "/x", 1, "2001:db8:0:2::1") == [404]


@pytest.mark.parametrize("proxies", ["", "192.0.2.0/24"])
def test_what_an_undeclared_proxy_says_is_not_believed(
    served: Served, proxies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    client = served(rate_limit=1, trusted_proxies=proxies)
    assert statuses(client, "/x", 1, "192.0.2.1") == [404]
    assert statuses(client, "/x", 2, "192.0.2.2") == [429, 429]
    said = capsys.readouterr().out.count("MESURE23_TRUSTED_PROXIES")
    assert said == (0 if proxies else 1)


@pytest.mark.parametrize(
    ("host", "by", "in_log"),
    [
        ("192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.77/32", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("12 rue du Refuge", "-", "-"),
    ],
)
def test_a_client_is_known_no_better_than_is_needed(host: str, by: str, in_log: str) -> None:
    scope = {"client": (host, 0)}
    assert (counted(scope), shown(scope)) == (by, in_log)
    assert shown({"client": None}) == "-"


def test_https_is_promised_only_where_visitors_come_by_it(served: Served) -> None:
    https = {"X-Forwarded-Proto": "https"}
    name = "strict-transport-security"
    assert name not in served().get("/sante", headers=https).headers
    behind = served(trusted_proxies="127.0.0.1")
    assert name not in behind.get("/sante").headers
    assert behind.get("/nulle/part", headers=https).headers[name] == "max-age=63072000"
    always = served(https=True)
    assert name in always.get("/sante").headers
    assert "https://" in always.get("/robots.txt").text


# --- how large ---------------------------------------------------------------------------------


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(0, size, 1_000):
        yield b"x" * 1_000


@pytest.mark.parametrize("path", ["/", DATA, "/static/icon.svg", "/nulle/part"])
def test_a_body_larger_than_any_is_refused_also_when_its_size_is_not_said(
    served: Served, path: str
) -> None:
    client = served()
    for body in (b"x" * (BODY_MAX + 1), chunks(BODY_MAX + 1_000)):
        answer = client.request("POST", path, content=body, headers={"Accept": "application/json"})
        assert answer.status_code == 413
        assert answer.json()["status"] == 413
        assert answer.headers["connection"] == "close"
    small = client.request("GET", "/sante", content=chunks(2_000))
    assert small.json() == {"status": "ok"}


def test_a_body_that_is_announced_is_refused_before_it_is_sent(served: Served) -> None:
    head = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 999999999999\r\nExpect: 100-continue\r\n\r\n"
    )
    assert exchange(served(), head).startswith(b"HTTP/1.1 413 ")


DEPOSIT, DEPOSIT_SECONDS = 20_000_000, 4.0


@pytest.fixture
def deposit(world: World, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a service with one route that takes a large file, within some seconds."""
    app = create_app(settings_in(tmp_path), world.databases)

    @app.post("/hurried")
    @body_within(seconds=DEPOSIT_SECONDS)
    def hurried(file: UploadFile) -> dict[str, int | None]:
        return {"size": file.size}

    @app.post("/deposit", max_body_size=DEPOSIT + 1_000)
    @body_within(seconds=60)
    def deposited(file: UploadFile) -> dict[str, int | None]:
        return {"size": file.size}

    @app.post("/small")
    def small(file: UploadFile) -> dict[str, int | None]:
        return {"size": file.size}

    json = {"Accept": "application/json"}
    with (
        serving(app, http=PatientProtocol) as base,
        httpx.Client(base_url=base, timeout=60, trust_env=False, headers=json) as client,
    ):
        yield client


def test_one_route_takes_20_megabytes_and_no_other_does(deposit: httpx.Client) -> None:
    file = {"file": b"x" * DEPOSIT}
    assert deposit.post("/deposit", files=file).json() == {"size": DEPOSIT}
    for path in ("/small", "/deposits", "/deposit/", "/"):
        answer = deposit.post(path, files=file)
        assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert deposit.put("/deposit", files=file).status_code == 413
    assert deposit.post("/small", files={"file": b"x" * 1_000}).json() == {"size": 1_000}


@pytest.mark.parametrize("said", [True, False])
def test_that_route_refuses_more_in_words(deposit: httpx.Client, said: bool) -> None:
    begin = b'--a\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = [begin, *[b"x" * (DEPOSIT // 20)] * 20, b"x" * 2_000]
    headers = {"Content-Type": "multipart/form-data; boundary=a"}
    answer = deposit.post(
        "/deposit", content=b"".join(body) if said else iter(body), headers=headers
    )
    assert (answer.status_code, answer.json()["title"]) == (413, "Demande trop volumineuse")
    assert answer.headers["connection"] == "close"


@pytest.mark.slow
def test_that_route_waits_as_long_as_it_says(deposit: httpx.Client) -> None:
    head = b"POST /hurried HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
    head += b"Content-Type: multipart/form-data; boundary=a\r\nContent-Length: 900\r\n\r\n"
    begin = time.monotonic()
    assert exchange(deposit, head, b"--a\r\n").startswith(b"HTTP/1.1 408 ")
    assert DEPOSIT_SECONDS - 0.1 < time.monotonic() - begin < DEPOSIT_SECONDS + 20


def test_a_body_that_cannot_be_read_is_no_unknown_page(deposit: httpx.Client) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=a"}
    assert deposit.post("/deposit", content=b"nothing", headers=headers).status_code == 422


def test_long_addresses_and_headers_are_refused_in_words(served: Served) -> None:
    client = served()
    json = {"Accept": "application/json"}
    answer = client.get("/?q=" + "a" * ADDRESS_MAX, headers=json)
    assert (answer.status_code, answer.json()["status"]) == (414, 414)
    assert client.get("/" + "a" * ADDRESS_MAX).status_code == 414
    answer = client.get("/", headers=json | {"X-Long": "a" * HEADERS_MAX})
    assert (answer.status_code, answer.json()["status"]) == (431, 431)


def test_headers_without_end_are_cut(served: Served) -> None:
    started = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
    line = b"X-Long: " + b"a" * 1_000 + b"\r\n"
    client = served()
    sent = exchange(client, started, *[line] * (HEAD_MAX // len(line) + 2))
    assert sent.startswith(b"HTTP/1.1 431 ")


# --- how slowly --------------------------------------------------------------------------------


def exchange(client: httpx.Client, *pieces: bytes, pause: float = 0.0) -> bytes:
    """Send pieces, and return all that comes until the service closes."""
    address = (client.base_url.host, client.base_url.port or 80)
    received = b""
    with socket.create_connection(address, timeout=10) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while data := connection.recv(65_536):
                received += data
        except (BrokenPipeError, ConnectionResetError):
            pass  # closed while we were sending; what came before is what is asserted
    return received


@pytest.mark.slow
def test_a_head_that_does_not_come_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served()
    # What a first answer prepares is not waited for below.
    assert client.get("/sante").status_code == 200
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.3)
    begin = time.monotonic()
    assert exchange(client) == b""
    assert 0.2 < time.monotonic() - begin < 3
    # By drops, each of which would start a patience anew; and after a first request that was whole.
    assert exchange(client, b"GET / HTTP/1.1\r\nX: ", *[b"x"] * 7, pause=0.1) == b""
    whole = b"GET /sante HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answers = exchange(client, whole, b"GET /sante HTTP/1.1\r\nHo", pause=0.1)
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in answers


def test_a_body_that_does_not_come_is_not_waited_for(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_size, "BODY_SECONDS", 0.2)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    assert exchange(served(), head, b"abc").startswith(b"HTTP/1.1 408 ")


LARGE = 50_000_000


async def large(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with more than the buffers of two sockets hold."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(50):
        await send({"type": "http.response.body", "body": bytes(LARGE // 50), "more_body": True})
    await send({"type": "http.response.body"})


@pytest.mark.slow
def test_a_reader_who_does_not_read_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(large, http=PatientProtocol, lifespan="off") as base:
        with httpx.stream("GET", base, trust_env=False) as answer:
            assert sum(map(len, answer.iter_bytes())) == LARGE
        monkeypatch.setattr(http_protocol, "READER_SECONDS", 0.3)
        with httpx.stream("GET", base, trust_env=False) as answer:
            time.sleep(1)
            with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
                answer.read()


def test_a_statement_that_takes_too_long_is_reported_in_a_sentence(
    world: World, tmp_path: Path
) -> None:
    url = world.databases.public.url.update_query_dict({"options": "-c statement_timeout=1"})
    database = PublicDatabase(make_engine(url.render_as_string(hide_password=False)))
    app = create_app(settings_in(tmp_path), database)
    with serving(app) as base, httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        answer = client.get("/", headers={"Accept": "application/json"})
    database.dispose()
    assert answer.status_code == 503
    assert answer.json()["title"] == "Réponse trop longue"
    assert int(answer.headers["retry-after"]) > 0
