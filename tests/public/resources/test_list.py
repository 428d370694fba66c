"""The list of resources: what it selects, in which order, and what to do where there is nothing."""

import re
from html import unescape

import httpx
import pytest
from fastapi import FastAPI

from tests.public.resources.conftest import SITE

TITLE = re.compile(r'<h3 class="resource-card__title"><a [^>]*>([^<]+)</a>')
COUNT = re.compile(r'id="compte">([^<]+)<')


def titles(client: httpx.Client, query: str = "") -> list[str]:
    """Return the titles of a page of the list."""
    answer = client.get(f"/ressources{query}")
    assert answer.status_code == 200
    return [unescape(title) for title in TITLE.findall(answer.text)]


def count(client: httpx.Client, query: str) -> str:
    """Return how many the list says that there are."""
    found = COUNT.search(client.get(f"/ressources{query}").text)
    assert found is not None
    return unescape(found[1]).replace("\xa0", " ")


def test_twenty_resources_stand_on_a_page_and_the_rest_on_the_next(client: httpx.Client) -> None:
    assert count(client, "") == "39 ressources"
    first, second = titles(client), titles(client, "?page=2")
    assert (len(first), len(second)) == (20, 19)
    assert not {*first} & {*second}
    answer = client.get("/ressources?page=7")
    assert (answer.status_code, answer.headers["location"]) == (303, "/ressources?page=2")


def test_what_is_for_professionals_is_in_no_list_count_or_file(client: httpx.Client) -> None:
    assert "Réservé" not in client.get("/ressources?page=2").text
    assert count(client, "?q=réservé") == "Aucune ressource"
    for extension in ("csv", "ris", "atom"):
        assert "Réservé" not in client.get(f"/ressources.{extension}").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?genre=fiche", {"Retour de fugue", "Recueillir la parole"}),
        ("?preuve=non-evaluee", {"Café des parents"}),
        ("?preuve=prometteuse", {"Maraude numérique"}),
        ("?validation=validee", {"Recueillir la parole"}),
        ("?territoire=974&genre=etude", {"Étude d’exemple"}),
        ("?territoire=93", {"Maraude numérique", "Café des parents"}),
        ("?annee=1990-1991", {"Rapport numéro 1", "Rapport numéro 2"}),
        ("?organisme=exemple", {"Repérer une exploitation sexuelle"}),
        ("?s=2", {"Retour de fugue", "Recueillir la parole"}),
        ("?q=chef de service", {"Retour de fugue", "Recueillir la parole"}),
    ],
)
def test_a_filter_selects(client: httpx.Client, query: str, found: set[str]) -> None:
    assert {*titles(client, query)} == found


def test_a_territory_may_be_asked_with_all_of_france(client: httpx.Client) -> None:
    assert count(client, "?territoire=974&portee=national") == "39 ressources"
    assert count(client, "?territoire=974") == "3 ressources"


def test_every_territory_is_offered_with_its_count(client: httpx.Client) -> None:
    html = client.get("/ressources").text
    options = re.findall(r'<option value="([0-9][^"]*)">[^<]*\((\d+)\)', html)
    assert len(options) > 100
    assert dict(options)["974"] == "3"
    assert dict(options)["975"] == "0"


def test_each_criterion_can_be_taken_back(client: httpx.Client) -> None:
    html = client.get("/ressources?genre=fiche&theme=fugue&q=parole").text
    chips = {
        unescape(label): unescape(url)
        for url, label in re.findall(r'class="chip" href="([^"]+)"[^>]*><span>([^<]+)</span>', html)
    }
    assert chips["Fiche"] == "/ressources?q=parole&theme=fugue"
    assert chips["« parole »"] == "/ressources?genre=fiche&theme=fugue"
    assert 'class="chips__reset" href="/ressources"' in html


def test_where_nothing_is_found_the_page_says_what_to_relax(client: httpx.Client) -> None:
    html = client.get("/ressources?q=fugues&genre=etude").text
    assert "Aucune ressource ne répond à cette recherche." in html
    links = [
        unescape(link) for link in re.findall(r'button--quiet" href="(/ressources[^"]+)"', html)
    ]
    assert "/ressources?genre=etude" in links
    for link in links:
        assert count(client, link.removeprefix("/ressources")) != "Aucune ressource"


def test_a_misspelt_word_leads_to_one_that_is_there(client: httpx.Client) -> None:
    html = client.get("/ressources?q=exploitasion").text
    assert "Des mots proches" in html
    assert 'href="/ressources?q=exploitation"' in html


def test_words_are_marked_where_they_stand_and_nothing_else_is_html(client: httpx.Client) -> None:
    assert "<mark>revient</mark>" in client.get("/ressources?q=revient").text
    html = client.get("/ressources?q=<script>alert(1)</script>").text
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    ("order", "first"),
    [("date", "Retour de fugue"), ("revue", "Recueillir la parole")],
)
def test_the_list_is_sorted_as_asked(client: httpx.Client, order: str, first: str) -> None:
    assert first in titles(client, f"?tri={order}")[:6]


@pytest.mark.parametrize("query", ["?genre=livre", "?tri=taille", "?annee=hier", "?page=0"])
def test_what_no_filter_knows_is_an_error_that_says_so(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/ressources{query}")
    assert answer.status_code == 422
    assert "119" in answer.text


def test_a_page_is_not_larger_than_sixty_kilobytes(client: httpx.Client) -> None:
    assert len(client.get("/ressources?q=exemple").content) < 60_000


def test_robots_are_told_of_what_everybody_may_read(
    client: httpx.Client, ids: dict[str, str]
) -> None:
    listed = client.get("/sitemaps/ressources.xml").text
    assert listed.count("<loc>") == 39
    assert f"{SITE}/ressources/{ids['sheet']}/fiche" in listed
    assert ids["professional"] not in listed


def test_the_head_and_the_foot_of_each_page_lead_here(client: httpx.Client) -> None:
    assert client.get("/mentions-legales").text.count('href="/ressources"') == 2


def test_a_value_that_a_visitor_wrote_is_not_remembered_with_the_others(
    client: httpx.Client, app: FastAPI
) -> None:
    macros = app.state.site.templates.get_template("macros/resource_filters.html").module
    client.get("/ressources")
    known = macros.box.cache_info().currsize
    assert known
    assert 'value="mot-de-quelqu-un"' in client.get("/ressources?organisme=mot-de-quelqu-un").text
    assert macros.box.cache_info().currsize == known
