"""Whom to call, on the page of a sheet: the same cards as the search, where its reader is."""

import re
from html import unescape

import httpx
import pytest

NAME = re.compile(r'<h3 class="card__name"><a href="([^"]+)"')


def test_a_typed_place_leads_to_whom_to_call_there(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    answer = client.get(f"/ressources/{ids['sheet']}/fiche", params={"ou": "Bobigny"})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/ressources/{ids['sheet']}/fiche?lieu=93008#appeler"


def test_the_cards_are_those_of_the_search(client: httpx.Client, ids: dict[str, str]) -> None:
    html = client.get(f"/ressources/{ids['sheet']}/fiche?lieu=93008").text
    shown = NAME.findall(html)
    searched = NAME.findall(client.get("/autour?lieu=93008&fonction=ecoute").text)
    assert shown
    assert {*shown} <= {*searched}
    assert "Qui appeler ici\xa0: Bobigny" in unescape(html)


@pytest.mark.parametrize("written", ["saint", "zzzzz"])
def test_what_may_be_several_places_is_asked_about_by_the_search(
    client: httpx.Client, ids: dict[str, str], written: str
) -> None:
    answer = client.get(f"/ressources/{ids['sheet']}/fiche", params={"ou": written})
    assert answer.headers["location"] == f"/autour?fonction=ecoute&ou={written}"
    assert client.get(answer.headers["location"]).status_code == 200


def test_the_street_of_an_address_is_repeated_in_none_of_ours(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    written = {"ou": "12 rue des Lilas"}
    answer = client.get(f"/ressources/{ids['sheet']}/fiche", params=written)
    assert "Lilas" not in answer.headers["location"]


def test_no_position_in_an_address_is_finer_than_the_grid(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    path = f"/ressources/{ids['sheet']}/fiche"
    answer = client.get(f"{path}?lieu=48.912345,2.441234")
    assert answer.status_code == 303
    assert "48.912345" not in answer.headers["location"]
    assert client.get(answer.headers["location"]).status_code == 200


def test_an_unknown_place_is_said_to_be_one(client: httpx.Client, ids: dict[str, str]) -> None:
    assert client.get(f"/ressources/{ids['sheet']}/fiche?lieu=99999").status_code == 404
