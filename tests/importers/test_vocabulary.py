"""The words of the service hold together."""

import pytest
from pydantic import ValidationError

from geo.text import fold
from importers import vocabulary
from importers.terms import codes_of
from importers.vocabulary import Vocabulary

ACCOMMODATION = {"mecs", "foyer_enfance", "lieu_de_vie", "pouponniere", "hebergement"}


def test_every_category_of_the_field_is_there() -> None:
    codes = set(vocabulary.load().categories)
    assert codes >= {"ase", "crip", "pjj", "uaped", "epreed", "association", "cdlp"}
    assert codes >= ACCOMMODATION
    assert codes >= {"prevention", "sante", "police", "gendarmerie", "justice", "education", "odpe"}


def test_what_houses_children_or_is_unknown_is_protected() -> None:
    categories = vocabulary.load().categories
    assert {c.code for c in categories.values() if c.protected} == ACCOMMODATION | {"a_classer"}
    assert {c.code for c in categories.values() if not c.publishable} == {"a_classer"}
    heberger = {c.code for c in categories.values() if c.family == "heberger"}
    assert heberger == ACCOMMODATION


def test_an_acronym_in_a_label_is_spelled_out_in_its_sentence() -> None:
    for category in vocabulary.load().categories.values():
        assert category.sentence.endswith(".")
        assert category.label != category.label.upper()


def test_a_vocabulary_that_contradicts_itself_is_refused() -> None:
    raw = vocabulary.load().model_dump()
    raw["categories"]["ase"]["family"] = "nulle"
    with pytest.raises(ValidationError, match="unknown family"):
        Vocabulary.model_validate(raw)
    raw = vocabulary.load().model_dump()
    raw["categories"]["crip"]["shape"] = raw["categories"]["ase"]["shape"]
    with pytest.raises(ValidationError, match="already taken"):
        Vocabulary.model_validate(raw)


def test_languages_are_those_of_iso_639_1_in_french_alphabetical_order() -> None:
    languages = vocabulary.load().languages
    assert len(languages) == 183
    assert all(len(code) == 2 for code in languages)
    assert (languages["fr"].label, languages["zh"].label) == ("Français", "Chinois")
    labels = [fold(each.label) for each in languages.values()]
    assert labels == sorted(labels)
    assert "sh" not in languages


@pytest.mark.parametrize(
    ("cell", "codes", "unknown"),
    [
        ("français, anglais et espagnol", ["fr", "en", "es"], []),
        ("FR / EN", ["fr", "en"], []),
        ("Arabe dialectal ; farsi ; mandarin", ["ar", "fa", "zh"], []),
        ("anglais courant\nLSF", ["en"], ["LSF"]),
    ],
)
def test_lists_write_languages_in_many_ways(
    cell: str, codes: list[str], unknown: list[str]
) -> None:
    assert codes_of(cell, vocabulary.load().languages) == (codes, unknown)
