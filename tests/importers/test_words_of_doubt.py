"""Words that an evader found to say nothing: they hold, and what resembles them does not."""

import pytest

from importers.accommodation import read_signs
from importers.line import Cell, Line
from tests.importers.conftest import Read
from tests.importers.test_accommodation import row_of, said


@pytest.mark.parametrize(
    "text",
    [
        "Les jeunes restent chez nous", "elle reste chez elle", "ils restent chez eux",
        "Bed and breakfast pour jeunes", "Accueil et mise à distance de la zone de prostitution",
        "accueil de mineures, éloignement du milieu", "Éloignement du réseau et accueil éducatif",
        "Mode d'accueil : complet", "mode accueil permanent", "Accueil collectif 8 garçons",
        "collectif 10 filles", "Collectif : 6 jeunes", "Établissement L312-1 I 1°",
        "autorisé au titre de l'article L. 312-1-I-12° du CASF", "1° du I de l'article L312-1",
        "Logement de jeunes mineur(e)s", "logement des mineures", "CHU de mineurs",
        "le CHU de femmes", "un CHU de 20 places", "CHU de jeunes",
    ],
)  # fmt: skip
def test_a_sentence_that_may_house_holds_the_address_alone(read: Read, text: str) -> None:
    assert said(row_of(read, Description=text)) == {("mentions", "description")}


@pytest.mark.parametrize(
    "text",
    [
        "Accueil, écoute et mise en réseau", "Accueil en milieu ouvert", "CHU de Lille",
        "au CHU d'Angers", "consultations du CHU", "le CHU de pédiatrie", "CHU de la ville",
        "Les parents se rencontrent chez eux", "service L312-1 I 2°", "accueil complet",
        "accès au logement", "Collectif de 15 associations", "mode d'emploi complet",
    ],
)  # fmt: skip
def test_what_resembles_them_holds_nothing(read: Read, text: str) -> None:
    assert row_of(read, Description=text).signs == ()


def test_a_roof_is_a_home_and_those_without_one_are_none(read: Read) -> None:
    assert said(row_of(read, Nom="Un toit pour elles"))
    assert row_of(read, Nom="Association Sans Toit").signs == ()


@pytest.mark.parametrize("title", ["Cat", "Categ", "Catég.", "Code cat.", "Catégorie FINESS"])
@pytest.mark.parametrize("cell", ["177", "(177)", "[177]", "177 - MECS", "177.0", "Divers (177)"])
def test_a_code_of_finess_is_read_beside_the_type(read: Read, title: str, cell: str) -> None:
    row = row_of(read, **{title: cell})
    assert ("177", "houses") in {(sign.word, sign.says) for sign in row.signs}


@pytest.mark.parametrize(
    ("title", "cell"),
    [("Cat", "1770"), ("Cat", "A 177"), ("Catég.", "295"), ("Carte", "177"), ("Cat", "177 000")],
)
def test_other_numbers_are_no_code(title: str, cell: str) -> None:
    line = Line(2)
    line.add("name", Cell("Nom", "Les Lilas", "Les Lilas"))
    line.add("unread", Cell(title, cell, cell))
    assert read_signs(line, "association") == ()


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Maison Nord Solidarités de Roubaix", "Action sociale"),
        ("MNS Somain", "Maison Nord Solidarités"),
        ("U.T.P.A.S. Seclin", "UTPAS"),
    ],
)
def test_an_office_of_the_nord_is_no_house(read: Read, name: str, given: str) -> None:
    row = row_of(read, Nom=name, Type=given)
    assert row.signs == ()
    if given != "Action sociale":
        assert row.category == "solidarites"
    assert row_of(read, Nom="Maison Nord", Type="Action sociale").signs
