"""What a geocoder is asked, and how its answers are read; a transport in the test answers."""

import re
import time

import httpx
import pytest

from geo.geocoder import (
    Answer,
    Geocoder,
    GeocoderRefused,
    GeocoderUnreadable,
    Query,
)
from tests.geo.geocoding import HIDDEN, answer_csv, echo, geocoder, labels, many, query, sent_rows


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


def test_requests_are_paced_below_fifty_a_second() -> None:
    slept: list[float] = []
    with geocoder(echo, slept) as client:
        start = time.monotonic()
        for _ in range(10):
            client.search(query())
        took = time.monotonic() - start
    assert all(pause <= 1 / 45 for pause in slept)
    # It does not wait here: what it asked to wait and what a busy machine took are the nine spaces.
    assert sum(slept) + took > 9 / 45 - 0.001


@pytest.mark.parametrize("url", ["", "data.geopf.fr", "ftp://data.geopf.fr", "file:///etc"])
def test_an_address_that_is_no_web_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(GeocoderRefused):
        Geocoder(url)
