"""Names of places: how they are compared, and how French puts them behind "de"."""

import pytest

from geo.names import behind_de


@pytest.mark.parametrize(
    ("name", "behind"),
    [
        ("Bobigny (93)", "de Bobigny (93)"),
        ("Arles", "d’Arles"),
        ("Évreux", "d’Évreux"),
        ("Œuilly", "d’Œuilly"),
        ("Le Havre", "du Havre"),
        ("Les Ulis", "des Ulis"),
        ("La Rochelle", "de La Rochelle"),
        ("L’Haÿ-les-Roses", "de L’Haÿ-les-Roses"),
        ("Lens", "de Lens"),
        ("Leforest", "de Leforest"),
    ],
)
def test_de_elides_before_a_vowel_and_joins_an_article(name: str, behind: str) -> None:
    assert behind_de(name) == behind


@pytest.mark.parametrize(
    "name", ["Hénin-Beaumont (62)", "Hyères", "Hazebrouck", "Hérault", "Hendaye", "Hautmont"]
)
def test_de_elides_before_a_mute_h(name: str) -> None:
    assert behind_de(name) == f"d’{name}"


@pytest.mark.parametrize(
    "name",
    [
        "Houilles", "Haguenau (67)", "Hem", "Ham", "Harnes", "Honfleur", "Haute-Savoie",
        "Haut-Rhin", "Haute-Goulaine", "Hœnheim", "Hartmannswiller", "Hienghène",
    ],
)  # fmt: skip
def test_de_stays_whole_before_an_aspirated_h(name: str) -> None:
    assert behind_de(name) == f"de {name}"


@pytest.mark.parametrize(
    ("name", "behind"),
    [
        ("Yvelines", "d’Yvelines"),
        ("Yerres", "d’Yerres"),
        ("Yutz", "de Yutz"),
        ("Yaté", "de Yaté"),
    ],
)
def test_de_elides_before_a_y_that_is_a_vowel(name: str, behind: str) -> None:
    assert behind_de(name) == behind
