"""Titles that mean two things: the cells below tell whether a column is the category."""

import pytest

from importers.chosen import Chosen
from tests.importers.conftest import Read

CATEGORIES = ("UAPED", "Police", "Association", "CIDFF")


def listed(title: str, *cells: str) -> str:
    lines = (f"Acteur {n};{cell};Bobigny" for n, cell in enumerate(cells))
    return "\n".join((f"Nom;{title};Commune", "CIDFF du Nord;;Bobigny", *lines))


@pytest.mark.parametrize("title", ["Secteur", "SECTEURS", "Secteur (voir carte)", "Famille"])
def test_kinds_below_such_a_title_are_the_category(read: Read, title: str) -> None:
    rows = read(listed(title, *CATEGORIES, "Bobigny nord")).rows
    assert [row.category for row in rows[1:3]] == ["uaped", "police"]


@pytest.mark.parametrize("title", ["Secteur", "SECTEURS", "Secteur (voir carte)", "Famille"])
def test_parts_of_a_territory_below_it_are_no_category(read: Read, title: str) -> None:
    cells = ("Nord", "Sud", "Vallée de la Marne", "Plaine Commune", *["Police"] * 9)
    result = read(listed(title, *cells))
    assert {row.category for row in result.rows[1:]} == {"a_classer"}
    assert title not in result.mapping


def test_what_a_person_chose_of_such_a_column_stays(read: Read) -> None:
    chosen = Chosen(columns={"secteur": "category"})
    result = read(listed("Secteur", "Nord", "Sud", "Police"), chosen=chosen)
    assert result.mapping["Secteur"] == "category"
    (*_, police) = result.rows
    assert police.category == "police"


def test_a_title_that_means_one_thing_is_read_whatever_stands_below(read: Read) -> None:
    result = read(listed("Type de structure", "Nord", "Sud", "Police"))
    assert result.mapping["Type de structure"] == "category"


@pytest.mark.parametrize("home", ["MECS", "Foyer de l'enfance de la ville de Bobigny", "177"])
def test_a_home_in_a_column_that_is_no_category_hides_as_one_that_is(read: Read, home: str) -> None:
    rows = read(listed("Secteur", "Nord", "Sud", "Est", "Ouest", home)).rows
    assert "houses" in [sign.says for sign in rows[-1].signs]
    assert not any(row.signs for row in rows[:-1])
