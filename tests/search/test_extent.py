"""A search of what a map shows: who stands in it, as near its middle as a search around it has."""

from collections.abc import Callable
from itertools import pairwise

import httpx
import pytest
from sqlalchemy.orm import Session

from app.errors import RequestInvalid
from app.search.criteria import Search
from app.search.reading import read_search
from app.search.results import find
from tests.crowd import NOW, Crowd, in_charge
from tests.makers import add_actor
from tests.search.conftest import Ask, ids_of

# Around Bobigny, on the grid, and what a browser might say of it.
EXTENT = "2.400,48.880,2.480,48.930"
FINER = "2.401234,48.881234,2.478765,48.928765"
MIDDLE = "48.905,2.440"


def stands_in(crowd: Crowd) -> set[str]:
    """Return who has a point in it."""
    west, south, east, north = map(float, EXTENT.split(","))
    points = {public_id: row["point"] for public_id, row in crowd.rows.items() if row["point"]}
    return {
        public_id
        for public_id, (lon, lat) in points.items()
        if west <= lon <= east and south <= lat <= north
    }


def test_it_has_who_stands_in_it_and_of_others_who_would_be_found_around_it(
    reading: Session, crowd: Crowd, ask: Ask
) -> None:
    search = ask(cadre=EXTENT)
    assert search.place
    found = ids_of(reading, search)
    within = stands_in(crowd)
    assert 0 < len(within) < len(ids_of(reading, ask(lieu=MIDDLE, rayon="5")))
    assert within <= found
    for row in (crowd.rows[each] for each in found - within):
        nowhere = row["point"] is None and row["territory_code"] == "93"
        assert nowhere or in_charge(row, search.place.area)
    # Who has no point is found as around the middle, wherever that search ends.
    hidden = {public_id for public_id, row in crowd.rows.items() if not row["point"]}
    assert found & hidden == ids_of(reading, ask(lieu=MIDDLE, rayon="5")) & hidden


def test_its_list_goes_from_the_middle_on(reading: Session, ask: Ask) -> None:
    group = find(reading, ask(cadre=EXTENT), NOW).groups[0]
    assert group.title == "Dans la carte affichée"
    metres = [card.metres for card in group.cards if card.metres is not None]
    assert len(metres) == len(group.cards) > 10
    assert all(one <= other for one, other in pairwise(metres))


def test_its_address_is_on_the_grid_and_everything_of_it_is(
    client: httpx.Client, ask: Ask, follow: Callable[[str], Search]
) -> None:
    search = ask(cadre=FINER, s="2", loin="93066", categorie=("ase",))
    assert search.pairs()[0] == ("cadre", EXTENT)
    assert follow(search.url()) == search
    for path in ("/autour", "/table", "/integration/autour", "/autour/fiche.pdf"):
        answer = client.get(path, params={"cadre": FINER})
        assert answer.status_code == 303, path
        assert "cadre=2.400%2C48.880%2C2.480%2C48.930" in answer.headers["location"]
        assert "1234" not in answer.headers["location"]
    assert "1234" not in client.get("/api/actors.geojson", params={"cadre": FINER}).text


def test_its_page_says_so_and_leads_out_of_it(client: httpx.Client) -> None:
    page = client.get("/autour", params={"cadre": EXTENT})
    assert page.headers["cache-control"] == "no-store"
    assert "<h1>Dans la carte affichée" in page.text
    assert "<title>Carte affichée, près de Bobigny (93)" in page.text
    chip = '<a class="chip" href="/autour?lieu=48.905%2C2.440&amp;rayon=10"'
    assert chip in page.text.replace(" hx-get", "").replace(" data-hx-get", "")
    table = client.get("/table", params={"cadre": EXTENT}).text
    assert "dans la carte affichée ou compétents ici" in table


def test_at_sea_nobody_is_said_to_be_in_charge_and_all_of_france_is_offered(
    client: httpx.Client, session: Session
) -> None:
    sea = "-20.000,30.000,-18.000,32.000"
    assert "Qui est compétent ici" not in client.get("/autour", params={"cadre": sea}).text
    add_actor(session.connection())
    (choice,) = find(session, read_search(session, cadre=sea), NOW).relaxed
    assert choice.label == "Partout en France"


def test_a_larger_circle_takes_its_place(ask: Ask) -> None:
    search = ask(cadre=EXTENT)
    assert search.wider == (10, 25, 50, 100, None)
    assert search.but(radius=10).pairs() == [("lieu", MIDDLE), ("rayon", "10")]
    assert search.but(situation=None).pairs() == [("cadre", EXTENT)]


def test_half_of_the_world_is_all_of_france(client: httpx.Client, ask: Ask) -> None:
    assert ask(cadre="-180,-85,180,85").place is None
    answer = client.get("/autour?cadre=-180,-85,180,85&categorie=ase")
    assert (answer.status_code, answer.headers["location"]) == (303, "/autour?categorie=ase")


@pytest.mark.parametrize(
    "given",
    [
        {"cadre": "nan,48,3,49"},
        {"cadre": "3,48,2,49"},
        {"cadre": "179,-20,-179,-10"},
        {"cadre": EXTENT, "lieu": "93008"},
        {"cadre": EXTENT, "dans": ("93",)},
    ],
)
def test_what_is_none_and_a_second_place_are_refused(
    ask: Ask, client: httpx.Client, given: dict[str, str]
) -> None:
    with pytest.raises(RequestInvalid):
        ask(**given)
    assert client.get("/autour", params=given).status_code == 422
