"""A sheet of a workbook may be left out, this time and the next."""

import io
import re
from collections.abc import Mapping, Sequence

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app.models import Actor
from app.platform.database.sessions import read
from tests.desk.bureau import Browser
from tests.desk.imports.choosing import chosen_at, menus_of, opened_page, seen
from tests.desk.imports.conftest import Lists

TITLES = ("Nom", "Catégorie", "Adresse", "Commune")
HALL = ("Accueil du Lavoir", "CRIP", "88 rue du Lavoir", "Bobigny")
_SHEET = re.compile(r'name="feuille" value="([^"]*)"')
_CHECKED = re.compile(r'name="laissee" value="([^"]*)" checked')


def book(*years: str) -> bytes:
    return book_of({
        year: [(f"Halte {year} {n}", "CRIP", f"{n} rue du Lavoir", "Bobigny") for n in (1, 2)]
        for year in years
    })  # fmt: skip


def book_of(sheets: Mapping[str, Sequence[tuple[str, ...]]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in (TITLES, *lines):
            sheet.append(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sent(lists: Lists, browser: Browser, data: bytes, source: str = "Deux feuilles") -> str:
    answer = lists.send(browser, data, name="liste.xlsx", source=source)
    assert answer.status_code == 303, answer.text
    lists.work()
    return answer.headers["location"].partition("?")[0]


def shown(lists: Lists) -> dict[str, str | None]:
    """What visitors may read: name -> address."""
    with read(lists.databases.staff) as session:
        rows = session.execute(select(Actor.name, Actor.address).where(Actor.status == "published"))
        return dict(rows.all())


def leave_out(browser: Browser, page: str, *left: str, shown: tuple[str, ...] = ()) -> int:
    text = opened_page(browser, page).text
    columns = menus_of(text)
    given = {
        "vu": seen(browser, page),
        "choisies": chosen_at(text),
        "sans_titres": "false",
        "colonne": list(columns),
        "champ": list(columns.values()),
        "feuille": list(shown or _SHEET.findall(text)),
        "laissee": list(left),
    }
    return browser.post(f"{page}/colonnes", data=given).status_code


@pytest.mark.slow
def test_a_sheet_that_is_left_out_is_not_read_this_time_or_the_next(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, book("2026", "2024 Archivés"))
    assert (lists.stored(page).counts or {})["created"] == 4
    assert _SHEET.findall(opened_page(browser, page).text) == ["2026", "2024 archives"]
    assert leave_out(browser, page, "2024 archives") == 303
    lists.work()
    assert (lists.stored(page).counts or {})["created"] == 2
    text = browser.get(page).text
    assert "Feuille « 2024 Archivés » : laissée de côté" in text
    assert "n’est pas lue" not in text
    assert _CHECKED.findall(opened_page(browser, page).text) == ["2024 archives"]
    later = sent(lists, browser, book("2027", "2024 Archivés"))
    assert (lists.stored(later).counts or {})["created"] == 2
    assert leave_out(browser, later) == 303
    lists.work()
    assert (lists.stored(later).counts or {})["created"] == 4


@pytest.mark.slow
def test_a_sheet_that_the_form_does_not_show_is_not_left_out_by_it(lists: Lists) -> None:
    browser = lists.signed_in()
    page = sent(lists, browser, book("2031", "2032"))
    assert leave_out(browser, page, "2032", shown=("2031",)) == 422
    assert (lists.stored(page).counts or {})["created"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("known", [False, True])
def test_a_sheet_that_is_left_out_makes_no_home_public(lists: Lists, known: bool) -> None:
    browser = lists.signed_in()
    name, street, source = f"Les Tilleuls {known}", f"{5 + known} rue du Puits", f"Puits {known}"
    home = (name, "MECS", street, "Bobigny")
    partners = [(name, "Association", street, "Bobigny"), (f"À côté {known}", "CRIP", *home[2:])]
    page = sent(lists, browser, book_of({"2026": partners, "Foyers": [home]}), source)
    if known:
        lists.apply(browser, page, verifie="true")
        lists.work()
        assert name not in shown(lists)
        page = sent(lists, browser, book_of({"2026": [*partners, HALL], "Foyers": [home]}), source)
    assert leave_out(browser, page, "foyers") == 303
    lists.work()
    assert ("Serait publié" in browser.get(f"{page}/relire").text) == known
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"
    assert name not in shown(lists)
    assert shown(lists)[f"À côté {known}"] is None
