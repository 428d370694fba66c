"""France, the search for a place, boundaries, sheets, and what machines ask."""

import httpx
import pytest

from app.db import read
from app.territories.service import read_france, search
from tests.web.conftest import World


@pytest.mark.parametrize(
    ("q", "label", "url"),
    [
        ("seine saint denis", "Seine-Saint-Denis", "/departements/93"),
        ("REUNION", "La Réunion", "/departements/974"),
        ("la réunion", "La Réunion", "/departements/974"),
        ("93", "Seine-Saint-Denis", "/departements/93"),
        ("2a", "Corse-du-Sud", "/departements/2A"),
        ("69m", "Métropole de Lyon", "/departements/69M"),
        ("bobigny", "Bobigny (93000)", "/departements/93"),
        ("St Denis", "Saint-Denis (93200)", "/departements/93"),
        ("saint-denis", "Saint-Denis (97400)", "/departements/974"),
        ("villeneuve d'ascq", "Villeneuve-d'Ascq (59491)", "/departements/59"),
        ("59491", "Villeneuve-d'Ascq (59491)", "/departements/59"),
        ("93 000", "Bobigny (93000)", "/departements/93"),
    ],
)
def test_a_place_is_found_as_people_write_it(world: World, q: str, label: str, url: str) -> None:
    with read(world.databases.public) as session:
        results = search(session, read_france(session)[0], q)
    assert (label, url) in [(result.label, result.url) for result in results]


def test_the_very_name_comes_before_what_contains_it(world: World) -> None:
    with read(world.databases.public) as session:
        results = search(session, read_france(session)[0], "lyon")
    assert [(r.kind, r.label.split(" (")[0]) for r in results][:2] == [
        ("territoire", "Métropole de Lyon"),
        ("commune", "Lyon"),
    ]
    assert results[1].territory_name == "Métropole de Lyon"


@pytest.mark.parametrize("q", ["", "   ", "%", "_", "zzzzzz", "x" * 5000])
def test_a_search_for_nothing_finds_nothing(world: World, q: str) -> None:
    with read(world.databases.public) as session:
        assert search(session, read_france(session)[0], q) == []


def test_home_links_every_territory(client: httpx.Client) -> None:
    html = client.get("/").text
    for code in ("01", "2A", "69", "69M", "93", "971", "975", "988"):
        assert f'href="/departements/{code}"' in html


def test_boundary_is_geojson_that_is_asked_for_once(client: httpx.Client) -> None:
    answer = client.get("/api/departements/93/boundary.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["cache-control"].startswith("public")
    feature = answer.json()
    assert feature["geometry"]["type"] == "MultiPolygon"
    lon, lat = feature["geometry"]["coordinates"][0][0][0]
    assert 2.2 < lon < 2.7
    assert 48.7 < lat < 49.1
    again = client.get(
        "/api/departements/93/boundary.geojson", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_a_territory_without_boundary_still_has_its_page_and_map(client: httpx.Client) -> None:
    assert client.get("/departements/975").status_code == 200
    assert client.get("/departements/975/carte.js").status_code == 200
    assert client.get("/api/departements/975/boundary.geojson").json()["geometry"] is None


def test_a_sheet_has_one_address(world: World, client: httpx.Client) -> None:
    url = f"/acteurs/{world.ids['ase']}/acteur"
    assert client.get(url).status_code == 200
    moved = client.get(f"/acteurs/{world.ids['ase']}/ancien-nom")
    assert (moved.status_code, moved.headers["location"]) == (308, url)


def test_machines_are_answered(client: httpx.Client) -> None:
    assert client.get("/sante").json() == {"status": "ok"}
    assert "Disallow: /api/" in client.get("/robots.txt").text
    paths = client.get("/api/openapi.json").json()["paths"]
    assert "/api/departements/{code}/actors.geojson" in paths
    for path in ("/docs", "/redoc"):
        assert client.get(path).status_code == 404
