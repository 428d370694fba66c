"""The columns of a source are chosen again: known lines stay, and nobody is overwritten."""

import pytest

from tests.desk.imports.choosing import choose, menus_of, opened_page, sent
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named
from tests.short_lists import csv


@pytest.mark.slow
@pytest.mark.parametrize("is_applied", [True, False])
def test_of_two_who_choose_the_later_is_told_and_overwrites_nothing(
    lists: Lists, is_applied: bool
) -> None:
    one, other = lists.signed_in(), lists.signed_in()
    source = f"Choisie par deux {is_applied}"
    page = sent(lists, one, csv(*named(source)), source)
    if is_applied:
        lists.apply(one, page)
        lists.work()
    # On another list of the source, where it waits.
    second = sent(lists, one, csv(*named(source, 4)), source)
    where = page if is_applied else second
    shown = opened_page(one, where).text
    assert choose(other, page, {"telephone": ""}).status_code == 303
    refused = choose(one, where, {"courriel": ""}, shown=shown)
    assert refused.status_code == 409
    assert f'href="{where}/colonnes"' in refused.text
    assert menus_of(opened_page(one, page).text)["telephone"] == ""
    lists.work()
    assert choose(one, page, {"courriel": ""}).status_code == 303


@pytest.mark.slow
def test_known_lines_stay_themselves_however_often_one_chooses_before_applying(
    lists: Lists,
) -> None:
    browser, source = lists.signed_in(), "Hésitée"
    header = "Nom;Intitulé complet;Catégorie;Commune;Adresse;Lieu dit"
    lines = [
        f"H{n};Halte {n} du Nord;Association;Bobigny;{n} rue Hésitée;{n} rue Autre"
        for n in range(5)
    ]
    data = "\r\n".join((header, *lines)).encode()
    page = sent(lists, browser, data, source)
    lists.apply(browser, page)
    lists.work()
    assert {f"H{n}" for n in range(5)} <= set(lists.actors())
    other = {"nom": "", "intitule complet": "name"}
    for more in (
        {"adresse": "", "lieu dit": ""},
        {"adresse": "", "lieu dit": "address"},
        {"adresse": "address", "lieu dit": ""},
        {"adresse": "address", "lieu dit": "description"},
        {"adresse": "description", "lieu dit": "address"},
    ):
        assert choose(browser, page, {**other, **more}).status_code == 303
    counts = lists.stored(sent(lists, browser, data, source)).counts or {}
    assert (counts["created"], counts["missing"]) == (0, 0)
