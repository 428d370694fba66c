"""Numbers in letters are read as digits, and articles are none."""

import pytest

from geo.letters import in_digits


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("dix, rue Cachée", "10, rue Cachée"),
        ("au vingt-et-un bis rue X", "au 21 bis rue X"),
        ("Soixante et onze avenue X", "71 avenue X"),
        ("quatre-vingt-dix-sept rue X", "97 rue X"),
        ("QUATRE VINGTS rue X", "80 rue X"),
        ("cent trois rue X", "103 rue X"),
        ("deux cent douze rue X", "212 rue X"),
        ("nonante‑neuf rue X", "99 rue X"),
        ("huit, dix et douze rue X", "8, 10 et 12 rue X"),
        ("au numéro un rue X", "au numéro 1 rue X"),
        ("un, rue X", "1, rue X"),
        ("zéro un, quatre-vingt-dix-neuf, zéro zéro", "0 1, 99, 0 0"),
    ],
)
def test_a_number_in_letters_is_read_as_digits(text: str, read: str) -> None:
    assert in_digits(text) == read


@pytest.mark.parametrize(
    "text", ["dans une rue calme", "un foyer", "dixième étage", "Centre", "la Sixtine"]
)
def test_articles_and_other_words_stay(text: str) -> None:
    assert in_digits(text) == text
