"""An open API over real sockets: its bad days, its pace; time is the test's."""

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest

from app.registers import api as asking
from app.registers.api import Api
from app.registers.errors import (
    ApiBusy,
    ApiDown,
    ApiFailed,
    ApiGone,
    ApiRefused,
    ApiUnreadable,
)
from app.registers.pace import ATTEMPTS, GAP
from geo.calling import USER_AGENT
from tests.registers.downloading import Client, Time
from tests.registers.register_server import Answer, Handler, RegisterServer, endless, says


@pytest.fixture
def server(client: Client) -> RegisterServer:
    return client.server


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def api(server: RegisterServer, time: Time) -> Iterator[Api]:
    with Api(server.url, clock=time.now, sleep=time.sleep) as api:
        yield api


def gives(value: Any) -> Answer:
    return says(200, json.dumps(value).encode(), Content_Type="application/json")


def test_an_api_is_asked_five_times_a_second_at_most_and_learns_who_asks(
    api: Api, server: RegisterServer, time: Time
) -> None:
    server.answers = [gives({"a": 1})]
    for _ in range(3):
        assert api.ask({"q": 'a="é&"'}) == {"a": 1}
    assert time.slept == pytest.approx([GAP] * 2)
    for path in server.paths:
        assert parse_qs(urlsplit(path).query) == {"q": ['a="é&"']}
    assert server.asked[0]["User-Agent"] == USER_AGENT


@pytest.mark.parametrize(
    "answer",
    [
        says(200, b"<!DOCTYPE html><p>Maintenance"),
        says(200, b'{"results": ['),
        says(200, b"[]"),
        says(200, b"\xff{}"),
        says(200, b"[" * 200_000),
        says(200, b"{}", Content_Encoding="gzip"),
        says(200, brotli.compress(b"{}"), Content_Encoding="br"),
        says(200, gzip.compress(gzip.compress(b"{}")), Content_Encoding="gzip, gzip"),
        says(200, b"{}", Content_Encoding="unknown"),
        endless,
    ],
)
def test_what_is_no_object_of_json_is_refused_at_once(
    api: Api, server: RegisterServer, answer: Answer
) -> None:
    server.answers = [answer]
    with pytest.raises(ApiUnreadable):
        api.ask({})
    assert len(server.asked) == 1


def test_bad_days_are_waited_for(api: Api, server: RegisterServer, time: Time) -> None:
    server.answers = [
        says(429, Retry_After="90"),
        says(503),
        says(200, b"{", Content_Length="9"),
        gives({"a": 1}),
    ]
    assert api.ask({}) == {"a": 1}
    pauses = [each for each in time.slept if each > GAP]
    assert pauses[0] == 90.0
    assert len(pauses) == 3
    for slept, longest in zip(pauses[1:], (4, 8), strict=True):
        assert longest / 2 <= slept <= longest


@pytest.mark.parametrize(
    ("answer", "error", "asked"),
    [
        (says(429), ApiBusy, ATTEMPTS),
        (says(429, Retry_After="7200"), ApiBusy, 1),
        (says(500), ApiDown, ATTEMPTS),
        (says(400), ApiRefused, 1),
        (says(404), ApiRefused, 1),
        (says(302, Location="/elsewhere"), ApiRefused, 1),
    ],
)
def test_what_stays_bad_is_given_up_in_a_sentence(
    api: Api, server: RegisterServer, answer: Answer, error: type[ApiFailed], asked: int
) -> None:
    server.answers = [answer]
    with pytest.raises(error, match=r"127\.0\.0\.1"):
        api.ask({"q": "x"})
    assert len(server.asked) == asked


def test_nobody_at_the_address_is_said_without_what_was_asked(time: Time) -> None:
    with (
        Api("http://127.0.0.1:9/search", clock=time.now, sleep=time.sleep) as api,
        pytest.raises(ApiGone) as caught,
    ):
        api.ask({"q": "12345678901234"})
    assert "12345678901234" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_no_cookie_is_taken(api: Api, server: RegisterServer) -> None:
    server.answers = [says(200, b'{"a": 1}', Set_Cookie="who=we; Path=/")]
    api.ask({})
    api.ask({})
    assert server.asked[1]["Cookie"] is None


@pytest.mark.slow
def test_a_packed_body_that_comes_drop_by_drop_is_given_up(
    api: Api, server: RegisterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "LONGEST_ATTEMPT", 0.2)

    def dripping(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        # The name of a file without an end: nothing of what is packed comes.
        with suppress(OSError):
            handler.wfile.write(b"\x1f\x8b\x08\x08" + bytes(6))
            for _ in range(10_000):
                handler.wfile.write(b"a")
                threading.Event().wait(0.01)
        handler.close_connection = True

    server.answers = [dripping]
    with pytest.raises(ApiGone, match=r"127\.0\.0\.1"):
        api.ask({})
    assert 0 < len(server.asked) <= ATTEMPTS


@pytest.mark.parametrize("host", ["a..example", "a" * 64 + ".example"])
def test_an_api_at_a_name_that_no_machine_can_have_is_gone(time: Time, host: str) -> None:
    api = Api(f"https://{host}/search", clock=time.now, sleep=time.sleep)
    with api, pytest.raises(ApiGone):
        api.ask({})
