"""Every way in which a geocoder can fail, each answered by a transport in the test."""

import gzip
import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import brotli
import httpx
import pytest

from geo.geocoder import (
    ATTEMPTS,
    BATCH_ROWS,
    Answer,
    Geocoder,
    GeocoderBusy,
    GeocoderError,
    GeocoderRefused,
    GeocoderUnreachable,
    GeocoderUnreadable,
)
from tests.geo.geocoding import (
    FEATURE,
    HIDDEN,
    URL,
    answer_csv,
    echo,
    geocoder,
    many,
    query,
    sent_rows,
)


def test_a_batch_that_fails_leaves_the_answers_of_the_others() -> None:
    batches: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        rows = sent_rows(request)
        batches.append(len(rows))
        if rows[0]["street"].startswith("1001 "):
            return httpx.Response(400, text=HIDDEN)
        return httpx.Response(200, text=answer_csv(rows))

    queries = many(2 * BATCH_ROWS + 10)
    with geocoder(handler) as client:
        results = client.search_many(queries)
    assert batches == [BATCH_ROWS, BATCH_ROWS, 10]
    assert all(isinstance(r, Answer) for r in results[:BATCH_ROWS] + results[-10:])
    assert all(isinstance(r, GeocoderRefused) for r in results[BATCH_ROWS : 2 * BATCH_ROWS])


def test_a_geocoder_that_is_down_is_not_asked_for_every_batch() -> None:
    calls = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        raise httpx.ConnectError(HIDDEN)

    with geocoder(handler) as client:
        results = client.search_many(many(6 * BATCH_ROWS))
    assert len(calls) == 2 * ATTEMPTS
    assert len(results) == 6 * BATCH_ROWS
    assert all(isinstance(result, GeocoderUnreachable) for result in results)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError(HIDDEN),
        httpx.ConnectTimeout(HIDDEN),
        httpx.ReadTimeout(HIDDEN),
        httpx.RemoteProtocolError(HIDDEN),
        500,
        502,
        503,
        504,
    ],
)
def test_a_passing_failure_is_tried_again_after_a_growing_pause(failure: Exception | int) -> None:
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls == ATTEMPTS:
            return echo(request)
        if isinstance(failure, Exception):
            raise failure
        return httpx.Response(failure, text=HIDDEN)

    slept: list[float] = []
    with geocoder(handler, slept) as client:
        assert client.search(query()) is not None
    pauses = [pause for pause in slept if pause > 0.1]
    assert len(pauses) == ATTEMPTS - 1
    assert 0.5 <= pauses[0] <= 1 <= pauses[1] <= 2 <= pauses[2] <= 4


def test_a_lasting_failure_ends_in_an_error_after_a_bounded_number_of_attempts() -> None:
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(503)

    slept: list[float] = []
    with geocoder(handler, slept) as client, pytest.raises(GeocoderUnreachable, match="503"):
        client.search(query())
    assert calls == ATTEMPTS
    assert sum(slept) < 10


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_obeyed_as_seconds_and_as_a_date(as_date: bool) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    answers = iter([429, 200])

    def handler(request: httpx.Request) -> httpx.Response:
        if next(answers) == 429:
            return httpx.Response(429, headers={"Retry-After": later if as_date else "30"})
        return echo(request)

    slept: list[float] = []
    with geocoder(handler, slept) as client:
        assert client.search(query()) is not None
    assert 29 < max(slept) <= 31


@pytest.mark.parametrize("header", [None, "soon", "Wed, 99 Foo"])
def test_too_many_requests_without_a_usable_delay_waits_the_five_seconds_of_the_ban(
    header: str | None,
) -> None:
    headers = {"Retry-After": header} if header else {}
    slept: list[float] = []
    with (
        geocoder(lambda request: httpx.Response(429, headers=headers), slept) as client,
        pytest.raises(GeocoderBusy),
    ):
        client.search(query())
    assert [pause for pause in slept if pause > 0.1] == [5.0] * (ATTEMPTS - 1)


def test_a_delay_longer_than_a_minute_is_left_to_the_caller() -> None:
    slept: list[float] = []
    handler = lambda request: httpx.Response(429, headers={"Retry-After": "3600"})  # noqa: E731
    with geocoder(handler, slept) as client, pytest.raises(GeocoderBusy):
        client.search(query())
    assert max(slept, default=0) < 0.1


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 413, 422])
def test_a_refusal_is_not_tried_again_and_names_its_status(status: int) -> None:
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(status, headers={"Location": "https://elsewhere.test/"})

    with geocoder(handler) as client, pytest.raises(GeocoderRefused, match=str(status)):
        client.search(query())
    assert calls == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>maintenance</html>",
        b"[]",
        b"null",
        b'{"features": {}}',
        b'{"features": [{}]}',
        b'{"features": [{"geometry": {"coordinates": [6.1, "x"]}, "properties": {}}]}',
        b"\xff\xfe\x00",
        b"row,latitude\n0,",
        b'row,street\n0,"unclosed',
    ],
)
def test_an_unreadable_body_is_an_error_of_its_own_in_both_forms(body: bytes) -> None:
    with geocoder(lambda request: httpx.Response(200, content=body)) as client:
        with pytest.raises(GeocoderUnreadable):
            client.search(query())
        results = client.search_many(many(4))
    assert all(isinstance(result, GeocoderUnreadable) for result in results)


@pytest.mark.parametrize("position", [["NaN", 0], [0, "inf"], [190.0, 0.0], [0.0, 95.0], [1.0]])
def test_a_position_that_is_none_on_earth_is_unreadable(position: list[object]) -> None:
    feature = FEATURE | {"geometry": {"coordinates": position}}
    with (
        geocoder(lambda request: httpx.Response(200, json={"features": [feature]})) as client,
        pytest.raises(GeocoderUnreadable),
    ):
        client.search(query())


def test_an_endless_answer_is_cut() -> None:
    bomb = gzip.compress(b"a" * 30_000_000)
    headers = {"Content-Encoding": "gzip"}
    with (
        geocoder(lambda request: httpx.Response(200, content=bomb, headers=headers)) as client,
        pytest.raises(GeocoderUnreadable),
    ):
        client.search(query())


@pytest.mark.parametrize("how", ["br", "gzip, gzip"])
def test_what_a_few_bytes_may_blow_up_is_not_unpacked(how: str) -> None:
    answer = json.dumps({"features": [FEATURE]}).encode()
    packed = brotli.compress(answer) if how == "br" else gzip.compress(gzip.compress(answer))
    headers = {"Content-Encoding": how}
    with (
        geocoder(lambda request: httpx.Response(200, content=packed, headers=headers)) as client,
        pytest.raises(GeocoderUnreadable, match="compression"),
    ):
        client.search(query())


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    def drops() -> Iterator[bytes]:
        for _ in range(500):
            time.sleep(0.01)
            yield b" "

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=drops()))
    begin = time.monotonic()
    with (
        Geocoder(URL, timeout=0.05, transport=transport, sleep=lambda pause: None) as client,
        pytest.raises(GeocoderUnreachable, match="délai"),
    ):
        client.search(query())
    assert time.monotonic() - begin < 2


@pytest.mark.parametrize("fails", [False, True])
def test_no_address_reaches_a_log_a_message_or_a_traceback(
    caplog: pytest.LogCaptureFixture, fails: bool
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if fails:
            raise httpx.ReadTimeout(f"{HIDDEN} {request.url}", request=request)
        return echo(request)

    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="httpx")
    errors: list[BaseException] = []
    with geocoder(handler) as client:
        try:
            client.search(query())
        except GeocoderError as error:
            errors.append(error)
        errors += [e for e in client.search_many(many(5)) if isinstance(e, GeocoderError)]
    assert bool(errors) == fails
    assert all(e.__cause__ is None and e.__context__ is None for e in errors)
    written = " ".join([*caplog.messages, *map(repr, errors), repr(query()), repr(many(2))])
    if not fails:
        assert "/geocodage/search" in written
    for word in ("Cachette", "Gex", "Ferney", "01160", "6.1081"):
        assert word not in written


def test_a_geocoder_with_a_name_that_no_machine_can_have_is_unreachable() -> None:
    with (
        Geocoder("https://a..example", sleep=lambda _: None) as client,
        pytest.raises(GeocoderUnreachable),
    ):
        client.search(query())
