"""Our client and our judgement against a real addok, the engine behind the national geocoder."""

import logging
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from geo.address import read_address
from geo.geocoder import BATCH_ROWS, Answer, Geocoder, GeocoderError, GeocoderRefused, Query
from geo.trust import Verdict, judge
from tests.geo.addok_peer import addok

pytestmark = pytest.mark.slow

ROWS = {
    # cell -> INSEE code the row says, decision and precision
    "12, rue DE GEX, 01210, FERNEY VOLTAIRE": ("01160", "accepted", "address"),
    "12 bis R DE GEX\n1210 Ferney": ("01160", "accepted", "address"),
    "13 rue de Gex, 01210, Ferney-Voltaire": ("01160", "accepted", "street"),
    "Maison des services - 14 rue Stanislas - BP 25-4,54405,Longwy Cedex": (
        "54323", "accepted", "address",
    ),
    "Hôtel du département - Esplanade Jean-Moulin,93000,Bobigny": ("93008", "accepted", "street"),
    "Bâtiment B - 90 rue Sadi Carnot, 93700, Drancy": ("93029", "accepted", "address"),
    "2 rue de la Source,97488,Saint-Denis Cedex": ("97411", "accepted", "address"),
    "92 B rue des Stations,59000,Lille": ("59350", "accepted", "address"),
    "24 rue du 22-Novembre,67000,Strasbourg": ("67482", "accepted", "address"),
    "7 r Felix Eboue - Porte 2,97300,Cayenne": ("97302", "accepted", "address"),
    "42 RUE VANDREZANNE, 75013 PARIS": ("75056", "accepted", "address"),
    "Hôtel du département - 29-31 cours de la Liberté,69003,Lyon": (
        "69123", "accepted", "address",
    ),
    "1 rue de Forbin, 13003, Marseille": ("13055", "accepted", "address"),
    "LE CHATEAU D'AUX, 44620, LA MONTAGNE": ("44101", "accepted", "locality"),
    "64000 Pau": ("64445", "accepted", "commune"),
    "44 avenue du Capitaine Fonck, 93150, Le Blanc-Mesnil": ("93007", "review", None),
    "3 rue de la République, Bobigny": (None, "review", None),
    "100 boulevard de la Liberté, Lons-le-Saunier": (None, "review", None),
    "1000 rue des Gentianes,39000,Lons-le-Saunier": ("39300", "rejected", None),
    "=cmd|' /C calc'!A0, 64000, Pau": ("64445", "rejected", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with addok(tmp_path_factory.mktemp("addok")) as url:
        yield url


@pytest.fixture
def geocoder(url: str) -> Iterator[Geocoder]:
    with Geocoder(url) as geocoder:
        yield geocoder


def query(cell: str, citycode: str | None) -> Query:
    address = read_address(cell)
    postcode = None if address.cedex else address.postcode
    return Query(cell, address.street, postcode, address.city, citycode)


QUERIES = [query(cell, code) for cell, (code, _, _) in ROWS.items()]


def judged(asked: Query, found: Answer | GeocoderError | None) -> Verdict:
    assert not isinstance(found, GeocoderError), found
    return judge(asked, found, None)


def test_real_answers_are_judged_as_a_person_would(geocoder: Geocoder) -> None:
    verdicts = {
        asked.id: judged(asked, found)
        for asked, found in zip(QUERIES, geocoder.search_many(QUERIES), strict=True)
    }
    got = {cell: (verdict.decision, verdict.precision) for cell, verdict in verdicts.items()}
    assert got == {cell: (decision, precision) for cell, (_, decision, precision) in ROWS.items()}


def test_one_search_and_a_batch_find_the_same_place(geocoder: Geocoder) -> None:
    for asked, found in zip(QUERIES, geocoder.search_many(QUERIES), strict=True):
        if isinstance(found, Answer):
            alone = geocoder.search(asked)
            assert alone is not None
            # A batch rounds its scores to two digits.
            assert alone.score == pytest.approx(found.score, abs=0.006)
            assert (alone.label, alone.lon, alone.lat) == (found.label, found.lon, found.lat)
            assert (alone.name, alone.housenumber) == (found.name, found.housenumber)


def test_a_good_score_in_another_city_is_not_believed(geocoder: Geocoder) -> None:
    asked = query("3 rue de la République, Bobigny", None)
    found = geocoder.search(asked)
    assert found is not None
    # Drancy and Saint-Denis both have one, at the same score.
    assert found.city != "Bobigny"
    assert found.score == pytest.approx(0.69, abs=0.01)
    assert judge(asked, found, None).decision == "review"


def test_the_filter_keeps_an_unknown_street_inside_its_commune(geocoder: Geocoder) -> None:
    found = geocoder.search(query("3 rue de la République, Bobigny", "93008"))
    assert found is None or found.citycode == "93008"


def test_a_building_in_front_of_the_way_would_lose_the_address(geocoder: Geocoder) -> None:
    cell = "Résidence Les Lilas bâtiment B 90 rue Sadi Carnot"
    raw = [Query("raw", cell, None, "Drancy", "93029")] * 4
    assert geocoder.search_many(raw) == [None] * 4
    asked = Query("read", read_address(cell).street, None, "Drancy", "93029")
    assert judged(asked, geocoder.search(asked)).precision == "address"


def test_a_thousand_rows_and_the_longest_ones_pass_in_one_batch(geocoder: Geocoder) -> None:
    longest = Query("long", "rue " * 500, None, "Pau " * 100, "64445")
    queries = [QUERIES[0]] * 999 + [longest]
    assert len(queries) == BATCH_ROWS
    results = geocoder.search_many(queries)
    assert all(isinstance(result, Answer) for result in results[:999])
    assert not isinstance(results[999], GeocoderError)


def test_another_service_at_the_address_is_a_clear_refusal(url: str) -> None:
    with Geocoder(f"{url}/elsewhere") as geocoder, pytest.raises(GeocoderRefused, match="404"):
        geocoder.search(QUERIES[0])


def test_nothing_of_an_address_is_logged_on_a_real_connection(
    geocoder: Geocoder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)
    asked = query("42 RUE VANDREZANNE, 75013 PARIS", "75056")
    assert geocoder.search(asked)
    assert isinstance(geocoder.search_many([asked] * 5)[0], Answer)
    written = " ".join(caplog.messages).lower()
    assert "/search" in written
    for word in ("vandrezanne", "75013", "75113", "paris"):
        assert word not in written


def test_stopped_peer_leaves_every_query_for_later(tmp_path: Path) -> None:
    with addok(tmp_path) as url:
        assert httpx.get(f"{url}/search", params={"q": "Pau"}).status_code == 200
    with Geocoder(url, timeout=1, sleep=lambda pause: None) as geocoder:
        results = geocoder.search_many(QUERIES)
    assert all(isinstance(result, GeocoderError) for result in results)
