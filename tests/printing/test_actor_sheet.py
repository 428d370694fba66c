"""The sheet of an actor: one page to fold, whose outside is white."""

import httpx
import pytest

from tests.exports.conftest import HOSTILE
from tests.printing.conftest import PUBLIC_URL, printed
from tests.printing.test_search_sheet import figures
from tests.web.conftest import World


def sheet_of(public_id: str) -> str:
    """Return the address of a sheet."""
    return f"/acteurs/{public_id}/fiche.pdf"


@pytest.mark.parametrize("name", [*HOSTILE, "ase", "shelter", "hostile", "covers commune"])
def test_it_is_one_page_with_nothing_outside(client: httpx.Client, world: World, name: str) -> None:
    sheet = printed(client, sheet_of(world.ids[name]))
    assert len(sheet.pages) == 1
    assert "116 000" in sheet.text
    half = len(sheet.pixels) // 2
    inside, outside = sheet.pixels[: half - 3], sheet.pixels[half + 3 :]
    assert inside.min() < 50
    assert outside.min() == 255


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
    assert f"Code QR : {PUBLIC_URL}/acteurs/f000000000000001/acteur" in texts


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
