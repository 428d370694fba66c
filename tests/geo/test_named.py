"""Places without a number in free texts."""

import pytest

from geo.named import named_place, named_places_in


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
