"""What a proxy may keep for a second: what is the same for everybody, asked for as many do."""

import httpx
import pytest

from tests.meanwhile import until
from tests.world import World

MARK = "x-accel-expires"
SHARED = [
    "/departements/93",
    "/departements/93?categorie=ase&fonction=ecoute&page=1",
    "/departements/93?langue=ar",
    "/api/departements/93/actors.geojson",
    "/api/departements/93/actors.geojson?public=mineurs",
    "/api/departements/93/boundary.geojson",
    "/integration/93",
    "/couverture",
    "/couverture?fonction=ecoute",
    "/ressources",
]
# With words, a place, a position, an exclusion; of one reader; files; errors; what is never cached.
NOT_SHARED = [
    "/departements/93?q=ecoute",
    "/departements/93?lieu=93008",
    "/api/departements/93/actors.geojson?lieu=93008",
    "/departements/93?loin=93008",
    "/departements/93?eloigner=Bobigny",
    "/departements/93?dans=93",
    "/departements/93?inconnu=1",
    "/api/departements/93/actors.geojson?cadre=2,48,3,49",
    "/api/departements/999/boundary.geojson",
    "/api/groupes.geojson?territoire=93&zoom=11&bbox=1.9,48.7,2.8,49.1",
    "/autour?lieu=93008",
    "/autour?lieu=48.91,2.44",
    "/autour?ou=Bobigny",
    "/ressources?q=fugue",
    "/couverture.csv",
    "/table.csv?territoire=93",
    "/departements/93/fiche.pdf",
    "/departements/93?categorie=inconnue",
    "/nulle/part",
    "/api/lieux?q=bobigny",
    "/sante",
    "/signaler",
]


@pytest.mark.parametrize("path", SHARED)
def test_what_is_the_same_for_everybody_is_marked_and_stored_by_no_browser(
    client: httpx.Client, path: str
) -> None:
    # Not before the version that it stands under is known.
    until(lambda: MARK in client.get(path).headers)
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers[MARK] == "1"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    # nginx asks for it with or without gzip, and for nothing else that an answer depends on.
    assert {each.strip().lower() for each in answer.headers["vary"].split(",")} <= {
        "accept-encoding"
    }


@pytest.mark.parametrize("path", NOT_SHARED)
def test_what_tells_of_somebody_and_what_is_saved_is_not(client: httpx.Client, path: str) -> None:
    until(lambda: MARK in client.get("/departements/93").headers)
    for _ in range(2):
        assert MARK not in client.get(path).headers


def test_part_of_a_page_is_not(client: httpx.Client) -> None:
    until(lambda: MARK in client.get("/departements/93").headers)
    assert MARK not in client.get("/departements/93", headers={"HX-Request": "true"}).headers


def test_who_has_it_already_is_told_so_without_a_mark(client: httpx.Client) -> None:
    until(lambda: MARK in client.get("/departements/93").headers)
    tag = client.get("/departements/93").headers["etag"]
    unchanged = client.get("/departements/93", headers={"If-None-Match": tag})
    assert unchanged.status_code == 304
    assert MARK not in unchanged.headers


@pytest.mark.slow
def test_nobody_is_named_by_what_is_kept(client: httpx.Client, world: World) -> None:
    """A sheet is one actor's: it is made for who asks."""
    until(lambda: MARK in client.get("/departements/93").headers)
    for public_id in world.ids.values():
        assert MARK not in client.get(f"/acteurs/{public_id}", follow_redirects=True).headers
