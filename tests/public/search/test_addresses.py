"""No address has what a person typed of a place, nor a finer position than a search needs."""

import re

import httpx
import pytest

STREET = "12 rue de la Quincaillerie"


@pytest.fixture(scope="session")
def client(crowd_client: httpx.Client) -> httpx.Client:
    """A client of the service over the crowd."""
    return crowd_client


@pytest.mark.parametrize("path", ["/autour", "/departements/93", "/table"])
@pytest.mark.parametrize("name", ["lieu", "loin"])
def test_a_finer_position_is_rounded(client: httpx.Client, path: str, name: str) -> None:
    answer = client.get(path, params={name: "48.936789,2.357654", "rayon": "50"})
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert "48.936789" not in location
    assert "2.357654" not in location
    assert client.get(location).status_code == 200


@pytest.mark.parametrize("name", ["ou", "eloigner"])
def test_an_address_that_nobody_finds_leads_to_its_commune_without_its_street(
    client: httpx.Client, name: str
) -> None:
    answer = client.get("/autour", params={name: f"{STREET} 93200 Saint-Denis", "q": "écoute"})
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert "incaillerie" not in location
    page = client.get(location)
    assert page.status_code == 200
    assert re.search(r"Le service d’adresses ne répond pas : voici ce qui est autour", page.text)


def test_an_address_of_homonyms_keeps_what_they_are_called(client: httpx.Client) -> None:
    answer = client.get("/autour", params={"ou": f"{STREET}, Saint-Denis"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/autour?ou=Saint-Denis"
    assert "Plusieurs lieux conviennent" in client.get("/autour?ou=Saint-Denis").text


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("93", "/departements/93?categorie=ase"),
        ("nord", "/departements/59?categorie=ase"),
        ("Villeneuve", "/autour?lieu=59009&categorie=ase&avis=homonymes"),
    ],
)
def test_a_name_leads_to_the_place_that_is_meant(client: httpx.Client, text: str, url: str) -> None:
    answer = client.get("/autour", params={"ou": text, "categorie": "ase"})
    assert (answer.status_code, answer.headers["location"]) == (303, url)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("asked", ["lieu=98806", "ou=Farino", "lieu=98806&rayon=5"])
def test_a_commune_without_a_point_leads_to_its_territory_and_says_so(
    client: httpx.Client, asked: str
) -> None:
    answer = client.get(f"/autour?{asked}&categorie=ase")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/departements/988?categorie=ase&avis=position"
    page = client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "La position de cette commune n’est pas connue : voici tout son territoire" in page.text
    assert "n’est pas connue" not in client.get("/departements/988?categorie=ase").text


@pytest.mark.parametrize("path", ["/table", "/autour/fiche.pdf", "/integration/autour"])
def test_what_is_made_of_a_search_looks_in_that_territory_as_well(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(f"{path}?lieu=98806")
    assert answer.status_code == 303
    assert "988" in answer.headers["location"]
    assert "lieu" not in answer.headers["location"]


def test_what_is_typed_takes_the_place_of_a_commune_without_a_point(client: httpx.Client) -> None:
    answer = client.get("/autour?lieu=98806&ou=Saint-Denis")
    assert answer.status_code == 200
    assert "Plusieurs lieux conviennent" in answer.text
    assert client.get("/autour?lieu=98806&ou=Bobigny").headers["location"] == "/autour?lieu=93008"


def test_a_commune_without_a_point_is_kept_away_from_by_its_territory(
    client: httpx.Client,
) -> None:
    page = client.get("/autour?lieu=98818&eloigner=Farino")
    assert page.status_code == 200
    assert "excluez son territoire" in page.text
    assert 'href="/autour?lieu=98818&amp;sans=988"' in page.text
    assert client.get("/autour?loin=98806").status_code == 404
    pending = client.get("/autour?lieu=98806&eloigner=Farino")
    assert pending.headers["location"] == "/departements/988?eloigner=Farino"


def test_a_page_around_a_commune_overseas_is_there(client: httpx.Client) -> None:
    page = client.get("/autour?lieu=98818")
    assert page.status_code == 200
    assert "Autour de Nouméa (988)" in page.text


def test_the_page_of_the_largest_names_the_others_with_the_same_filters(
    client: httpx.Client,
) -> None:
    page = client.get("/autour?lieu=59009&categorie=ase&avis=homonymes").text
    assert "Plusieurs lieux portent ce nom : voici le plus peuplé. Voir aussi :" in page
    assert 'href="/autour?lieu=01446&amp;categorie=ase"' in page
    assert "Voir aussi" not in client.get("/autour?lieu=59009&categorie=ase").text


@pytest.mark.parametrize(
    ("path", "name"),
    [("/autour", "ou"), ("/autour", "eloigner"), ("/departements/93", "eloigner")],
)
def test_an_address_without_a_commune_stays_in_no_address(
    client: httpx.Client, path: str, name: str
) -> None:
    answer = client.get(path, params={name: STREET, "categorie": "ase"})
    assert answer.status_code == 303
    location = answer.headers["location"]
    assert "incaillerie" not in location
    assert "categorie=ase" in location
    page = client.get(location)
    assert page.status_code == 200
    assert "Nous ne reconnaissons pas de commune dans cette adresse" in page.text
    assert "incaillerie" not in page.text


def test_the_address_of_an_exclusion_has_no_street_either(client: httpx.Client) -> None:
    asked = {"eloigner": f"{STREET}, Saint-Denis", "ou": "zzzz"}
    answer = client.get("/autour", params=asked)
    assert answer.headers["location"] == "/autour?eloigner=Saint-Denis&ou=zzzz"


@pytest.mark.parametrize("path", ["/autour?ou=", "/autour?eloigner=", "/integrer?ou="])
def test_a_text_too_long_for_a_place_says_what_to_write(client: httpx.Client, path: str) -> None:
    answer = client.get(path + "x" * 501, headers={"Accept": "text/html"})
    assert answer.status_code == 422
    assert "écrivez une commune ou un code postal" in answer.text
    assert 'href="/departements"' in answer.text
    assert "xxx" not in answer.text


def test_a_place_that_nobody_knows_may_be_looked_for_among_names(client: httpx.Client) -> None:
    page = client.get("/autour", params={"ou": "cdlp nord"})
    assert 'href="/autour?q=cdlp+nord"' in page.text


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("cdlp nord", "/departements/59?q=cdlp"),
        ("crip 93", "/departements/93?q=crip"),
        ("uaped Val-d’Oise", "/departements/95?q=uaped"),
    ],
)
def test_words_beside_a_territory_may_be_looked_for_there(
    client: httpx.Client, text: str, url: str
) -> None:
    page = client.get("/autour", params={"ou": text}).text
    assert f'href="{url}"' in page
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("path", ["/departements/93", "/table"])
def test_a_page_beyond_the_last_leads_to_the_last(client: httpx.Client, path: str) -> None:
    answer = client.get(path, params={"page": "1999"})
    assert answer.status_code == 303
    last = client.get(answer.headers["location"])
    assert last.status_code == 200
    assert "1999" not in last.text
