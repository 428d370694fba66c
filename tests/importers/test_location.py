"""What a postcode says of where a line is, beside the name of a place."""

import pytest

from geo.gazetteer import Gazetteer
from importers.location import Clues, resolve


@pytest.mark.parametrize(
    ("city", "postcode", "given", "commune", "territory"),
    [
        ("Saint-Denis", "93200", None, "93066", "93"),
        ("Saint-Denis", "97400", None, "97411", "974"),
        ("Hameau des Vignes", "93000", None, "93008", "93"),
        ("Hameau des Vignes", "93000", "93", "93008", "93"),
        ("Le Grand Lac", "69003", "69", "69123", "69M"),
        # Two communes of two territories have 01200.
        ("Hameau des Vignes", "01200", None, None, "01"),
        ("Hameau des Vignes", "01200", "74", "74151", "74"),
        ("Eloize", "01200", None, "74151", "74"),
        ("Les Vignes, Éloise", "01200", None, "74151", "74"),
        # Another Montreuil than that of Seine-Saint-Denis.
        ("Montreuil", "59000", "59", "59350", "59"),
        ("Montreuil", "59000", "93", "93048", "93"),
        ("Montreuil", "59000", None, "93048", "93"),
        # A code of CEDEX is no commune's.
        ("Cité administrative", "93012", None, None, "93"),
        ("Cité administrative", "69505", None, None, None),
        ("", "93000", None, None, "93"),
        ("", "01200", None, None, None),
    ],
)
def test_a_postcode_decides_between_communes_and_finds_that_of_a_hamlet(
    gazetteer: Gazetteer,
    city: str,
    postcode: str,
    given: str | None,
    commune: str | None,
    territory: str | None,
) -> None:
    found = resolve(Clues(city=city, postcode=postcode), gazetteer, given)
    assert (found.commune and found.commune.code, found.territory) == (commune, territory)


def test_a_hamlet_is_reported_with_the_commune_that_was_taken(gazetteer: Gazetteer) -> None:
    clues = Clues(city="Les Vignes", postcode="93000")
    ((field, message),) = resolve(clues, gazetteer, None).reported
    assert field == "city"
    assert "Bobigny" in message
