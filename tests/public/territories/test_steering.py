"""Who steers in a territory: role by role, whoever visitors may read, and whom nobody knows."""

import re

import httpx

from app.search.steering import STEERING
from tests.world import World

ROLE = re.compile(r"<h2>(.*?)</h2>(.*)", re.S)
NOBODY = "Personne n’est connu ici."


def roles(client: httpx.Client, code: str) -> dict[str, str]:
    html = client.get(f"/departements/{code}/pilotage").text
    found = (ROLE.search(each) for each in html.split('<li class="steering__role">')[1:])
    return {each[1]: each[2] for each in found if each}


def test_each_role_names_its_actors_or_says_that_nobody_is_known(
    world: World, client: httpx.Client
) -> None:
    found = roles(client, "93")
    assert len(found) == len(STEERING)
    assert f'href="/acteurs/{world.ids["ase"]}/' in found["ASE"]
    assert f'href="/acteurs/{world.ids["crip"]}/' in found["CRIP"]
    assert 'href="tel:+33143939393"' in found["CRIP"]
    assert NOBODY in found["CDLP"]
    holes = sum(NOBODY in text for text in found.values())
    html = client.get("/departements/93/pilotage").text
    assert f"{holes} rôles sur {len(STEERING)} sans personne de connu" in html


def test_nobody_who_is_protected_or_of_no_role_stands_there(
    world: World, client: httpx.Client
) -> None:
    html = client.get("/departements/93/pilotage").text
    shown = world.names(set(re.findall(r'href="/acteurs/([0-9a-f]{16})', html)))
    assert shown == {"ase", "pjj", "crip"}


def test_the_page_of_a_territory_leads_there_and_back(client: httpx.Client) -> None:
    assert 'href="/departements/93/pilotage"' in client.get("/departements/93").text
    html = client.get("/departements/93/pilotage").text
    assert 'href="/departements/93">Seine-Saint-Denis</a>' in html


def test_a_code_is_written_one_way_and_an_unknown_one_is_said(client: httpx.Client) -> None:
    answer = client.get("/departements/2a/pilotage")
    assert (answer.status_code, answer.headers["location"]) == (308, "/departements/2A/pilotage")
    assert client.get("/departements/20/pilotage").status_code == 404


def test_coverage_names_the_territories_without_a_role_as_their_pages_do(
    client: httpx.Client,
) -> None:
    html = client.get("/couverture").text
    section = html.partition('id="pilotage"')[2].partition("</section>")[0]
    counted = dict(re.findall(r"<li>([^<:]+) :\s*<strong>(\d+)</strong> territoires", section))
    assert counted["CRIP"] == counted["ASE"] == "107"
    assert counted["CDLP"] == "108"
    # Of one mission nobody asks who steers.
    assert 'id="pilotage"' not in client.get("/couverture?fonction=ecoute").text
