"""The words of the service hold together."""

import pytest
from pydantic import ValidationError

from geo.text import fold
from importers import vocabulary
from importers.terms import category_of, codes_of
from importers.vocabulary import Vocabulary

ACCOMMODATION = {"mecs", "foyer_enfance", "lieu_de_vie", "pouponniere", "hebergement"}


def test_every_category_of_the_field_is_there() -> None:
    codes = set(vocabulary.load().categories)
    assert codes >= {"ase", "crip", "pjj", "uaped", "epreed", "association", "cdlp"}
    assert codes >= ACCOMMODATION
    assert codes >= {"prevention", "sante", "police", "gendarmerie", "justice", "education", "odpe"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Maison des adolescents", "maison_ados"),
        ("MDA 59", "maison_ados"),
        ("PAEJ", "paej"),
        ("Point accueil écoute jeunes", "paej"),
        ("Missions locales", "mission_locale"),
        ("Info Jeunes Bobigny", "info_jeunes"),
        ("Centre social et culturel", "centre_social"),
        ("Centre médico-social", "solidarites"),
        ("Maison départementale des solidarités", "solidarites"),
        ("CMP du centre hospitalier", "cmp"),
        ("CMPP", "cmpp"),
        ("CSAPA, prévention", "csapa"),
        ("CAARUD", "caarud"),
        ("CeGIDD", "cegidd"),
        ("Centre de santé sexuelle", "sante_sexuelle"),
        ("Planning familial", "sante_sexuelle"),
        ("EVARS", "evars"),
        ("UMJ", "umj"),
        ("Maison des femmes – CHU", "maison_femmes"),
        ("France Victimes 93, association", "aide_victimes"),
        ("CDAD", "point_justice"),
        ("Point-justice", "point_justice"),
        ("TGI", "justice"),
        ("MJD", "justice"),
        ("Foyer départemental de l'enfance", "foyer_enfance"),
        ("Foyer rural", None),
        ("EHPAD Les Lilas", "a_classer"),
        ("Foyer de vie", "a_classer"),
        ("Foyer de jeunes travailleurs", "a_classer"),
    ],
)
def test_words_of_lists_name_a_category(text: str, code: str | None) -> None:
    assert category_of(text) == code


def test_what_houses_children_or_is_unknown_is_protected() -> None:
    categories = vocabulary.load().categories
    assert {c.code for c in categories.values() if c.protected} == ACCOMMODATION | {"a_classer"}
    assert {c.code for c in categories.values() if not c.publishable} == {"a_classer"}
    heberger = {c.code for c in categories.values() if c.family == "heberger" and not c.neutral}
    assert heberger == ACCOMMODATION


def test_categories_stand_by_family_and_the_neutral_one_is_the_last_of_its_own() -> None:
    words = vocabulary.load()
    families = [category.family for category in words.categories.values()]
    assert families == sorted(families, key=list(words.families).index)
    for code, family in words.families.items():
        own = [each for each in words.categories.values() if each.family == code]
        assert [each.neutral for each in own] == [False] * (len(own) - 1) + [True]
        assert (own[-1].code, own[-1].functions) == (code, family.neutral_functions)


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
