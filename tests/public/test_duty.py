"""A number of the night, from columns of a list to the card: its hours, and none that is sealed."""

from html import unescape

import httpx
import pytest

from app.main import create_app
from app.runtime.staff import Runtime
from tests.serving import serving
from tests.short_lists import run

LIST = """Nom;Catégorie;Commune;Téléphone;Astreinte grand public;Horaires d'astreinte;Astreinte
ASE d'exemple;ASE;Bobigny;01 99 00 00 01;01 99 00 00 02;Mo-Su 18:00-08:00;
Police d'exemple;Police;Bobigny;01 99 00 00 03;01 99 00 00 04;;
Parquet d'exemple;Justice;Bobigny;01 99 00 00 05;;;01 99 00 00 06
"""


@pytest.fixture
def page(runtime: Runtime) -> str:
    """The page of a département that has read the list."""
    run(runtime, LIST.encode())
    with (
        serving(create_app(runtime.settings, runtime.databases)) as base,
        httpx.Client(base_url=base, trust_env=False, timeout=30) as client,
    ):
        return unescape(client.get("/departements/93").text).replace("\u00a0", " ")


def test_a_card_says_when_the_number_of_the_night_answers_and_gives_none_that_is_sealed(
    page: str,
) -> None:
    first, second = "tel:+33199000002", "tel:+33199000004"
    assert "Astreinte, tous les jours : 18 h – 8 h<" in page.partition(first)[2][:400]
    assert "Astreinte, quand le service est fermé<" in page.partition(second)[2][:400]
    assert "99000005" in page
    assert "99000006" not in page.replace(" ", "")
