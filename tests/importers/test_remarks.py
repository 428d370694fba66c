"""Remarks in lines of their own, which hide the line above or those with their sign."""

import pytest

from tests.importers.conftest import Read

TITLES = "Nom;Type;Commune;Téléphone"
PINS = "Les Pins;Association;Bobigny;01 43 93 93 01"
LILAS = "Les Lilas*;Association;Bobigny;01 43 93 93 02"
OAKS = "Les Chênes (H);Association;Bobigny;01 43 93 93 03"
ASH = "Le Frêne;Association;Bobigny;01 43 93 93 04"


def hidden(read: Read, *lines: str) -> dict[str, str]:
    rows = read("\n".join((TITLES, *lines))).rows
    return {row.name: row.signs[0].says for row in rows if row.signs}


@pytest.mark.parametrize(
    "remark", ["(confidentiel);;;", ";;NE PAS DIFFUSER;", ";;;non communicable"]
)
def test_a_remark_below_an_actor_hides_it(read: Read, remark: str) -> None:
    assert hidden(read, ASH, PINS, remark)["Les Pins"] == "secret"
    assert "Le Frêne" not in hidden(read, ASH, PINS, remark)


@pytest.mark.parametrize(
    "legend", ["* adresse confidentielle, ne pas publier", "*: ne pas diffuser"]
)
def test_a_legend_hides_the_lines_that_bear_its_sign(read: Read, legend: str) -> None:
    below = hidden(read, PINS, LILAS, ASH, f"{legend};;;")
    assert below == {"Les Lilas*": "secret"}
    above = read("\n".join((f"{legend};;;", TITLES, PINS, LILAS)))
    assert [row.name for row in above.rows if row.signs] == ["Les Lilas*"]


def test_a_legend_of_accommodation_holds_the_lines_that_bear_its_sign(read: Read) -> None:
    assert hidden(read, PINS, OAKS, LILAS, "(H) : avec hébergement;;;") == {
        "Les Chênes (H)": "mentions"
    }


def test_other_remarks_hide_nothing(read: Read) -> None:
    assert hidden(read, LILAS, PINS, "* ouvert le samedi;;;", "Accueil confidentiel;;;") == {}
