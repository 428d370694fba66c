"""France, boundaries, sheets, and what machines ask."""

import httpx

from tests.world import World


def test_the_search_that_was_at_home_leads_to_that_of_today(client: httpx.Client) -> None:
    answer = client.get("/", params={"q": "saint-denis & é"})
    assert answer.status_code == 308
    assert answer.headers["location"] == "/autour?ou=saint-denis+%26+%C3%A9"
    assert client.get("/?q=%20").status_code == 200


def test_home_links_every_territory(client: httpx.Client) -> None:
    html = client.get("/").text
    for code in ("01", "2A", "69", "69M", "93", "971", "975", "988"):
        assert f'href="/departements/{code}"' in html


def test_boundary_is_geojson_that_a_program_asks_for_once(client: httpx.Client) -> None:
    answer = client.get("/api/departements/93/boundary.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
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
