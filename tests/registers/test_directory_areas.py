"""Bodies of départements in the directory, whose seat may be in another territory than theirs."""

import io
from datetime import date
from typing import Any

import pytest

from geo.gazetteer import Gazetteer
from geo.territories import Commune, Territory
from importers.registers import directory
from importers.registers.edition import Edition
from tests.directories import as_json, place, service

TERRITORIES = (
    ("69", "Rhône", "84"),
    ("69M", "Métropole de Lyon", "84"),
    ("73", "Savoie", "84"),
    ("74", "Haute-Savoie", "84"),
    ("67", "Bas-Rhin", "44"),
    ("68", "Haut-Rhin", "44"),
    ("2A", "Corse-du-Sud", "94"),
    ("2B", "Haute-Corse", "94"),
    ("93", "Seine-Saint-Denis", "11"),
)
TOWNS = (
    ("69123", "Lyon", "69M", "69003"),
    ("74010", "Annecy", "74", "74000"),
    ("67482", "Strasbourg", "67", "67000"),
    ("2A004", "Ajaccio", "2A", "20000"),
    ("93008", "Bobigny", "93", "93000"),
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(
        [Territory(code, name, "departement", region, "R") for code, name, region in TERRITORIES],
        [
            Commune(code, name, territory, (postcode,), None, 4.8, 45.7)
            for code, name, territory, postcode in TOWNS
        ],
        [],
    )


def area(gazetteer: Gazetteer, pivot: str, name: str, town: str) -> tuple[str, str]:
    """Return the territory in which a service is listed, and what it is in charge of."""
    code, _, _, postcode = next(each for each in TOWNS if each[1] == town)
    changes: dict[str, Any] = {
        "nom": name,
        "pivot": (pivot, [code]),
        "adresse": [place(nom_commune=town, code_postal=postcode)],
    }
    data = io.BytesIO(as_json([service(**changes)]))
    edition: Edition = directory.read(data, "a.json", gazetteer, date(2026, 11, 24))
    ((territory, (line,)),) = edition.lines.items()
    return territory, dict(zip(edition.columns, line, strict=True))["communes couvertes"]


@pytest.mark.parametrize(
    ("name", "town", "expected"),
    [
        ("Conseil départemental - Rhône", "Lyon", ("69M", "69")),
        ("Conseil départemental du Rhône", "Lyon", ("69M", "69")),
        ("Métropole de Lyon", "Lyon", ("69M", "")),
        ("Collectivité européenne d’Alsace", "Strasbourg", ("67", "67;68")),
        ("Collectivité de Corse", "Ajaccio", ("2A", "2A;2B")),
        ("Conseil départemental - Corse-du-Sud (hôtel)", "Ajaccio", ("2A", "")),
        ("Conseil départemental - Haute-Savoie", "Annecy", ("74", "")),
        ("Conseil départemental - Seine-Saint-Denis", "Bobigny", ("93", "")),
        # What is in another region is no council of this name, but a slip or another word.
        ("Conseil départemental - Savoie", "Bobigny", ("93", "")),
        ("Conseil départemental", "Bobigny", ("93", "")),
    ],
)
def test_a_council_is_in_charge_of_the_territory_that_its_name_tells(
    gazetteer: Gazetteer, name: str, town: str, expected: tuple[str, str]
) -> None:
    assert area(gazetteer, "cg", name, town) == expected


@pytest.mark.parametrize("pivot", ["prefecture", "dd_femmes"])
def test_the_state_counts_the_metropole_of_lyon_as_part_of_the_rhone(
    gazetteer: Gazetteer, pivot: str
) -> None:
    assert area(gazetteer, pivot, "Service de l’État - Rhône", "Lyon") == ("69M", "69M;69")
    assert area(gazetteer, pivot, "Service - Haute-Savoie", "Annecy") == ("74", "74")
    assert area(gazetteer, pivot, "Service de l’État", "Bobigny") == ("93", "93")
