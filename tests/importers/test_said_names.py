"""What a text may say of a longer name, so that it is recognised in it."""

import pytest

from importers.identity import own_words, said_names, says_name


@pytest.mark.parametrize(
    "name",
    [
        "MECS Les Tilleuls",
        "MECS Les Tilleuls de Gap",
        "Les Tilleuls – Fondation d’Auteuil",
        "Fondation d’Auteuil - Les Tilleuls",
        "MECS (Les Tilleuls)",
        "Foyer Les Tilleuls, service d’accueil",
    ],
)
def test_a_name_is_told_by_what_is_its_own(name: str) -> None:
    assert "tilleuls" in said_names(name, "Gap")


@pytest.mark.parametrize(
    "name", ["MECS de Gap", "Foyer de l’enfance – Fondation d’Auteuil", "MECS"]
)
def test_words_that_many_have_tell_nobody(name: str) -> None:
    assert said_names(name, "Gap") == set()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MECS Les Tilleuls", "Orientation par LES TILLEULS."),
        ("Foyer St-Jean – Fondation d’Auteuil", "Voir avec Saint Jean"),
        ("M.E.C.S. (Les Tilleuls)", "Les Tilleuls, service d’accueil"),
        ("L’Oustal de Gap", "appeler l’Oustal"),
    ],
)
def test_a_text_that_says_a_name_shares_a_word_of_its_own_with_it(name: str, text: str) -> None:
    assert any(says_name(text, each) for each in said_names(name, "Gap"))
    assert own_words(name) & own_words(text)


def test_words_that_many_have_are_of_nobodys_own() -> None:
    assert own_words("Foyer de l’enfance, service 93") == set()
