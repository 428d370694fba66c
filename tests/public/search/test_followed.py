"""The territory that follows a child stands beside those in charge of the place."""

import re
from html import unescape

import httpx
import pytest

CRIP = "Suivi : CRIP – Seine-Saint-Denis"
NOTICE = "Le département qui suit l’enfant n’est pas reconnu"
PLACES = ("/departements/59?", "/autour?lieu=59350&", "/autour?dans=59&dans=62&", "/autour?")


def text(html: str) -> str:
    """Return what a page says, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize("path", PLACES)
def test_a_page_names_who_follows(client: httpx.Client, path: str) -> None:
    page = client.get(f"{path}suivi=93").text
    assert CRIP in text(page)
    assert "Suivi : ASE – Seine-Saint-Denis, non renseigné" in text(page)
    assert page.count('href="tel:+33143939393"') > client.get(path).text.count("tel:+33143939393")
    assert '<option value="93" selected>' in page


@pytest.mark.parametrize("path", ["/departements/93?suivi=93", "/autour?lieu=93066&suivi=93"])
def test_the_territory_of_the_place_is_named_once(client: httpx.Client, path: str) -> None:
    page = client.get(path).text
    assert "Suivi :" not in page
    assert NOTICE not in page


@pytest.mark.parametrize("path", PLACES)
def test_an_unknown_code_is_explained_and_left_out(client: httpx.Client, path: str) -> None:
    answer = client.get(f"{path}suivi=999")
    assert answer.status_code == 200
    assert NOTICE in answer.text
    assert "suivi=999" not in answer.text
    assert NOTICE not in client.get(f"{path}suivi=").text


def test_in_a_situation_they_stand_in_the_steps_in_charge(client: httpx.Client) -> None:
    page = client.get("/departements/59?suivi=93&s=1").text
    steps = re.findall(r'<section class="group".*?</section>', page, re.DOTALL)
    assert [CRIP in text(step) for step in steps] == [True, *[False] * (len(steps) - 1)]


@pytest.mark.parametrize(
    "path",
    ["/departements/59?suivi=93", "/autour?lieu=59350&suivi=93", "/autour?ou=lille&suivi=93"],
)
def test_all_that_leads_on_keeps_it(client: httpx.Client, path: str) -> None:
    page = client.get(path, follow_redirects=True)
    assert "suivi=93" in str(page.url)
    links = [unescape(each) for each in re.findall(r'href="(/(?:autour|dep)[^"#]*)', page.text)]
    lost = [each for each in links if "suivi=93" not in each]
    # Who acts in the territory for a role that nobody holds, who steers there, and the foot.
    here = "/departements/59"
    assert {each.partition("?")[0] for each in lost} <= {"/departements", here, f"{here}/pilotage"}
    assert any("fiche.pdf" in each for each in links) or "Aucun acteur" in page.text
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    assert len(forms) == 3
    for form in forms:
        fields = re.findall(r'name="suivi"(?: value="93")?', form)
        assert len(fields) == 1


def test_nothing_that_others_read_is_told_of_it(client: httpx.Client) -> None:
    page = client.get("/departements/59?suivi=93").text
    for address in re.findall(r'(?:href|data-[a-z]+)="(/(?:api|integrer)[^"]*)', page):
        assert "suivi" not in address
    for path in ("/integration/59?suivi=93", "/integrer?dans=59&suivi=93"):
        assert "suivi" not in client.get(path).text


def test_the_data_of_a_map_is_the_same_with_it(client: httpx.Client) -> None:
    path = "/api/departements/93/actors.geojson"
    plain = client.get(path)
    for code in ("75", "999", "x"):
        assert client.get(f"{path}?suivi={code}").content == plain.content
    assert client.get(f"{path}?suivi={'9' * 101}").status_code == 422
