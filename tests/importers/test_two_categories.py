"""A word that names two categories decides nothing by itself: the name does, or a person."""

import pytest

from geo.gazetteer import Gazetteer
from importers import vocabulary
from importers.chosen import Chosen
from importers.left_words import unknown_words
from importers.problems import ONE_BY_NAME, SEVERAL_CATEGORIES
from importers.reading import read_list
from importers.row import ReadResult
from importers.terms import UNKNOWN, categories_of
from tests.importers.conftest import TODAY, Read

TWO = [
    "Police / gendarmerie", "police/gendarmerie", "Police ou gendarmerie", "Police et gendarmerie",
    "Police, gendarmerie", "POLICE & GENDARMERIE", "Police nationale + Gendarmerie nationale",
    "Commissariat ou brigade de gendarmerie", "Police - Gendarmerie",
]  # fmt: skip
LIST = "Nom;Type;Commune\n{};{};Bobigny\n"


@pytest.mark.parametrize("text", TWO)
def test_a_word_for_two_categories_is_asked_and_hides_until_it_is_said(
    read: Read, text: str
) -> None:
    assert set(categories_of(text)) == {"police", "gendarmerie"}
    assert unknown_words("category", text) == [text]
    result = read(LIST.format("Poste de Bobigny", text))
    assert [row.category for row in result.rows] == [UNKNOWN]
    assert [each.message for each in result.problems] == [SEVERAL_CATEGORIES]


@pytest.mark.parametrize(
    "text",
    ["CMP / CMPP", "Mission locale ou PAEJ", "Association et centre social", "Hôpital ; UAPED"],
)
def test_other_pairs_are_asked_as_well(text: str) -> None:
    assert len(categories_of(text)) == 2


def test_a_name_that_says_which_one_it_is_is_believed(read: Read) -> None:
    result = read(LIST.format("Gendarmerie de Bobigny", "Police / gendarmerie"))
    assert [row.category for row in result.rows] == ["gendarmerie"]
    assert [each.message for each in result.problems] == [ONE_BY_NAME]
    other = read(LIST.format("CMP de Bobigny", "Police / gendarmerie"))
    assert [row.category for row in other.rows] == [UNKNOWN]


@pytest.mark.parametrize(
    ("name", "chosen", "category"),
    [
        ("Poste de Bobigny", "police", "police"),
        ("Gendarmerie de Bobigny", "police", "gendarmerie"),
        ("Gendarmerie de Bobigny", "mecs", "mecs"),
        ("Gendarmerie de Bobigny", "justice", "justice"),
        # A home that its name makes one is one, whatever a word was chosen to mean.
        ("MECS Les Lilas", "police", "mecs"),
        ("MECS Les Lilas", "justice", "mecs"),
        ("MECS Les Lilas", "pouponniere", "pouponniere"),
    ],
)
def test_what_a_person_said_of_the_word_holds_where_the_name_does_not_tell(
    gazetteer: Gazetteer, name: str, chosen: str, category: str
) -> None:
    result = chosen_of(gazetteer, name, chosen)
    assert [row.category for row in result.rows] == [category]
    assert result.problems == ()


@pytest.mark.parametrize(
    ("name", "category", "out"),
    [
        ("Poste de Bobigny", UNKNOWN, True),
        ("Gendarmerie de Bobigny", "gendarmerie", False),
        ("CMP de Bobigny", UNKNOWN, False),
        ("MECS Les Lilas", UNKNOWN, False),
        ("Mme Anne Dupont", UNKNOWN, False),
    ],
)
def test_it_is_off_the_map_as_a_person_said_where_nothing_else_tells(
    gazetteer: Gazetteer, name: str, category: str, out: bool
) -> None:
    (row,) = chosen_of(gazetteer, name, "hors_cartographie 2026-01-01").rows
    assert (row.category, row.off_map) == (category, out)


def test_it_is_not_where_another_cell_names_a_category(gazetteer: Gazetteer) -> None:
    table = "Nom;Type;Catégorie;Commune\n{};{};CMP;Bobigny\n"
    (row,) = chosen_of(gazetteer, "Poste de Bobigny", "hors_cartographie 2026-01-01", table).rows
    assert not row.off_map


def chosen_of(gazetteer: Gazetteer, name: str, code: str, table: str = LIST) -> ReadResult:
    return read_list(
        table.format(name, "Police / gendarmerie").encode(),
        "liste.csv",
        mapping=None,
        chosen=Chosen(words={"category": {"police gendarmerie": code}}),
        gazetteer=gazetteer,
        territory=None,
        max_bytes=10_000,
        max_rows=10,
        today=TODAY,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Police nationale / commissariat", "police"),
        ("Collège et lycée", "education"),
        ("Centre de planification et d'éducation familiale", "sante_sexuelle"),
        ("Maison de la justice et du droit", "justice"),
        ("Mecs/Foyer", "foyer_enfance"),
        ("Association / MECS", "mecs"),
    ],
)
def test_one_thing_in_two_words_is_no_question_and_a_home_stays_one(text: str, code: str) -> None:
    assert categories_of(text) == (code,)


def test_no_word_of_the_vocabulary_leaves_a_choice() -> None:
    for each in vocabulary.load().categories.values():
        words = (each.label, each.label_plural, *each.words)
        assert [word for word in words if len(categories_of(word)) > 1] == []


def test_two_missions_in_a_cell_are_both_read_since_an_actor_has_several(read: Read) -> None:
    (row,) = read("Nom;Type;Commune;Missions\nA;CRIP;Bobigny;Écoute / soin\n").rows
    assert row.functions == ("ecoute", "soin")
