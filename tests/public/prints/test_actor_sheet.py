"""The sheet of an actor: one page to fold, whose outside is white."""

import re

import httpx
import pytest
import segno

from tests.hostile import HOSTILE
from tests.public.prints.conftest import FULL, PUBLIC_URL, STREET
from tests.public.prints.reading import figures, printed
from tests.world import World


def sheet_of(public_id: str) -> str:
    """Return the address of a sheet."""
    return f"/acteurs/{public_id}/fiche.pdf"


@pytest.mark.slow
@pytest.mark.parametrize("name", [*HOSTILE, *FULL, "ase", "shelter", "hostile", "covers commune"])
def test_it_is_one_page_with_nothing_outside(client: httpx.Client, world: World, name: str) -> None:
    sheet = printed(client, sheet_of(world.ids[name]))
    assert len(sheet.pages) == 1
    assert "116 000" in sheet.text
    half = len(sheet.pixels) // 2
    inside, outside = sheet.pixels[: half - 3], sheet.pixels[half + 3 :]
    assert inside.min() < 50
    assert outside.min() == 255


@pytest.mark.slow
def test_it_says_whom_to_call_and_where(client: httpx.Client) -> None:
    sheet = printed(client, sheet_of("f" + "0" * 14 + "1"))
    for words in (
        *(
            "Association d’accueil et d’écoute des jeunes",
            "01 43 93 93 93",
            "01000 Bourg-en-Bresse",
        ),
        *("Du lundi au vendredi", "Allô enfance en danger", "116 000", "10 juin 2026"),
        *("Licence Ouverte 2.0", "l’extérieur est blanc"),
    ):
        assert words in sheet.text, words
    texts = [figure["/Alt"] for figure in figures(sheet.pdf)]
    assert f"Code QR : {PUBLIC_URL}/acteurs/f000000000000001" in texts


def test_the_code_is_coarse_enough_for_a_poor_printer(client: httpx.Client, world: World) -> None:
    # Of the longest slug that there may be as of any other.
    (text,) = (
        figure["/Alt"]
        for figure in figures(printed(client, sheet_of(world.ids["long slug"])).pdf)
        if "QR" in figure["/Alt"]
    )
    address = text.removeprefix("Code QR : ")
    across = segno.make(address, error="m", micro=False).symbol_size(border=0)[0]
    # Of 19 mm: half a millimetre for each square is two dots at 100 dpi.
    assert 19 / across > 0.5
    answer = client.get(address.removeprefix(PUBLIC_URL))
    assert (answer.status_code, answer.headers["location"]) == (
        308,
        f"/acteurs/{world.ids['long slug']}/{FULL['long slug']['slug']}",
    )


def test_neither_its_name_nor_its_title_says_whose_it_is(client: httpx.Client) -> None:
    sheet = printed(client, sheet_of("f" + "0" * 14 + "1"))
    assert sheet.answer.headers["content-disposition"] == 'inline; filename="fiche-2026-06-10.pdf"'
    assert sheet.pdf.metadata is not None
    assert sheet.pdf.metadata.title == "Fiche"


def test_what_is_not_published_stays_so(client: httpx.Client, world: World) -> None:
    text = printed(client, sheet_of(world.ids["shelter"])).text
    assert "Non publiée, pour la sécurité des enfants" in text
    # Whom to call instead: the CRIP of its territory.
    assert "01 43 93 93 93" in text


@pytest.mark.parametrize("name", ["draft", "archived"])
def test_who_is_not_published_has_none(client: httpx.Client, world: World, name: str) -> None:
    for public_id in (world.ids[name], "x", "0" * 500):
        answer = client.get(sheet_of(public_id))
        assert answer.status_code == 404
        assert "Fiche introuvable" in answer.text


def test_the_page_leads_to_it(client: httpx.Client, world: World) -> None:
    public_id = world.ids["ase"]
    assert f'href="{sheet_of(public_id)}"' in client.get(f"/acteurs/{public_id}/acteur").text


def test_no_day_of_a_week_and_no_number_is_lost(client: httpx.Client, world: World) -> None:
    text = printed(client, sheet_of(world.ids["week"])).text
    for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"):
        assert f"Le {day} : " in text, day
    assert all(f"01 43 93 93 0{number}" in text for number in range(5))
    assert "suite" not in text
    # What it does gave way, at the end of a word, and says so.
    said = text.partition("trouve ")[2].partition(" On peut aussi")[0]
    assert said.endswith("…")
    assert said[:-1].split()[-1].strip(".,") in FULL["week"]["description"].replace(".", "").split()


def test_what_cannot_have_room_says_where_the_rest_is(client: httpx.Client, world: World) -> None:
    sheet = printed(client, sheet_of(world.ids["everything"]))
    numbers, _, rest = sheet.text.partition("Adresse")
    hours, _, after = rest.partition("Ce qu’on y trouve")
    # Ten of them, each whole.
    assert numbers.endswith("01 43 93 93 19, suite : code QR ")
    assert hours.rstrip().endswith("suite : code QR")
    assert "59000 LILLE CEDEX" in hours
    # The panel is above the line where one folds, and hides what is lower.
    assert after.partition(" On peut aussi")[0].endswith("…")
    assert "Maison des adolescents et des familles du Nord… 01 43" in numbers


@pytest.mark.parametrize("name", ["long address", "long street", "other spelling", "everything"])
def test_an_address_names_its_town_once(client: httpx.Client, world: World, name: str) -> None:
    text = printed(client, sheet_of(world.ids[name])).text
    address = text.partition("Adresse ")[2].partition(" Ce qu’on")[0].partition(" Horaires")[0]
    # Marcq-en-Barœul is written otherwise in addresses.
    assert len(re.findall("lille|marcq", address.lower())) == 1
    assert (STREET in address) == (name != "other spelling")


def test_a_town_in_the_name_of_a_street_is_not_where_it_is(
    client: httpx.Client, world: World
) -> None:
    text = printed(client, sheet_of(world.ids["street of a town"])).text
    assert "8 rue de Lille Lille" in text


def test_whoever_has_no_phone_has_an_e_mail(client: httpx.Client, world: World) -> None:
    text = printed(client, sheet_of(world.ids["e-mail"])).text
    assert "119 Allô enfance en danger" in text
    assert "Courriel accueil@exemple.invalid" in text
    # Nor has it a place but its territory.
    assert "Territoire Nord" in text
