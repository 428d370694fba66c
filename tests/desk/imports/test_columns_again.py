"""The columns of a source are chosen again: known lines stay, and nobody is overwritten."""

import pytest

from app.desk.imports.columns_form import Filled, chosen_from
from geo.zones import paris_day
from importers.chosen import Chosen
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


@pytest.mark.slow
def test_what_is_saved_twice_leads_on_as_the_first_time(lists: Lists) -> None:
    browser, source = lists.signed_in(), "Pressée deux fois"
    page = sent(lists, browser, csv(*named(source)), source)
    shown = opened_page(browser, page).text
    first = choose(browser, page, {"telephone": ""}, shown=shown)
    seen = lists.stored(page).at
    again = choose(browser, page, {"telephone": ""}, shown=shown)
    assert (first.status_code, again.status_code) == (303, 303)
    assert again.headers["location"] == first.headers["location"]
    # It is not read a second time.
    assert lists.stored(page).at == seen
    lists.work()
    assert lists.state(page) == "ready"
    # Gone back to, as well, but not with something else.
    assert choose(browser, page, {"telephone": ""}, shown=shown).status_code == 303
    assert choose(browser, page, {"courriel": ""}, shown=shown).status_code == 409


@pytest.mark.slow
def test_words_that_are_saved_twice_lead_on_as_the_first_time(lists: Lists) -> None:
    browser, source = lists.signed_in(), "Mots pressés"
    data = b"Nom;Quoi;Commune\r\nPress\xc3\xa9 un;P\xc3\xb4le Alpha;Bobigny\r\n"
    page = sent(lists, browser, data, source)
    asked = choose(browser, page, {"quoi": "category"})
    assert asked.status_code == 200
    answers = [
        choose(browser, page, words={"category:pole alpha": "association"}, shown=asked.text)
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [303, 303]
    lists.work()
    assert (lists.stored(page).counts or {})["created"] == 1


def test_a_choice_that_a_title_of_a_person_overrules_is_not_taken_silently(lists: Lists) -> None:
    browser = lists.signed_in()
    data = (
        "Nom;Catégorie;Ville;Tél coordinatrice;Coordonnées des contacts\r\n"
        "Service tu;Association;Bobigny;01 98 14 10 01;1 rue Tue 93000 Bobigny, 01 98 14 10 02\r\n"
    ).encode()
    page = sent(lists, browser, data, "Tue")
    packed = {"tel coordinatrice": "packed", "coordonnees des contacts": "packed"}
    choose(browser, page, packed)
    lists.work()
    columns = lists.content(page)["columns"]
    assert columns["Coordonnées des contacts"] == columns["Tél coordinatrice"] == "phone_withheld"
    said = "Même choisie comme « plusieurs champs à la fois », cette colonne reste à ne pas publier"
    assert opened_page(browser, page).text.count(said) == 2


def test_a_word_off_the_map_keeps_the_day_on_which_it_was_said() -> None:
    former = Chosen(words={"category": {"borne": "hors_cartographie 2026-01-05"}})
    words = ["category:borne", "category:ccas"]
    form = Filled([], [], [], [], [], [], words, ["hors_cartographie"] * 2)
    said = chosen_from(form, former)["words"]["category"]
    assert said["borne"] == "hors_cartographie 2026-01-05"
    assert said["ccas"] == f"hors_cartographie {paris_day()}"


@pytest.mark.slow
def test_words_ask_where_somebody_would_stay_hidden_and_off_the_map_nobody_is_masked(
    lists: Lists,
) -> None:
    browser, source = lists.signed_in(), "Mots repliés"
    lines = [
        "Nom;Type;Adresse;Code postal;Ville",
        "Mission locale repliée;Zorg;1 rue Repliée;93300;Aubervilliers",
        *(f"Comptoir plié {n};Blip;{n} rue Pliée;93300;Aubervilliers" for n in (1, 2)),
    ]
    data = "\r\n".join(lines).encode("cp1252", "replace")
    page = sent(lists, browser, data, source)
    shown = opened_page(browser, page).text
    asked, _, folded = shown.partition("Catégories à préciser")[2].partition("rien à répondre")
    assert 'value="category:blip"' in asked
    assert 'value="category:zorg"' in folded
    assert choose(browser, page, words={"category:blip": "hors_cartographie"}).status_code == 303
    lists.work()
    text = browser.get(page).text
    assert "masqué" not in text.partition('id="bilan"')[2].partition("</section>")[0]
    assert "Hors cartographie, comme décidé le" in text
    review = browser.get(f"{page}/relire").text
    assert review.count("Resterait hors cartographie") == 2
    assert "Serait publié" in review
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert "Comptoir plié 1" not in browser.get("/gestion/a-classer").text
