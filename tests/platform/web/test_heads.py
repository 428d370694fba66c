"""The head of a request means one thing, whoever reads it: the proxy before us, or we."""

import re
import socket
from collections.abc import Iterator

import httpx
import pytest
import structlog
from starlette.responses import PlainTextResponse

from app.platform.web.http_protocol import PatientProtocol
from tests.serving import serving


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    app = PlainTextResponse("oui")
    with serving(app, http=PatientProtocol, lifespan="off") as base:
        yield httpx.URL(base).port or 80


def status(port: int, head: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head)
        return connection.recv(12)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
        b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["no host", "two hosts", "two encodings", "two lengths"],
)
def test_a_head_that_two_readers_would_read_otherwise_is_refused(port: int, head: bytes) -> None:
    assert status(port, head) == b"HTTP/1.1 400"


def test_what_is_no_request_has_a_number_and_a_line_that_quotes_nothing(port: int) -> None:
    with (
        structlog.testing.capture_logs() as lines,
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        connection.sendall(b"GET /secret HTTP/1.1\r\nno header\r\n\r\n")
        answer = connection.recv(1000).decode()
        assert connection.recv(1) == b""
    found = re.search(r"^x-request-id: ([0-9a-f]{32})\r$", answer, re.MULTILINE)
    assert found is not None
    (line,) = lines
    assert (line["status"], line["request_id"]) == (400, found[1])
    assert line["client"] == "127.0.0.0/24"
    assert "secret" not in str(line)


@pytest.mark.parametrize("head", [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_one_host_is_enough_and_an_old_client_needs_none(port: int, head: bytes) -> None:
    assert status(port, head) == b"HTTP/1.1 200"


def test_what_was_asked_before_a_refused_head_is_answered_and_nothing_after_it(port: int) -> None:
    good = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    two_hosts = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(good + good + two_hosts + good)
        answered = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answered.count(b"HTTP/1.1 200") == answered.count(b"oui") == 2
