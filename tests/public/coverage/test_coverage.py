"""The page of coverage, its file and its map say the same, and what the lists show."""

import csv
import io
import re
from html import unescape

import httpx
import pytest

from importers import vocabulary
from tests.world import World, listed

ROW = re.compile(r'<tr data-area="([^"]+)" data-step="(\d)" data-said="([^"]+)">(.*?)</tr>', re.S)
CELL = re.compile(r'<td data-title="([^"]+)"[^>]*>(.*?)</td>', re.S)
FUNCTIONS = vocabulary.load().functions


def rows(html: str) -> dict[str, dict[str, str]]:
    """Return the cells of each territory, by their titles, in the order of the page."""
    return {
        code: {unescape(title): text for title, text in CELL.findall(cells)} | {"step": step}
        for code, step, _, cells in ROW.findall(html)
    }


def lines(client: httpx.Client) -> list[dict[str, str]]:
    """Return the lines of the file."""
    text = client.get("/couverture.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_where_most_is_missing_comes_first(client: httpx.Client) -> None:
    found = rows(client.get("/couverture").text)
    assert len(found) == 108
    missing = [int(cells["Sans personne"]) for cells in found.values()]
    assert missing == sorted(missing, reverse=True)
    assert list(found)[-1] == "93"
    by_name = list(rows(client.get("/couverture?tri=nom").text))
    assert by_name[:3] == ["01", "02", "03"]


def test_of_one_function_the_territories_without_anybody_are_named_first(
    client: httpx.Client,
) -> None:
    html = client.get("/couverture?fonction=ecoute").text
    found = rows(html)
    without = [code for code, cells in found.items() if cells["Acteurs"] == "0"]
    assert list(found)[: len(without)] == without
    assert f"Personne dans {len(without)} territoires sur 108" in html
    named = re.findall(
        r'href="/departements/([^"?]+)\?fonction=ecoute', html.partition("<table")[0]
    )
    assert set(without) <= set(named)
    assert {found[code]["step"] for code in without} == {"0"}


def test_a_number_leads_to_the_list_that_has_as_many(world: World, client: httpx.Client) -> None:
    html = client.get("/couverture?fonction=ecoute").text
    assert 'href="/departements/93?fonction=ecoute"' in html
    here = int(rows(html)["93"]["Acteurs"])
    assert here == len(listed(client.get("/departements/93?fonction=ecoute").text)) == 3


def test_the_file_says_what_the_page_says(client: httpx.Client) -> None:
    page = rows(client.get("/couverture").text)
    file = lines(client)
    assert len(file) == (108 + 1) * (1 + len(FUNCTIONS))
    for line in file:
        if (code := line["code_territoire"]) and line["mission"] in FUNCTIONS:
            label = FUNCTIONS[line["mission"]].label
            assert page[code][label] == line["acteurs"], (code, label)
        ages = list(line)[7:13]
        assert sum(int(line[age]) for age in ages) == int(line["acteurs"])
    one = rows(client.get("/couverture?fonction=hebergement").text)
    assert {
        line["code_territoire"]: line["acteurs"]
        for line in file
        if line["mission"] == "hebergement" and line["code_territoire"]
    } == {code: cells["Acteurs"] for code, cells in one.items()}


def test_who_covers_all_of_france_stands_on_a_line_of_its_own(client: httpx.Client) -> None:
    (whole,) = [
        line
        for line in lines(client)
        if not line["code_territoire"] and line["mission"] == "toutes"
    ]
    assert whole["acteurs"] == "1"
    html = client.get("/couverture").text
    assert "1 acteur agit dans toute la France et ne comble aucun manque" in html


@pytest.mark.parametrize("query", ["fonction=rien", "tri=rien", "fonction=ecoute&tri=rien"])
def test_an_unknown_value_is_said(client: httpx.Client, query: str) -> None:
    assert client.get(f"/couverture?{query}").status_code == 422


def test_the_map_has_an_outline_for_every_row_that_can_be_drawn(client: httpx.Client) -> None:
    contours = client.get("/couverture/contours.geojson")
    assert contours.headers["content-type"] == "application/geo+json"
    drawn = {each["id"] for each in contours.json()["features"]}
    codes = set(rows(client.get("/couverture").text))
    assert drawn <= codes
    assert codes - drawn <= {"975", "977", "978", "986", "987", "988"}


def test_the_outlines_are_announced_before_the_script_that_asks_for_them(
    client: httpx.Client,
) -> None:
    html = client.get("/couverture").text
    (asked,) = re.findall(r'data-areas="([^"]*)"', html)
    # As that script asks: with the credentials of this origin alone.
    announced = html.index(f'<link rel="preload" href="{asked}" as="fetch" crossorigin>')
    assert announced < html.index("/static/built/areas.js?") < html.index("/couverture/carte.js?")


def test_the_script_of_the_map_stays_where_it_is_named(client: httpx.Client) -> None:
    html = client.get("/couverture").text
    (address,) = re.findall(r'src="(/couverture/carte\.js[^"]*)"', html)
    named = client.get(unescape(address))
    assert "immutable" in named.headers["cache-control"]
    assert "mesure23.areas(map, {})" in named.text
    assert client.get("/couverture/carte.js?v=0").headers["cache-control"] == "no-cache"
