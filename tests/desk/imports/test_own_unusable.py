"""Lines that cannot be used, of nobody knows which territory: whoever sent them may mend them."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from app.jobs import depositing
from app.lists.corrections import Cell, seal
from app.models import Deposit, DepositLine, Role
from app.platform.database.sessions import write
from importers.row import Where
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened
from tests.short_lists import HEADER

LILLE = "Service de Lille;ASE;3 rue Autre;59000;Lille;01 99 00 00 20;"
SAID = "<strong>1</strong> ligne inutilisable"


def book(browser: Browser, page: str) -> list[str]:
    answer = browser.post(f"{page}/inutilisables")
    if answer.status_code != 200:
        assert answer.status_code == 404
        return []
    rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return [str(cell) for row in rows for cell in row if cell]


@pytest.mark.slow
def test_a_referent_mends_an_unusable_line_of_their_own_file_beside_one_of_another_territory(
    lists: Lists,
) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Envoyé", 2), LILLE, NAMELESS, source="Envoyée")
    text = browser.get(page).text
    assert SAID in text
    assert "3 lignes lues" in text
    assert "Lignes refusées" in text
    assert "1 rue Sans Nom" in book(browser, page)
    lines = browser.get(f"{page}/relire?resultat=rejected").text
    assert "Corriger la ligne" in lines
    assert "Service de Lille" not in lines
    where, text = opened(browser, page, 5)
    assert correct(browser, where, text, c0="Service nommé").status_code == 303
    lists.work()
    assert SAID not in browser.get(page).text
    assert "Service nommé" in browser.get(f"{page}/relire").text


@pytest.mark.slow
def test_another_referent_learns_nothing_of_such_a_line(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    sent = (*named("Collègue", 2), LILLE, NAMELESS)
    pages = (
        lists.sent(lists.signed_in(Role.REFERENT_DEPARTEMENT), *sent, source="D’un collègue"),
        lists.sent(lists.signed_in(), *sent, source="D’un curateur"),
    )
    for page in pages:
        text = browser.get(page).text
        assert SAID not in text
        assert "2 lignes lues" in text
        assert "Lignes refusées" not in text
        assert book(browser, page) == []
        assert "Corriger la ligne" not in browser.get(f"{page}/relire").text


def test_five_digits_of_an_identifier_are_no_postcode(lists: Lists) -> None:
    lines = [f"12{n:03};{each}" for n, each in enumerate((*named("Numéroté", 2), NAMELESS))]
    data = "\r\n".join((f"Identifiant;{HEADER}", *lines)).encode("cp1252")
    page = lists.send(lists.signed_in(), data, source="Numérotée").headers["location"]
    lists.work()
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert SAID in browser.get(page).text
    assert "1 rue Sans Nom" in book(browser, page)


@pytest.mark.slow
def test_what_somebody_else_corrected_in_such_a_line_is_not_what_its_sender_sent(
    lists: Lists,
) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Complété", 2), LILLE, NAMELESS, source="Complétée")
    assert "1 rue Sans Nom" in book(browser, page)
    curateur = lists.signed_in()
    where, text = opened(curateur, page, 5)
    assert correct(curateur, where, text, c2="7 rue Cachée").status_code == 303
    lists.work()
    assert "7 rue Cachée" in book(curateur, page)
    text = browser.get(page).text
    assert SAID not in text
    assert "Lignes refusées" not in text
    assert book(browser, page) == []
    assert "Corriger la ligne" not in browser.get(f"{page}/relire").text


@pytest.mark.slow
def test_a_sender_goes_on_with_a_line_that_they_corrected_themselves(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Repris", 2), LILLE, NAMELESS, source="Reprise à deux fois")
    where, text = opened(browser, page, 5)
    assert correct(browser, where, text, c2="8 rue Reprise").status_code == 303
    lists.work()
    assert SAID in browser.get(page).text
    assert "8 rue Reprise" in book(browser, page)


def test_what_was_corrected_in_a_former_list_is_not_what_its_sender_sent(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Rappelé", 2), LILLE, NAMELESS, source="Rappelée")
    deposit = lists.stored(page).file_id
    cell = Cell("1 rue Sans Nom", "9 rue Cachée", recalled=True)
    cells = {Where(None, 5): {2: cell}}
    with write(lists.databases.staff) as session:
        stored = session.get_one(Deposit, deposit)
        stored.corrected = seal(lists.vault, deposit, cells, date(2026, 1, 1))
        stored.state = "checking"
    depositing.check(lists.runtime, deposit)
    assert "9 rue Cachée" in book(lists.signed_in(), page)
    text = browser.get(page).text
    assert SAID not in text
    assert "Lignes refusées" not in text
    assert book(browser, page) == []


def test_a_postcode_under_the_title_of_a_telephone_is_one(lists: Lists) -> None:
    shifted = ";ASE;3 rue Décalée;;;59000;Lille"
    page = lists.sent(lists.signed_in(), *named("Décalé", 2), shifted, source="Décalée")
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert SAID not in browser.get(page).text
    assert book(browser, page) == []


def test_a_postcode_under_the_title_of_an_identifier_is_one_where_no_other_cell_says_here(
    lists: Lists,
) -> None:
    lines = [f"12{n:03};{each}" for n, each in enumerate(named("Glissé", 2))]
    shifted = "59000;;ASE;3 rue Glissée;;Lille;;"
    data = "\r\n".join((f"Identifiant;{HEADER}", *lines, shifted)).encode("cp1252")
    page = lists.send(lists.signed_in(), data, source="Glissée").headers["location"]
    lists.work()
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert SAID not in browser.get(page).text
    assert book(browser, page) == []


@pytest.mark.slow
def test_what_a_former_release_recalled_in_such_a_line_is_not_what_its_sender_sent(
    lists: Lists,
) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    page = lists.sent(browser, *named("Stocké", 2), LILLE, NAMELESS, source="Stockée")
    assert "1 rue Sans Nom" in book(browser, page)
    with write(lists.databases.staff) as session:
        here = (DepositLine.file_id == lists.stored(page).file_id, DepositLine.line == 5)
        session.execute(update(DepositLine).where(*here).values(recalled=True))
    assert "1 rue Sans Nom" in book(lists.signed_in(), page)
    assert book(browser, page) == []
    assert "Corriger la ligne" not in browser.get(f"{page}/relire").text
