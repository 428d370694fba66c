"""A list that looks like that of another source is asked about before it is applied."""

import pytest

from app.models import Role
from tests.desk.imports.conftest import Lists
from tests.short_lists import csv

LINE = "{0} {1};Association;{1} rue {0};{2};{3};01 98 2{1} 00 00;"
OTHER = (
    "Structure;Type;Voie;CP;Ville;Mel\r\n"
    "Autre {0};Association;{0} rue;75011;Paris;a{0}@example.fr\r\n"
)


def some(name: str, postcode: str, city: str) -> tuple[str, ...]:
    return tuple(LINE.format(name, number, postcode, city) for number in range(1, 7))


@pytest.mark.slow
def test_a_list_whose_lines_are_in_another_territory_is_asked_about(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *some("Ailleurs", "59000", "Lille"), source="Ailleurs")
    asked = "Est-ce la liste d’un autre territoire, Nord (59)"
    for reader in (browser, referent):
        assert asked in reader.get(page).text
    # Whoever may apply it is asked the same where its lines are read.
    assert asked in browser.get(f"{page}/relire").text
    assert referent.get(f"{page}/relire").status_code == 200
    assert lists.apply(browser, page).status_code == 422
    assert lists.apply(browser, page, verifie="true").status_code == 303
    own = lists.sent(browser, *some("Ici", "93000", "Bobigny"), source="Ici")
    assert "Est-ce " not in browser.get(own).text


@pytest.mark.slow
def test_a_list_with_the_columns_of_another_source_is_asked_about(lists: Lists) -> None:
    browser, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for source, data, territory in (
        ("Colonnes d’ici", csv(*some("Colonne", "93000", "Bobigny")), "93"),
        ("Colonnes d’ailleurs", OTHER.format(1).encode(), "75"),
    ):
        answer = lists.send(browser, data, source=source, territoire=territory)
        lists.work()
        lists.apply(browser, answer.headers["location"], verifie="true")
        lists.work()
    answer = lists.send(browser, OTHER.format(2).encode(), source="Colonnes d’ici")
    lists.work()
    page = answer.headers["location"]
    assert "Est-ce « Colonnes d’ailleurs » ?" in browser.get(page).text
    text = referent.get(page).text
    assert "Est-ce une autre liste ?" in text
    assert "ailleurs" not in text
    assert lists.apply(browser, page, verifie="").status_code == 422
