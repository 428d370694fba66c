"""What an actor covers, by codes of communes: hundreds of a court, and none that is a postcode."""

import pytest

from geo.gazetteer import Gazetteer
from geo.territories import Commune, FormerCommune
from importers.coverage import read_coverage
from importers.line import LONGEST
from tests import effort

OTHERS = [Commune(f"38{n:03}", f"Lieu {n}", "38", ("38000",), None, 5.7, 45.2) for n in range(1000)]
COMMUNES = [
    Commune("93048", "Montreuil", "93", ("93100",), None, 2.4483, 48.8638),
    Commune("93008", "Bobigny", "93", ("93000",), None, 2.4450, 48.9061),
    Commune("13055", "Marseille", "13", ("13001",), None, 5.37, 43.29),
    Commune("75056", "Paris", "75", ("75001",), None, 2.35, 48.86),
    Commune("69123", "Lyon", "69M", ("69001",), None, 4.84, 45.76),
    Commune("2A004", "Ajaccio", "2A", ("20000",), None, 8.73, 41.92),
    Commune("01215", "L'Hôpital", "01", ("01420",), None, 5.7, 46.0),
    Commune("01033", "Valserhône", "01", ("01200",), None, 5.83, 46.11),
]
FORMER = [
    FormerCommune("13201", "Marseille 1er Arrondissement", "arrondissement", "13055", ("13001",)),
    FormerCommune("75101", "Paris 1er Arrondissement", "arrondissement", "75056", ("75001",)),
    FormerCommune("69383", "Lyon 3e Arrondissement", "arrondissement", "69123", ("69003",)),
    FormerCommune("01091", "Châtillon-en-Michaille", "deleguee", "01033"),
    # Its code is the postcode of Valserhône.
    FormerCommune("01200", "Lalleyriat", "fusionnee", "01215"),
]


@pytest.fixture(scope="module")
def communes() -> Gazetteer:
    return Gazetteer([], [*COMMUNES, *OTHERS], FORMER)


def test_coverage_by_codes_is_exact(communes: Gazetteer) -> None:
    coverage, unknown = read_coverage(
        "13201; 75101;69383;2a004;01091;93048;99999;13055", communes, "93"
    )
    assert coverage["covers_communes"] == ("13055", "75056", "69123", "2A004", "01033", "93048")
    assert unknown == ["99999"]


def test_postcodes_are_no_codes_of_communes(communes: Gazetteer) -> None:
    # 01200 is the postcode of one commune and was the code of another.
    coverage, unknown = read_coverage("01200, 93000, 93100", communes, "93")
    assert coverage["covers_communes"] == ()
    assert len(unknown) == 3
    coverage, _ = read_coverage("01200;93008", communes, "93")
    assert coverage["covers_communes"] == ("01215", "93008")


def test_a_thousand_codes_are_read_at_once(communes: Gazetteer) -> None:
    text = ";".join(each.code for each in OTHERS)
    with effort.at_most(0.1):
        coverage, unknown = read_coverage(text, communes, "38")
        # Looking each up by its name as well takes ten times as long.
    assert (len(coverage["covers_communes"]), unknown) == (1000, [])
    assert len(text) < LONGEST["coverage"]
