"""What a text may say of a longer name, so that it is recognised in it."""

import pytest

from importers.identity import said_names


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
