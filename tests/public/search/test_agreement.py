"""List, map and counts are three views of one selection."""

import re
from itertools import product
from typing import Any

import httpx
import pytest

from app.platform.database.sessions import read
from app.search.reading import read_search
from app.search.results import find
from tests.world import NOW, World, listed

HERE = {
    "ase", "pjj", "listens", "approximate", "not drawn", "hostile", "crip", "shelter", "front gate",
    "held", "without address",
}  # fmt: skip
FROM_ELSEWHERE = {"national", "covers 93", "covers commune"}
HIDDEN = {"shelter", "front gate", "held"}
NO_POINT = HIDDEN | {"not drawn", "covers commune", "without address"}


def test_a_territory_lists_its_seats_and_what_covers_it(world: World, client: httpx.Client) -> None:
    page = client.get("/departements/93")
    assert page.status_code == 200
    assert world.names(listed(page.text)) == HERE | FROM_ELSEWHERE


def test_an_epci_that_an_actor_covers_brings_it_to_the_territory_of_its_communes(
    world: World, client: httpx.Client
) -> None:
    # 200046977 is the Métropole de Lyon, whose communes are those of 69M.
    assert world.names(listed(client.get("/departements/69M").text)) == {"covers epci", "national"}
    assert world.names(listed(client.get("/departements/69").text)) == {"national"}


def test_map_draws_what_the_list_names_and_has_a_point(world: World, client: httpx.Client) -> None:
    actors = client.get("/api/departements/93/actors.geojson").json()
    drawn = {feature["id"] for feature in actors["features"]}
    assert world.names(drawn) == (HERE | FROM_ELSEWHERE) - NO_POINT
    assert actors["counts"] == {
        "total": len(HERE | FROM_ELSEWHERE),
        "drawn": len(drawn),
        "shown": len(drawn),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("categorie=ase&categorie=pjj", {"ase", "pjj"}),
        ("fonction=ecoute", {"ase", "listens", "not drawn"}),
        ("public=mineurs&fonction=ecoute", {"ase", "listens"}),
        ("categorie=ase&public=parents", set()),
        ("categorie=ase&categorie=ase", {"ase"}),
        ("categorie=heberger", {"shelter", "front gate"}),
        ("categorie=mecs", set()),
    ],
)
def test_filters_say_the_same_in_page_and_map(
    world: World, client: httpx.Client, query: str, expected: set[str]
) -> None:
    page = client.get(f"/departements/93?{query}")
    actors = client.get(f"/api/departements/93/actors.geojson?{query}").json()
    assert world.names(listed(page.text)) == expected
    assert world.names({feature["id"] for feature in actors["features"]}) == expected - NO_POINT
    assert actors["counts"] == {
        "total": len(expected),
        "drawn": len(expected - NO_POINT),
        "shown": len(expected - NO_POINT),
    }


def test_page_names_the_address_of_its_own_selection(client: httpx.Client) -> None:
    page = client.get("/departements/93?public=parents&fonction=ecoute&categorie=association")
    wanted = "actors.geojson?categorie=association&amp;fonction=ecoute&amp;public=parents"
    assert wanted in page.text


@pytest.mark.slow
@pytest.mark.parametrize("territory", ["93", "59", "75"])
def test_a_count_is_what_one_gets_by_choosing_it(world: World, territory: str) -> None:
    choices = product(((), ("ase", "heberger")), ((), ("ecoute",)), ((), ("mineurs", "parents")))
    with read(world.databases.public) as session:
        for categorie, fonction, public in choices:
            asked: dict[str, Any] = {"categorie": categorie, "fonction": fonction, "public": public}
            found = find(session, read_search(session, territory=territory, **asked), NOW)
            for name, values in found.facets.items():
                for value in values:
                    only = asked | {name: (value.code,)}
                    chosen = find(session, read_search(session, territory=territory, **only), NOW)
                    assert value.count == chosen.total, (territory, asked, name, value)


def test_france_counts_what_each_territory_lists(world: World, client: httpx.Client) -> None:
    from app.gazetteer.territories import read_france

    with read(world.databases.public) as session:
        counts = {each.code: each.count for each in read_france(session)[0]}
    for territory in ("01", "59", "69", "69M", "75", "93", "974", "975"):
        actors = client.get(f"/api/departements/{territory}/actors.geojson").json()
        assert counts[territory] == actors["counts"]["total"], territory
        assert len(listed(client.get(f"/departements/{territory}").text)) == counts[territory]


@pytest.mark.slow
def test_demonstration_lists_agree_too(live_server: str) -> None:
    with httpx.Client(base_url=live_server, timeout=60, trust_env=False) as client:
        for territory in ("59", "69M", "93", "973", "974"):
            page = client.get(f"/departements/{territory}").text
            cards = listed(page)
            # Neutral places of one number are one card, which says how many they are.
            gathered = sum(map(int, re.findall(r'card__name">(\d+) ', page)))
            actors = client.get(f"/api/departements/{territory}/actors.geojson").json()
            drawn = {feature["id"] for feature in actors["features"]}
            assert 0 < len(drawn) <= len(cards)
            assert drawn <= cards
            assert actors["counts"] == {
                "total": len(cards) + gathered,
                "drawn": len(drawn),
                "shown": len(drawn),
            }
