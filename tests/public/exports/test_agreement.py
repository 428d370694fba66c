"""The table's pages and the three files hold the actors of the list and the map, in one order."""

import re
from itertools import count
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.search.parameters import SEVERAL
from app.search.reading import CODES
from tests.public.exports.reading import files

WHERE = st.sampled_from(
    [
        *([], [("territoire", "93")], [("territoire", "59")], [("territoire", "75")]),
        [("dans", "75"), ("dans", "93")],
        *([("lieu", "93008"), ("rayon", rayon)] for rayon in ("5", "25", "tout")),
        [("cadre", "2.400,48.880,2.480,48.930")],
    ]
)


def maybe(name: str, *values: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Give a parameter some of its values, more often none."""
    several = st.lists(st.sampled_from(values), max_size=2, unique=True)
    if name not in SEVERAL:
        several = st.lists(st.sampled_from(values), max_size=1)
    return several.map(lambda chosen: [(name, value) for value in chosen])


SEARCHES = st.tuples(
    WHERE,
    maybe("tri", *CODES["tri"]),
    st.one_of(
        maybe("q", "écoute", "cidff", "asociation", "zzzz"),
        maybe("categorie", "association", "sante", "heberger", "ase"),
        maybe("fonction", *CODES["fonction"]),
        maybe("public", *CODES["public"]),
        maybe("age", "5", "17"),
        maybe("ouvert", *CODES["ouvert"]),
        maybe("sans", "75", "59"),
        maybe("s", *CODES["s"]),
        st.just([("loin", "93008"), ("ecart", "10")]),
    ),
).map(lambda parts: [pair for part in parts for pair in part])


def table_ids(client: httpx.Client, query: str) -> list[str]:
    """Return the public ids of all pages of a table, in order."""
    found: list[str] = []
    for page in count(1):
        html = client.get(f"/table?{query}&page={page}").text
        rows = re.findall(r'data-actor="([0-9a-f]+)"', html)
        assert len(rows) <= 100
        found += rows
        if 'rel="next"' not in html:
            return found
    raise AssertionError


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pairs=SEARCHES)
def test_every_file_holds_what_the_table_and_the_map_hold(
    client: httpx.Client, pairs: list[tuple[str, str]]
) -> None:
    query = urlencode(pairs)
    asked = files(client, query)
    ids = table_ids(client, query)
    assert asked.ids() == [ids, ids, ids]
    assert len(set(ids)) == len(ids)
    drawn = client.get(f"/api/actors.geojson?{query}").json()
    assert drawn["counts"]["total"] == len(ids)
    with_point = {each["id"] for each in asked.geojson["features"] if each["geometry"]}
    assert {each["id"] for each in drawn["features"]} == with_point


@pytest.mark.slow
@pytest.mark.parametrize("extension", ["csv", "xlsx", "geojson"])
def test_pages_do_not_cut_a_file(client: httpx.Client, extension: str) -> None:
    assert (
        client.get(f"/table.{extension}?territoire=93&page=2").content
        == client.get(f"/table.{extension}?territoire=93").content
    )
