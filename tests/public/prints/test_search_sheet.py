"""The sheet of a search: the actors of its list, on paper, asking nobody for anything."""

import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.public.prints.drawings import NAMES, shapes
from app.search.situations import situations
from importers import vocabulary
from tests.hostile import HOSTILE
from tests.public.prints.conftest import PUBLIC_URL
from tests.public.prints.reading import figures, printed, squeezed, tagged

pytestmark = pytest.mark.slow

# Of the crowd, each with a number of its own.
CROWD = re.compile(r"(?:=Écoute|Accueil|CIDFF|-Maison)\d")
WHERE = st.sampled_from(
    [
        *("/departements/93/fiche.pdf?", "/departements/59/fiche.pdf?"),
        *("/autour/fiche.pdf?lieu=93008&rayon=5&", "/autour/fiche.pdf?dans=75&dans=59&"),
    ]
)
CHOSEN = st.sampled_from(
    [
        [("categorie", "crip"), ("categorie", "sante")],
        [("fonction", "ecoute"), ("age", "5")],
        [("ouvert", "24h"), ("tri", "-nom")],
        [("q", "cidff")],
        [("s", "3"), ("categorie", "uaped")],
        [("sans", "75"), ("categorie", "ase"), ("tri", "verification")],
        [("ouvert", "maintenant"), ("public", "parents")],
    ]
)


def names(client: httpx.Client, address: str) -> list[str]:
    """Return the names that the file of the same search holds."""
    query = address.partition("?")[2]
    if code := re.match(r"/departements/(\w+)/", address):
        query = f"territoire={code[1]}&{query}"
    features = client.get(f"/table.geojson?{query}").json()["features"]
    return [feature["properties"]["nom"] for feature in features]


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(where=WHERE, chosen=CHOSEN)
def test_the_sheet_has_the_actors_of_the_list(
    client: httpx.Client, where: str, chosen: list[tuple[str, str]]
) -> None:
    address = where + urlencode(chosen)
    expected = names(client, address)
    sheet = printed(client, address)
    if not expected:
        assert sheet.answer.status_code == 303
        return
    rest = squeezed(sheet.text)
    assert squeezed(f"{len(expected)} acteur") in rest
    # What fonts do not have, or what is cut, cannot be read back.
    plain = [name for name in expected if name not in HOSTILE.values() and len(name) < 150]
    for name in sorted(map(squeezed, plain), key=len, reverse=True):
        assert name in rest, name
        rest = rest.replace(name, "", 1)
    assert not CROWD.search(rest)


def test_it_is_tagged_french_and_has_words_for_its_images(client: httpx.Client) -> None:
    sheet = printed(client, "/departements/01/fiche.pdf")
    root: Any = sheet.pdf.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    texts = [figure["/Alt"] for figure in figures(sheet.pdf)]
    assert all(texts)
    assert f"Code QR : {PUBLIC_URL}/departements/01" in texts
    assert "Carte : Ain. Les numéros sont ceux de la liste." in texts


def test_only_tables_are_tagged_as_such_and_shapes_have_their_names(client: httpx.Client) -> None:
    document = printed(client, "/departements/93/fiche.pdf?categorie=crip&categorie=ase").pdf
    tables = list(tagged(document, "/Table"))
    assert len(tables) >= 2
    assert all(len(list(tagged(document, "/TH", table))) > 4 for table in tables)
    # The national numbers.
    assert len(list(tagged(document, "/LI"))) == 5
    texts = {figure["/Alt"] for figure in figures(document)}
    assert {"Sur la carte : cloche", "Sur la carte : bouclier"} < texts


def test_each_shape_of_a_category_has_a_name() -> None:
    icons = {category.shape for category in vocabulary.load().categories.values()}
    assert icons <= NAMES.keys()
    assert len(set(NAMES.values())) == len(NAMES)
    assert NAMES.keys() <= shapes().keys()


def test_each_page_says_when_and_of_how_many_it_is(client: httpx.Client) -> None:
    pages = printed(client, "/departements/01/fiche.pdf").pages
    for number, text in enumerate(pages, 1):
        assert f"{number}/{len(pages)}" in text
        assert "Liste du 10 juin 2026" in text
    assert "Licence Ouverte 2.0" in pages[0]
    assert "GIP France Enfance Protégée" in pages[0]
    for called in ("17", "119", "116 000", "3018", "114"):
        assert called in pages[0]


def test_neither_name_nor_title_tells_of_a_situation(client: httpx.Client) -> None:
    sheet = printed(client, "/departements/93/fiche.pdf?s=4&categorie=crip&categorie=ase")
    disposition = sheet.answer.headers["content-disposition"]
    assert disposition == 'inline; filename="acteurs-93-2026-06-10.pdf"'
    assert sheet.pdf.metadata is not None
    assert sheet.pdf.metadata.title == "Acteurs : Seine-Saint-Denis"
    assert "Situation n° 4" in sheet.text
    assert situations()[4].label not in sheet.text
    assert sheet.answer.headers["cache-control"] == "no-store"
    assert sheet.answer.headers["x-robots-tag"] == "noindex"


def test_what_is_not_published_has_neither_place_nor_number(client: httpx.Client) -> None:
    text = printed(client, "/departements/93/fiche.pdf?categorie=heberger").text
    assert text.count("– Lieu d’accueil – Seine-Saint-Denis") == 2
    assert "Adresse non publiée, pour la sécurité des enfants" in text
    assert "Aucun de ces acteurs n’est placé sur la carte." in text


def test_neutral_actors_that_say_the_same_are_one_line(client: httpx.Client) -> None:
    text = printed(client, "/departements/74/fiche.pdf").text
    assert text.count("3 lieux d’accueil – Haute-Savoie") == 1
    assert text.count("Lieu d’accueil – Haute-Savoie") == 1
    assert "4 acteurs" in text


def test_no_line_ends_amid_hours(client: httpx.Client) -> None:
    lines = printed(client, "/departements/01/fiche.pdf?categorie=police").lines
    broken = [line for line in lines if line.startswith("13 h 30 – 17 h 30")]
    assert len(broken) == 8
    assert not [line for line in lines if line.endswith((" h –", " 30 –"))]


def test_no_day_no_number_and_no_town_is_lost(client: httpx.Client) -> None:
    text = printed(client, "/departements/59/fiche.pdf?categorie=association&q=Association").text
    week, _, rest = text.partition("Le dimanche : 15 h – 18 h")
    assert "Le lundi : 9 h – 12 h et 13 h 30 – 17 h" in week
    assert "01 43 93 93 04" in week + rest
    for address in ("consultations… 59000 Lille", "consultations… Lille", "8 rue de Lille Lille"):
        assert address in text
    assert "Téléphonenonrenseignéaccueil@exemple.invalid" in squeezed(text)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lieu=93066&rayon=25", "Cible : Saint-Denis (93) ; cercle : 25 km. Chaque"),
        ("lieu=93066&rayon=tout&categorie=crip", "Cible : Saint-Denis (93). Chaque"),
        ("lieu=48.910,2.445&rayon=5", "Cible : Position près de Bobigny (93) ; cercle : 5 km. Ch"),
        ("cadre=2.400,48.880,2.480,48.930", "Carte affichée, près de Bobigny (93)"),
    ],
)
def test_a_map_around_a_place_says_what_is_where(
    client: httpx.Client, asked: str, said: str
) -> None:
    sheet = printed(client, f"/autour/fiche.pdf?{asked}")
    assert said in sheet.text
    # On the map its name stands without its département.
    assert "93066" not in asked or re.search(r"(?<![\w-])Saint-Denis(?! \()", sheet.text)


def test_a_page_that_begins_amid_a_category_names_it(client: httpx.Client) -> None:
    pages = printed(client, "/departements/01/fiche.pdf").pages
    # As well as the one that begins further down.
    category, next_one = "Services de la police nationale", "Tribunaux et services de la justice"
    assert next(page for page in pages if category in page) == pages[1]
    assert pages[2].count(category) == 1
    assert f"Ain · {category} " in pages[2]
    assert next_one in pages[2]
    # Amid none: the one that it begins with.
    page = printed(client, "/departements/59/fiche.pdf").pages[2]
    assert page.startswith(next_one)
    assert f"Nord · {next_one}" in page


def test_territories_that_the_title_names_are_not_said_twice(client: httpx.Client) -> None:
    asked = "dans=93&dans=59&categorie=crip"
    text = printed(client, f"/autour/fiche.pdf?{asked}").text
    assert "Choisis par : Cellule de recueil" in text
    assert "(59)" not in text
    many = "".join(f"&dans={code}" for code in ("01", "02", "03", "75"))
    text = printed(client, f"/autour/fiche.pdf?{asked}{many}").text
    assert "et 3 autres" in text
    assert "Allier (03) ; Paris (75)" in text


def test_a_map_names_towns_of_its_territory_before_its_neighbours(client: httpx.Client) -> None:
    text = printed(client, "/departements/93/fiche.pdf?categorie=crip").text
    assert "La Courneuve" in text
    # Where ten times as many people live, and as near.
    assert "Paris" not in text


@pytest.mark.parametrize(
    ("asked", "scale", "outside"),
    [
        # Most of them are near Paris; La Réunion is ninety times as far as the map is to show.
        (
            "dans=93&dans=974&categorie=crip&categorie=odpe",
            10,
            "La Réunion (3 acteurs)",
        ),
        ("dans=93&dans=974&categorie=odpe&q=outre", 20, "Seine-Saint-Denis"),
        ("dans=971&dans=974&categorie=odpe&q=outre", 20, "Guadeloupe (1 acteur)"),
        # All of France: Europe, and where none of them is there, where most of them are.
        ("categorie=odpe", 200, "La Réunion (3 acteurs), Guadeloupe (1 acteur)"),
        ("categorie=odpe&q=outre", 20, "Guadeloupe (1 acteur)"),
    ],
)
def test_a_map_across_oceans_shows_most_actors_and_says_which_not(
    client: httpx.Client, asked: str, scale: int, outside: str
) -> None:
    text = printed(client, f"/autour/fiche.pdf?{asked}").text
    # Some of Seine-Saint-Denis have their point around it.
    elsewhere = r"(, \d+ acteurs? ailleurs)?\."
    assert re.search(f"Hors de la carte : {re.escape(outside)}{elsewhere}", text)
    assert f" {scale} km " in text


def test_more_than_a_sheet_holds_leads_to_the_table_which_says_so(client: httpx.Client) -> None:
    answer = client.get("/autour/fiche.pdf?tri=nom")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/table?tri=nom&avis=impression"
    page = client.get(answer.headers["location"]).text
    assert "au plus 300 acteurs" in page
    assert 'href="/table.csv?tri=nom"' in page
    assert "/autour/fiche.pdf" not in page
    # Whoever narrows it from there is told no more.
    assert "au plus 300" not in client.get("/table?territoire=93&avis=impression").text


def test_none_leads_to_the_list_which_says_what_to_relax(client: httpx.Client) -> None:
    answer = client.get("/departements/01/fiche.pdf?categorie=heberger")
    assert answer.status_code == 303
    assert "Aucun acteur ne répond" in client.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("asked", "status", "location"),
    [
        ("/departements/1/fiche.pdf?tri=nom", 308, "/departements/01/fiche.pdf?tri=nom"),
        ("/autour/fiche.pdf?lieu=48.9123,2.4456", 303, "/autour/fiche.pdf?lieu=48.910%2C2.445"),
        ("/departements/999/fiche.pdf", 404, None),
        ("/departements/93/fiche.pdf?categorie=x", 422, None),
    ],
)
def test_addresses_are_read_as_those_of_pages(
    client: httpx.Client, asked: str, status: int, location: str | None
) -> None:
    answer = client.get(asked)
    assert answer.status_code == status
    assert answer.headers.get("location") == location
    if location is None:
        assert "text/html" in answer.headers["content-type"]


def test_pages_lead_to_their_sheet(client: httpx.Client) -> None:
    query = "categorie=sante&tri=nom"
    sheet = f"/departements/93/fiche.pdf?{query}".replace("&", "&amp;")
    assert f'href="{sheet}"' in client.get(f"/departements/93?{query}").text
    assert f'href="{sheet}"' in client.get(f"/table?territoire=93&{query}").text


def test_the_sheet_of_a_situation_stands_by_its_steps_and_no_title_says_it(
    client: httpx.Client,
) -> None:
    situation = situations()[3]
    sheet = printed(client, "/departements/93/fiche.pdf?s=3")
    at = [sheet.text.index(f"{n}. {step.title}") for n, step in enumerate(situation.step, 1)]
    assert at == sorted(at)
    assert "Situation n° 3" in sheet.text
    assert situation.label not in sheet.text
    assert situation.label not in str(sheet.pdf.metadata)
    # A step without anybody says who does it meanwhile.
    nobody = printed(client, "/departements/93/fiche.pdf?s=3&categorie=uaped").text
    assert squeezed("Aucun acteur connu ici") in squeezed(nobody)


@pytest.mark.parametrize("code", ["01", "59", "93"])
def test_no_sheet_ends_with_a_page_that_has_no_actor(client: httpx.Client, code: str) -> None:
    pages = printed(client, f"/departements/{code}/fiche.pdf").pages
    assert "Cette liste change" in " ".join(pages[0].split())
    assert re.search(r"\d\d \d\d \d\d|Téléphone|119|non publiée", pages[-1])


@pytest.mark.parametrize("more", ["", "&s=1"])
def test_those_who_follow_the_child_come_before_the_list(client: httpx.Client, more: str) -> None:
    sheet = printed(client, f"/departements/01/fiche.pdf?suivi=93{more}")
    followed, _, rest = sheet.text.partition("1. " if more else "Aide sociale à l’enfance")
    assert "Suivi par : Seine-Saint-Denis" in followed
    assert "Cellule de recueil des informations préoccupantes (CRIP)" in followed
    assert "suivi=93" in followed
    assert rest
    plain = printed(client, f"/departements/01/fiche.pdf?{more[1:]}")
    assert "Suivi" not in plain.text
    # They are not counted.
    assert re.findall(r"\d+ acteurs", sheet.text) == re.findall(r"\d+ acteurs", plain.text)
