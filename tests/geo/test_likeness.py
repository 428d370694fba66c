"""Names are close however lists shorten, turn round and misspell them."""

import pytest

from geo.likeness import closeness

CLOSE = 80


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("PAEJ Les Pins", "Point accueil écoute jeunes - LES PINS"),
        ("MDS Les Ormaux", "Maison des solidarités Les Ormeaux"),
        ("M.D.S. Les Ormeaux", "Maison des solidarités les Ormeaux"),
        ("SVCE ACCMPGNT RENFORCE LES PINS", "Service d'accompagnement renforcé Les Pins"),
        ("MAIS.ENFANTS LA CLEF DES CHAMPS", "Maison d'enfants La Clef des champs"),
        ("Antenne de Gex Les Pins", "Antenne Les Pins - Gex"),
        ("Association Le Phare", "Le Phare (ADSEA)"),
        ("Maison St Florentin", "Maison Saint-Florentin"),
        ("Centre Arc-en-Ciel", "Centre Arcenciel"),
        ("Asociation Rivage", "Association Rivages"),
    ],
)
def test_two_writings_of_one_name_are_close(first: str, second: str) -> None:
    assert CLOSE <= closeness(first, second) < 100
    assert closeness(first, second) == closeness(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Association Les Pins Nord", "Association Les Pins Sud"),
        ("DIS 75", "DIS 78"),
        ("Maison des solidarités 1", "Maison des solidarités 2"),
        ("Centre de protection maternelle et infantile Ney", "CPMI Haxo"),
        ("Service accueil de jour Les Pins", "Service accueil de nuit Les Pins"),
    ],
)
def test_names_of_which_each_has_a_word_of_its_own_are_not(first: str, second: str) -> None:
    assert closeness(first, second) < CLOSE


def test_one_name_is_the_same_in_capitals() -> None:
    assert closeness("Les Érables", "LES ERABLES") == 100
