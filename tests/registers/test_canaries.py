"""The courts that every good edition gives to three communes, however it names either."""

import pytest

from app.registers.errors import CanaryWrong
from app.registers.updating import check_canaries
from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune, Territory
from tests.registers.test_updating import DIRECTORY, edition

GAZETTEER = Gazetteer(
    [Territory("13", "Bouches-du-Rhône", "departement", "1", "R")],
    [Commune("13055", "Marseille", "13", ("13001",), None, 5.37, 43.29)],
    [
        FormerCommune(f"1320{n}", f"Marseille {n}", "arrondissement", "13055", (f"1300{n}",))
        for n in (1, 2)
    ],
)


def check(name: str, *communes: str) -> None:
    court = {"identifiant": "a", "nom": name, "catégorie": "justice", "territory": "13"}
    court["communes couvertes"] = ";".join(communes)
    check_canaries(DIRECTORY, edition(court, mapping=DIRECTORY.mapping), GAZETTEER)


@pytest.mark.parametrize("code", ["13055", "13201", "13202"])
def test_a_town_and_its_arrondissements_are_one_canary(code: str) -> None:
    with pytest.raises(CanaryWrong, match=r"Marseille.*13201"):
        check("Tribunal judiciaire de Nantes", "13001", code)


@pytest.mark.parametrize("name", ["TRIBUNAL JUDICIAIRE DE MARSEILLE", "TJ Marseille"])
def test_a_name_that_is_written_otherwise_is_the_same_court(name: str) -> None:
    check(name, "13201", "13001")


def test_who_is_in_charge_of_no_canary_says_nothing_of_them() -> None:
    check("Tribunal judiciaire de Nantes", "44109", "")
