"""Two writings of one address are one; what is another place stays another address."""

import pytest

from geo.spelling import same_address

PLAIN = "12 boulevard Victor-Hugo\n51100 Reims"


@pytest.mark.parametrize(
    "other",
    [
        "12 bd Victor-Hugo\n51100 Reims",
        "12, BD VICTOR HUGO\n51100 REIMS",
        "n° 12, bd. Victor Hugo\n51100 Reims",
        "Boulevard Victor Hugo, 12\n51100 Reims",
        "12 boulevard Victor Hugo - BP 12\n51100 Reims",
        "BP 12\n12 boulevard Victor Hugo\n51031 Reims CEDEX 2",
        "12 boulevard Victor Hugo - CS 50 001\n51031 REIMS CEDEX",
    ],
)
def test_spellings_are_one_address(other: str) -> None:
    assert same_address(PLAIN, other)
    assert same_address(other, PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 r. de l'Hôtel-de-Ville\n69001 Lyon", "1 RUE DE L HOTEL DE VILLE\n69001 LYON 1er"),
        ("3 pl. du Gal Leclerc\n93000 Bobigny", "3 place du Général-Leclerc\n93000 Bobigny"),
        ("8 bis av. St-Jean\n59000 Lille", "8bis avenue Saint Jean\n59000 Lille"),
        ("10-14 bd Foch\n59000 Lille", "10 - 14, boulevard Foch\n59000 Lille"),
        ("rue du 8 mai 45, 4\n93000 Bobigny", "4 rue du 8 mai 1945\n93000 Bobigny"),
        ("1 imp. X\n42000 St-Étienne", "1 impasse X\n42000 SAINT ETIENNE"),
        ("Bât. B, 5 rue Haute\n93000 Bobigny", "5 rue Haute\nBât B\n93000 Bobigny"),
        (
            "Résidence Haute 5 rue Basse\n93000 Bobigny",
            "Résidence Haute, 5 rue Basse\n93000 Bobigny",
        ),
        ("10 Grand'Rue\n59000 Lille", "10 Grande Rue\n59000 Lille"),
    ],
)
def test_short_forms_and_order_are_spellings(one: str, other: str) -> None:
    assert same_address(one, other)
    assert same_address(other, one)


@pytest.mark.parametrize(
    "other",
    [
        "14 boulevard Victor-Hugo\n51100 Reims",
        "12 bis boulevard Victor-Hugo\n51100 Reims",
        "12-14 boulevard Victor-Hugo\n51100 Reims",
        "Boulevard Victor-Hugo, 12-14\n51100 Reims",
        "12 avenue Victor-Hugo\n51100 Reims",
        "12 boulevard Hugo\n51100 Reims",
        "Boulevard Victor-Hugo\n51100 Reims",
        "12 boulevard Victor-Hugo, bâtiment D\n51100 Reims",
        "12 boulevard Victor-Hugo, 3e étage\n51100 Reims",
        "12 boulevard Victor-Hugo\n51000 Reims",
        "12 boulevard Victor-Hugo\n51100 Bétheny",
        "51100 Reims",
        "BP 12\n51100 Reims",
    ],
)
def test_another_number_street_building_or_postcode_is_another_address(other: str) -> None:
    assert not same_address(PLAIN, other)
    assert not same_address(other, PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 rue X, bât. D\n93000 Bobigny", "1 rue X, bât. L\n93000 Bobigny"),
        ("1 rue X - BP 12\n93000 Bobigny", "1 rue X - BP 13\n93000 Bobigny"),
        ("1 rue X, 2 rue Y\n93000 Bobigny", "2 rue X, 1 rue Y\n93000 Bobigny"),
        ("1 rue X\n75195 Paris 4e CEDEX", "1 rue X\n75011 Paris 11e"),
        ("BP 12\n93000 Bobigny", "BP 13\n93000 Bobigny"),
    ],
)
def test_what_both_say_otherwise_is_no_spelling(one: str, other: str) -> None:
    assert not same_address(one, other)
