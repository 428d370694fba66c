"""A list without titles is read from its first line on, and words of a chosen column are asked."""

import io
import re

import pytest
from openpyxl import Workbook
from sqlalchemy import text as sql

from tests.desk.bureau import Browser
from tests.desk.imports.choosing import choose, menus_of, opened_page, seen, sent
from tests.desk.imports.conftest import Lists

BARE = (
    "Mot {n} un;Pôle Zéphyr;12 rue du Port;93000 Bobigny;01 98 10 00 01\r\n"
    "Mot {n} deux;CRIP;14 rue du Port;93000 Bobigny;01 98 10 00 02\r\n"
    "Mot {n} trois;Association;16 rue du Port;93300 Aubervilliers;01 98 10 00 03\r\n"
)
LETTERS = {"colonne a": "name", "colonne b": "category", "colonne c": "address"}


def untitled(browser: Browser, page: str, value: str = "true") -> str:
    data = {"vu": seen(browser, page), "sans_titres": value}
    return browser.post(f"{page}/colonnes/cellules", data=data).text


@pytest.mark.slow
def test_a_list_without_titles_loses_no_line(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, BARE.format(n="nu").encode(), "Sans un titre")
    assert lists.state(page) == "refused"
    text = untitled(browser, page)
    assert menus_of(text)["colonne a"] == "name"
    assert menus_of(text)["colonne e"] == "phone"
    assert "Mot nu un" in text
    words = {"category:pole zephyr": "association"}
    more = LETTERS | {"colonne d": "city", "colonne e": "phone"}
    assert choose(browser, page, more, words=words, untitled="true").status_code == 303
    lists.work()
    assert lists.state(page) == "ready"
    assert (lists.stored(page).counts or {})["created"] == 3
    lists.apply(browser, page)
    lists.work()
    assert {"Mot nu un", "Mot nu deux", "Mot nu trois"} <= set(lists.actors())
    later = sent(lists, browser, BARE.format(n="nu").encode() + b"\r\n", "Sans un titre")
    assert (lists.stored(later).counts or {})["unchanged"] == 3
    titled = "Nom;Catégorie;Commune\r\nMot nu quatre;CRIP;Bobigny\r\n".encode()
    third = sent(lists, browser, titled, "Sans un titre", portee="partielle")
    assert (lists.stored(third).counts or {})["created"] == 1


@pytest.mark.slow
def test_a_first_line_that_looks_like_an_actor_is_said_to_be_lost_as_titles(lists: Lists) -> None:
    browser = lists.signed_in()
    street = "Relais nu;Un relais;12 rue du Port;Bobigny\r\nRelais deux;Un relais;rue;Bobigny\r\n"
    page = sent(lists, browser, street.encode(), "Titres de rue")
    text = opened_page(browser, page).text
    assert "ressemble à un acteur" in text
    assert "Pas de titres" in text
    titled = b"Qui;Quoi;Voie et ville\r\nHalte;Association;1 rue T, 93000 Bobigny\r\n"
    other = sent(lists, browser, titled, "Titres sans nom")
    assert "ressemble à un acteur" not in opened_page(browser, other).text
    assert "Pas de titres" in opened_page(browser, other).text
    assert "est lue sans titres" not in untitled(browser, page, "false")


@pytest.mark.slow
def test_the_words_of_a_column_that_is_just_chosen_are_asked_before_it_is_saved(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    data = (
        "Nom;Type;Commune;Ce que l’on y trouve\r\n"
        "Halte un;Association;Bobigny;écoute, brumisation\r\n"
        "Halte deux;Association;Bobigny;brumisation\r\n"
    ).encode()
    page = sent(lists, browser, data, "Deux pas")
    key = "ce que l on y trouve"
    answer = choose(browser, page, {key: "functions"})
    assert answer.status_code == 200
    assert "rien n’est enregistré avant" in answer.text
    assert menus_of(answer.text)[key] == "functions"
    assert re.search(r"brumisation <span[^>]*>2 lignes", answer.text)
    assert lists.state(page) == "ready"
    asked = {"functions:brumisation": "ecoute"}
    assert choose(browser, page, {key: "functions"}, words=asked).status_code == 303
    lists.work()
    lists.apply(browser, page)
    lists.work()
    with lists.databases.public.connect() as connection:
        where = "SELECT functions FROM actor WHERE name = 'Halte deux'"
        assert connection.execute(sql(where)).scalar_one() == ["ecoute"]


@pytest.mark.slow
def test_the_words_of_a_column_that_is_proposed_are_asked_with_it(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = [f"Halte {n};{'écoute' if n % 4 else 'brumisation'};Bobigny" for n in range(12)]
    data = "\r\n".join(("Qui ?;Ce qu’ils font;Où", *lines)).encode()
    page = sent(lists, browser, data, "Un seul pas")
    text = opened_page(browser, page).text
    assert menus_of(text)["ce qu ils font"] == "functions"
    assert re.search(r"brumisation <span[^>]*>3 lignes", text)
    # As it is shown, it is saved by one press.
    assert choose(browser, page, shown=text).status_code == 303


@pytest.mark.slow
def test_a_word_that_nobody_answers_holds_up_nothing(lists: Lists) -> None:
    browser = lists.signed_in()
    data = b"Nom;Type;Commune;Quoi\r\nHalte trois;Association;Bobigny;brumisation\r\n"
    page = sent(lists, browser, data, "Sans réponse")
    given = {"quoi": "functions"}
    assert choose(browser, page, given).status_code == 200
    left = {"functions:brumisation": ""}
    assert choose(browser, page, given, words=left).status_code == 303
    lists.work()
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_a_sheet_that_is_a_list_and_is_not_read_is_said_above_the_button(lists: Lists) -> None:
    browser = lists.signed_in()
    book = Workbook()
    first, second, notice = (book.create_sheet(name) for name in ("Lus", "Pas lus", "Notice"))
    book.remove(book.worksheets[0])
    for row in (("Nom", "Type", "Commune"), ("Halte six", "CRIP", "Bobigny")):
        first.append(row)
    rows = (
        ("Quoi", "Sorte", "Bourg"),
        ("Halte sept", "CRIP", "Bobigny"),
        ("Halte huit", "", "Bobigny"),
    )
    for row in rows:
        second.append(row)
    notice.append(("Mise à jour chaque mois par le réseau.",))
    file = io.BytesIO()
    book.save(file)
    answer = lists.send(browser, file.getvalue(), name="deux.xlsx", source="Deux feuilles")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    text = browser.get(page).text
    assert "<strong>Une feuille n’est pas lue</strong> : « Pas lus »" in text
    assert text.index("feuille n’est pas lue") < text.index("Tout accepter et appliquer")
    choose(browser, page, {"quoi": "name", "bourg": "city", "sorte": "category"})
    lists.work()
    assert "feuille n’est pas lue" not in browser.get(page).text
    assert (lists.stored(page).counts or {})["created"] == 3
