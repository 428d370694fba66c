"""Signs of accommodation in columns that neither name the actor nor describe it."""

import pytest

from importers.accommodation import read_signs
from importers.line import Cell, Line
from tests.importers.conftest import Read


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Adresse", "MECS Les Lilas, 1 rue Haute"),
        ("Complément d'adresse", "Foyer de l'enfance, bâtiment C"),
        ("Courriel", "foyer.lille@asso.example"),
        ("Site", "https://asso.example/mecs-lille"),
    ],
)
def test_what_leads_to_a_home_holds_the_address(read: Read, title: str, cell: str) -> None:
    text = f"Nom;Type;Commune;{title}\nLes Lilas;Association;Bobigny;{cell}\n"
    (row,) = read(text).rows
    assert {sign.says for sign in row.signs} == {"mentions"}


@pytest.mark.parametrize(
    ("title", "cell", "names"),
    [
        ("Sous-type", "Accueil 24/24", True),
        ("Mode de prise en charge", "Internat", True),
        ("Habilitation", "hébergement", True),
        ("Mode de prise en charge", "Externat", False),
        ("Nature de l'activité", "Accompagnement et orientation vers un lieu de vie adapté", False),
        ("Gestionnaire", "Foyers de Lille", False),
    ],
)
def test_a_column_of_kinds_that_is_not_read_names_as_a_category_does(
    title: str, cell: str, names: bool
) -> None:
    line = Line(2)
    line.add("name", Cell("Nom", "Les Lilas", "Les Lilas"))
    line.add("unread", Cell(title, cell, cell))
    assert ("houses" in {sign.says for sign in read_signs(line, "association")}) == names


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("Description", "Hébergement de douze jeunes filles"),
        ("Missions", "Foyer de l'enfance, accueil de jour"),
        ("Horaires", "Accueil de nuit 18h-8h"),
        ("Courriel", "mecs.lille@asso.example"),
    ],
)
def test_a_service_that_says_that_it_houses_is_not_believed_to_house_nobody(
    read: Read, title: str, cell: str
) -> None:
    text = f"Nom;Type;Commune;{title}\nCMP Les Lilas;CMP;Bobigny;{cell}\n"
    (row,) = read(text).rows
    assert {sign.says for sign in row.signs} == {"mentions"}
