"""Of a hidden actor the public reads its family alone; of a held one, all but where it is."""

import re
from html import unescape
from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from tests.world import VERSIONS, World, listed

NEUTRAL = ("shelter", "front gate", "shelter without crip", "protected from 75")
# What the record of each of them says beside its family, as the service would write it.
SAID = (
    *(
        "Le Nid",
        "SIGLE",
        "tout bas",
        "deux fois",
        "Formation",
        "Filles",
        "Wolof",
        "13 ans",
        "Glycines",
    ),
    *("cour est pavée", "En partie", "en sonnant", "les voisins"),
    *("exemple.invalid", "07 h 10", "7 h 10", "07:10", "3 février 2026", "2026-02-03"),
    *("03/02/2026", "Bobigny", "93008", "48 00 00 01", "48000001"),
)
# What its list gives to professionals alone.
SEALED = ("saisine par formulaire", "le juge des enfants")
# What it is called by its category, or would be.
CASES = ("caractère social", "Foyer de l", "Lieu de vie", "Pouponnière")
CHOSEN = "categorie=heberger"
# Everything that shows hidden actors and nobody else.
PATHS = (
    f"/departements/93?{CHOSEN}",
    f"/departements/93?{CHOSEN}&s=4",
    f"/departements/75?{CHOSEN}",
    f"/autour?lieu=93008&rayon=5&{CHOSEN}",
    f"/integration/93?{CHOSEN}",
    f"/api/departements/93/actors.geojson?{CHOSEN}",
    f"/api/actors.geojson?territoire=93&{CHOSEN}",
    f"/table?territoire=93&{CHOSEN}",
    f"/table.csv?territoire=93&{CHOSEN}",
    f"/table.geojson?territoire=93&{CHOSEN}",
    f"/departements/93/fiche.pdf?{CHOSEN}",
    *(f"/acteurs/<{name}>/x" for name in NEUTRAL),
    *(f"/acteurs/<{name}>/fiche.pdf" for name in NEUTRAL),
)
OF_TOWNS = "/departements/93/fiche.pdf"
TEMPLATE = re.compile(r"<template.*?</template>|<script.*?</script>", re.DOTALL)


def said(world: World, client: httpx.Client, path: str) -> str:
    """Return what a path answers, as a person reads it, without the shapes for the map."""
    for name, public_id in world.ids.items():
        path = path.replace(f"<{name}>", public_id)
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    if answer.headers["content-type"] == "application/pdf":
        pages = PdfReader(BytesIO(answer.content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    return TEMPLATE.sub("", unescape(answer.text))


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_of_a_hidden_actor_nothing_says_more_than_its_family(
    world: World, client: httpx.Client, path: str
) -> None:
    text = said(world, client, path)
    there = [word for word in (*SAID, *CASES) if word in text]
    # Where one looks, a page says it, and the map of a territory names its towns.
    of_the_map = {"Bobigny", "93008"} if "autour" in path or path.startswith(OF_TOWNS) else set()
    assert set(there) <= of_the_map
    if "actors.geojson" not in path:
        assert "Lieu d’accueil" in text


def test_what_is_looked_for_is_found_where_it_is_published(
    world: World, client: httpx.Client
) -> None:
    text = said(world, client, "/acteurs/<held>/x") + said(
        world, client, "/acteurs/<held>/fiche.pdf"
    )
    for word in ("SIGLE", "tout bas", "Formation", "Filles", "Wolof", "13 ans", "3 février 2026"):
        assert word in text
    for word in ("En partie", "en sonnant", "les voisins"):
        assert word in text
    # Words of its access are words of the place.
    assert "la cour est pavée" not in text


@pytest.mark.parametrize(
    "path",
    [
        *("/acteurs/<held>/x", "/acteurs/<held>/fiche.pdf", "/table.csv?territoire=93"),
        *("/table.geojson?territoire=93", "/departements/93", "/departements/93/fiche.pdf"),
    ],
)
def test_what_a_list_gives_to_professionals_is_nowhere(
    world: World, client: httpx.Client, path: str
) -> None:
    text = said(world, client, path)
    assert not [word for word in SEALED if word in text]
    if ".pdf" in path or "table" in path:
        assert "En partie" in text


@pytest.mark.parametrize(
    "asked",
    [
        *("categorie=mecs", "categorie=foyer_enfance", "categorie=pouponniere"),
        *("fonction=formation", "public=filles", "langue=wo", "ouvert=24h"),
        *(f"q={word}" for word in ("nid", "sigle", "mecs", "pouponniere", "formation", "glycines")),
        "q=maison d'enfants à caractère social",
    ],
)
def test_no_filter_and_no_word_finds_what_a_hidden_actor_is(
    world: World, client: httpx.Client, asked: str
) -> None:
    for path in (f"/autour?{asked}", f"/departements/93?{asked}"):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200
        assert not world.names(listed(answer.text)) & set(NEUTRAL)


def test_its_family_is_a_filter_with_a_count_and_no_mark_of_the_map(client: httpx.Client) -> None:
    page = unescape(client.get("/departements/93").text)
    choice = page.partition('id="categorie-heberger"')[2].partition("</li>")[0]
    assert "#lock" in choice
    assert "Lieu d’accueil" in choice
    assert re.search(r'class="tally">2<', choice)
    marks = page.partition('<template id="marques">')[2].partition("</template>")[0]
    assert 'data-category="mecs"' in marks
    assert 'data-category="heberger"' not in marks


@pytest.mark.parametrize("asked", ["lieu d'accueil", "Lieux d’accueil", "hébergement"])
def test_words_find_a_hidden_actor_by_its_family(
    world: World, client: httpx.Client, asked: str
) -> None:
    page = client.get("/departements/93", params={"q": asked})
    assert world.names(listed(page.text)) == {"shelter", "front gate"}


def test_the_sheet_of_a_hidden_actor_says_why_and_whom_to_call(
    world: World, client: httpx.Client
) -> None:
    html = said(world, client, "/acteurs/<shelter>/x")
    assert re.findall(r"<dt>(.*?)</dt>", html) == ["Adresse", "Territoire", "Missions"]
    assert "ni son type ni son adresse ne sont publiés" in html
    assert "Non publiée, pour la sécurité des enfants. Appelez le numéro ci-dessus" in html
    assert "Cellule de recueil (CRIP) du territoire" in html
    assert "119 répond jour et nuit" in said(world, client, "/acteurs/<shelter without crip>/x")


@pytest.mark.parametrize(
    "path", ["/acteurs/<{}>/x", "/acteurs/<{}>/fiche.pdf", "/departements/93", "/integration/93"]
)
def test_an_actor_whose_address_is_held_looks_like_one_whose_list_gives_none(
    world: World, client: httpx.Client, path: str
) -> None:
    texts = []
    for name in ("held", "without address"):
        text = said(world, client, path.format(name)).replace(world.ids[name], "…")
        if "{}" not in path:
            (text,) = re.findall(r'(?s)<li class="card" id="acteur-….*?</li>', text)
        texts.append(re.sub(r'nonce="[^"]*"', "", text))
    assert texts[0] == texts[1]
    assert VERSIONS["street"] not in texts[0]
    if path.endswith("/x"):
        assert "À demander par téléphone." in texts[0]
