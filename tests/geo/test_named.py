"""Places without a number in free texts."""

import pytest

from geo.named import bare_keys_in, is_named_in, named_place, named_places_in


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("au lieu-dit Les Granges", "GRANGES"),
        ("LD LES GRANGES DE BAS", "GRANGES BAS"),
        ("hameau de la Fontaine, à gauche", "FONTAINE"),
        ("Château d’Eau vive", "CHATEAU EAU VIVE"),
        ("au mas du Juge (sonner)", "MAS JUGE"),
        ("Dom. des Pins", "DOMAINE PINS"),
    ],
)
def test_a_named_place_is_found(text: str, place: str) -> None:
    assert place in named_places_in(text)


@pytest.mark.parametrize(
    "text", ["", "lieu-dit", "au château", "lieu-dit Le Bourg", "hôpital Avicenne", "châteaux"]
)
def test_what_names_no_place_gives_none(text: str) -> None:
    assert named_places_in(text) == set()


@pytest.mark.parametrize("key", ["10 RUE ZOLA", "BOURG", "HOPITAL AVICENNE", "FOYER LILAS", "ABC"])
def test_what_is_no_place_of_its_own_has_no_name(key: str) -> None:
    assert named_place(key) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("le foyer de la ferme des Tilleuls", True),
        ("au lieu-dit « Les Granges »", True),
        ("au Mas d’Orient", True),
        ("une résidence sociale", False),
        ("le domaine de la santé", False),
        ("deux ans de prison ferme et une amende", False),
    ],
)
def test_a_place_has_a_name_of_its_own(text: str, said: bool) -> None:
    assert is_named_in(text) is said


def test_a_number_before_a_name_may_be_a_place() -> None:
    assert "12 KERIVOAL" in bare_keys_in("Venir au 12, Kerivoal le soir")
    assert bare_keys_in("12 rue Zola, puis 4 av. Foch.") == set()
