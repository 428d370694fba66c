"""Two writings of one address are one; whatever else one of them writes is another address."""

import pytest

from geo.spelling import same_address, same_signs, same_words

PLAIN = "12 boulevard Victor-Hugo\n51100 Reims"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PLAIN, "12 bd Victor-Hugo\n51100 Reims"),
        (PLAIN, "12, BD. VICTOR HUGO\n51100 REIMS"),
        (PLAIN, "12 boulevard Victor Hugo, 51100 Reims"),
        ("1 r. de l'Hôtel-de-Ville\n69001 Lyon", "1 RUE DE L HOTEL DE VILLE\n69001 LYON"),
        ("8 bis av. Foch\n59000 Lille", "8bis avenue Foch\n59000 Lille"),
        ("10-14 bd Foch\n59000 Lille", "10 - 14, boulevard Foch\n59000 Lille"),
        ("Bât. B - 5 r. Haute\n93000 Bobigny", "bât B, 5 rue Haute\n93000 Bobigny"),
        ("Av. Foch\n59000 Lille", "avenue Foch\n59000 LILLE"),
        ("1 imp. Haute\n42000 Saint-Étienne", "1 impasse Haute\n42000 SAINT ETIENNE"),
    ],
)
def test_capitals_accents_signs_and_short_forms_of_ways_are_spellings(one: str, other: str) -> None:
    assert same_address(one, other)
    assert same_address(other, one)


@pytest.mark.parametrize(
    "other",
    [
        "14 boulevard Victor-Hugo\n51100 Reims",
        "12 bis boulevard Victor-Hugo\n51100 Reims",
        "12-14 boulevard Victor-Hugo\n51100 Reims",
        "12 avenue Victor-Hugo\n51100 Reims",
        "12 boulevard Hugo\n51100 Reims",
        "Boulevard Victor-Hugo\n51100 Reims",
        "12 boulevard Victor-Hugo, bâtiment D\n51100 Reims",
        "12 boulevard Victor-Hugo - BP 12\n51100 Reims",
        "12 boulevard Victor-Hugo\n51000 Reims",
        "12 boulevard Victor-Hugo\n51100 Bétheny",
        "12 boulevard Victor-Hugo\n51031 Reims CEDEX",
        "51100 Reims",
        "",
    ],
)
def test_whatever_else_is_written_is_another_address(other: str) -> None:
    assert not same_address(PLAIN, other)
    assert not same_address(other, PLAIN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("BP 12\n100 rue Haute\n93000 Bobigny", "BP 12\n200 rue Haute\n93000 Bobigny"),
        ("BP 12\nrue Haute\n93000 Bobigny", "BP 12\n150 rue Haute\n93000 Bobigny"),
        ("5 place d'Arsonval, pavillon D", "5 place d'Arsonval, pavillon L"),
        ("5 place d'Arsonval, pavillon D", "5 place d'Arsonval, pavillon"),
        ("5 rue D\n93000 Bobigny", "5 rue L\n93000 Bobigny"),
        ("12 L rue Haute", "12 rue Haute"),
        ("12 B rue Haute", "12 bis rue Haute"),
        ("PK 12 route de Montjoly", "12 route de Montjoly"),
        ("10 et 20 rue Haute", "10-20 rue Haute"),
        ("10, 20 rue Haute", "10-20 rue Haute"),
        ("1 rue X, 2 rue Y", "2 rue X, 1 rue Y"),
        ("1 rue X\n93003 Bobigny CEDEX", "1 rue X\n93009 Bobigny CEDEX"),
        ("CH de Reims\n51100 Reims", "Chemin de Reims\n51100 Reims"),
        ("12 شارع", "12 بيت"),
    ],
)
def test_what_looks_alike_is_no_spelling(one: str, other: str) -> None:
    assert not same_address(one, other)


def test_words_of_other_scripts_are_compared_too() -> None:
    assert same_words("Maison de l'Écoute", "MAISON DE L ECOUTE")
    assert not same_words("بيت", "دار")


def test_a_text_same_signs_where_no_sign_differs() -> None:
    assert same_signs("Écoute, l’été", "ECOUTE,  L'ETE ")
    assert not same_signs("- 18 ans", "+ 18 ans")
    assert not same_signs("12 ans", "1 2 ans")
    assert not same_signs("", "")
