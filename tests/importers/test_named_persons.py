"""An actor that is called as a person is personal data: hidden until somebody answers."""

import pytest

from importers.persons import CIVILITIES
from importers.row import Sign
from tests.importers.conftest import Read
from tests.importers.test_accommodation import row_of


@pytest.mark.parametrize(
    ("name", "civility"),
    [
        ("Mme Durand", "mme"), ("M. Paul Martin", "m"), ("Madame X, accueil à domicile", "madame"),
        ("MME DURAND SYLVIE", "mme"), ("M MARTIN", "m"), ("Mr et Mme Petit", "mr"),
        ("M. et Mme Petit", "m"), ("DURAND Sylvie (Mme)", "mme"), ("Chez Mme Durand", "mme"),
        ("Psychologue : Mme Durand", "mme"), ("mademoiselle durand", "mademoiselle"),
        ("Mme Durand, 3 rue Haute", "mme"), ("M. Martin, résidence Les Pins", "m"),
    ],
)  # fmt: skip
def test_a_person_is_hidden_as_a_whole(read: Read, name: str, civility: str) -> None:
    signs = row_of(read, Nom=name).signs
    # A fact to look at, and nobody's demand.
    assert Sign(says="person", word=civility, field="name") in signs
    assert "secret" not in {sign.says for sign in signs}
    assert civility in CIVILITIES


@pytest.mark.parametrize(
    "name",
    [
        "Maison des droits Mme Curie", "Fondation Madame Veuve", "Centre Monsieur Vincent",
        "École M. et Mme Curie", "Collège Mme de Sévigné", "Association M. Hulot", "Les 3 M",
        "Les Amis de Madame Rose", "Radio M Lille", "Mission locale", "Madame", "SOS M",
        "CIDFF Bourg-Madame 66", "Permanence rue Madame 2", "Villa Mme Rose",
    ],
)  # fmt: skip
def test_what_is_called_after_a_person_is_none(read: Read, name: str) -> None:
    assert not {"secret", "person"} & {sign.says for sign in row_of(read, Nom=name).signs}


def test_the_report_says_it_and_does_not_repeat_the_name(read: Read) -> None:
    result = read("Nom;Type;Commune\nMme Durand;Association;Bobigny\n")
    (problem,) = result.problems
    assert (problem.column, problem.value, problem.fatal) == ("Nom", "", False)
    assert "données personnelles" in problem.message
