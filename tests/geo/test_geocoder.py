"""Every way in which a geocoder can fail, each answered by a transport in the test."""

import csv
import gzip
import io
import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

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
    Query,
)

URL = "https://geocodeur.test/geocodage/"
HIDDEN = "12 rue Cachette"
FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [6.1081, 46.2567]},
    "properties": {
        "label": "12 Rue de Gex 01210 Ferney-Voltaire",
        "score": 0.97,
        "housenumber": "12",
        "name": "12 Rue de Gex",
        "postcode": "01210",
        "citycode": "01160",
        "city": "Ferney-Voltaire",
        "type": "housenumber",
    },
}
COLUMNS = ["longitude", "latitude", "result_label", "result_score", "result_type"]
COLUMNS += ["result_citycode", "result_postcode", "result_city", "result_name"]
COLUMNS += ["result_housenumber"]
FOUND = ["6.1081", "46.2567", "", "0.97", "housenumber"]
FOUND += ["01160", "01210", "Ferney-Voltaire", "Rue de Gex", "12"]

Handler = Callable[[httpx.Request], httpx.Response]


def query(street: str | None = HIDDEN, citycode: str | None = "01160", **other: str) -> Query:
    parts = {"id": "1", "postcode": None, "city": "Ferney-Voltaire", **other}
    return Query(street=street, citycode=citycode, **parts)  # type: ignore[arg-type]


def geocoder(handler: Handler, slept: list[float] | None = None) -> Geocoder:
    pauses: list[float] = [] if slept is None else slept
    return Geocoder(URL, transport=httpx.MockTransport(handler), sleep=pauses.append)


def sent_rows(request: httpx.Request) -> list[dict[str, str]]:
    """The rows of the csv in a multipart body."""
    content = request.read().decode()
    match = re.search(r'filename="[^"]*"\r\n.*?\r\n\r\n(.*?)\r\n--', content, re.DOTALL)
    assert match
    return list(csv.DictReader(io.StringIO(match[1], newline="")))


def answer_csv(rows: list[dict[str, str]]) -> str:
    """Each row found, with the street that was asked as its label."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([*rows[0], *COLUMNS])
    for row in rows:
        writer.writerow([*row.values(), *FOUND[:2], row["street"], *FOUND[3:]])
    return out.getvalue()


def labels(results: list[Answer | GeocoderError | None]) -> list[str | None]:
    return [result.label if isinstance(result, Answer) else None for result in results]


def echo(request: httpx.Request) -> httpx.Response:
    if request.method == "GET":
        return httpx.Response(200, json={"features": [FEATURE]})
    return httpx.Response(200, text=answer_csv(sent_rows(request)))


def many(count: int, **parts: str) -> list[Query]:
    return [query(f"{n} rue Cachette", **parts) for n in range(1, count + 1)]


def test_search_reads_every_field_of_the_answer() -> None:
    with geocoder(echo) as client:
        assert client.search(query()) == Answer(
            label="12 Rue de Gex 01210 Ferney-Voltaire",
            score=0.97,
            type="housenumber",
            citycode="01160",
            postcode="01210",
            city="Ferney-Voltaire",
            name="Rue de Gex",
            housenumber="12",
            lon=6.1081,
            lat=46.2567,
        )


def test_search_narrows_by_commune_and_never_completes_what_was_typed() -> None:
    urls: list[httpx.URL] = []

    def handler(request: httpx.Request) -> httpx.Response:
        urls.append(request.url)
        return httpx.Response(200, json={"features": []})

    with geocoder(handler) as client:
        assert client.search(query(postcode="01210")) is None
    assert urls[0].path == "/geocodage/search"
    params = dict(urls[0].params)
    assert params == {
        "q": "12 rue Cachette Ferney-Voltaire",
        "limit": "1",
        "autocomplete": "0",
        "citycode": "01160",
    }


@pytest.mark.parametrize(
    ("citycode", "postcode", "city", "expected"),
    [
        ("01160", "01210", "Ferney-Voltaire", ("citycode", "01160")),
        (None, "01210", "Ferney-Voltaire", ("postcode", "01210")),
        (None, "54405", "Longwy Cedex", None),
        (None, None, "Longwy", None),
        ("75056", "75013", "Paris 13e", ("citycode", "75113")),
        ("75056", "75116", "Paris", ("citycode", "75116")),
        ("69123", "69003", "LYON 03", ("citycode", "69383")),
        ("13055", "13010", "Marseille", ("citycode", "13210")),
        ("75056", "75700", "PARIS CEDEX", None),
        ("75056", "69003", "Paris", None),
        ("75113", None, "Paris", ("citycode", "75113")),
    ],
)
def test_filter_is_what_is_sure_and_never_a_cedex(
    citycode: str | None, postcode: str | None, city: str, expected: tuple[str, str] | None
) -> None:
    assert Query("1", HIDDEN, postcode, city, citycode).filter == expected


def test_cells_that_look_like_formulas_or_csv_are_sent_as_plain_words() -> None:
    hostile = [
        "=cmd|' /C calc'!A0",
        '+33 rue\n"x",y;z',
        "-1 rue\tA",
        "@SUM(A1)",
        "\x00;'rue de l'Aux",
    ]
    rows: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        rows.extend(sent_rows(request))
        return echo(request)

    with geocoder(handler) as client:
        results = client.search_many([query(street) for street in hostile])
    assert len(results) == len(rows) == 5
    assert [row["street"] for row in rows] == [
        "cmd C calc A0", "33 rue x y z", "1 rue A", "SUM A1", "rue de l Aux",
    ]  # fmt: skip


def test_long_cells_are_cut_to_what_the_service_takes() -> None:
    asked = query("rue " * 500, city="Ville " * 100).asked
    assert len(" ".join(asked)) <= 200


def test_nothing_is_asked_where_nothing_is_left_to_ask() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing should be sent")

    empty = Query("1", "—", None, "12", None)
    with geocoder(handler) as client:
        assert client.search(empty) is None
        assert client.search_many([empty] * 5) == [None] * 5


def test_batches_name_their_columns_and_answers_come_back_in_the_order_of_queries() -> None:
    bodies: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(request.read().decode())
        return httpx.Response(200, text=answer_csv(sent_rows(request)[::-1]))

    mixed = [
        query(f"{n} rue A", "01160" if n % 2 else None, postcode="01210") for n in range(1, 11)
    ]
    with geocoder(handler) as client:
        results = client.search_many([*mixed, Query("none", None, None, None, None)])
    assert labels(results) == [*(f"{n} rue A" for n in range(1, 11)), None]
    assert len(bodies) == 2
    for body, name in zip(bodies, ["citycode", "postcode"], strict=True):
        assert re.findall(r'name="columns"\r\n\r\n(\w+)', body) == ["street", "city"]
        assert re.search(rf'name="{name}"\r\n\r\nnarrow\r\n', body)


def test_a_few_queries_are_searched_one_by_one() -> None:
    methods: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        methods.append(request.method)
        return echo(request)

    with geocoder(handler) as client:
        assert None not in client.search_many(many(3))
        assert None not in client.search_many(many(4))
    assert methods == ["GET", "GET", "GET", "POST"]


def test_answers_are_read_by_name_with_a_mark_a_status_and_strange_columns() -> None:
    header = "x,result_type,latitude,longitude,row,result_status,result_label,result_citycode"
    header += ",result_score"
    lines = [
        "?,street,46.25,6.1,1,ok,Rue de Gex,01160,0.8",
        ",,,,0,not-found,,,",
        ",,,,2,error,,,",
        ",,,,3,skipped,,,",
    ]
    body = "\ufeff" + "\r\n".join([header, *lines])
    with geocoder(lambda request: httpx.Response(200, content=body.encode())) as client:
        results = client.search_many(many(4))
    assert labels(results) == [None, "Rue de Gex", None, None]
    assert isinstance(results[2], GeocoderUnreadable)
    assert results[0] is results[3] is None


def test_a_batch_that_fails_leaves_the_answers_of_the_others() -> None:
    told: list[int] = []

    def handler(request: httpx.Request) -> httpx.Response:
        rows = sent_rows(request)
        if rows[0]["street"].startswith("1001 "):
            return httpx.Response(400, text=HIDDEN)
        return httpx.Response(200, text=answer_csv(rows))

    queries = many(2 * BATCH_ROWS + 10)
    with geocoder(handler) as client:
        results = client.search_many(queries, told.append)
    assert told == [BATCH_ROWS, BATCH_ROWS, 10]
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


def test_requests_are_paced_below_fifty_a_second() -> None:
    slept: list[float] = []
    with geocoder(echo, slept) as client:
        for _ in range(10):
            client.search(query())
    assert len(slept) == 9
    assert all(pause <= 1 / 45 for pause in slept)
    # The clock of the test does not wait, so the pauses asked for add up.
    assert sum(slept) > 0.5 * 9 / 45


@pytest.mark.parametrize("url", ["", "data.geopf.fr", "ftp://data.geopf.fr", "file:///etc"])
def test_an_address_that_is_no_web_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(GeocoderRefused):
        Geocoder(url)


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
