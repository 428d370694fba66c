"""Lines that cannot be used are corrected on the page, or in a file that says what is wrong."""

import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.audit.actions import Action
from app.desk.imports import line_routes
from app.lists import deposits, unusable_book
from app.models import AuditEntry, Role, SourceRow
from app.platform.database.sessions import read
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened
from tests.short_lists import SHELTER, csv

# No commune.
AREA = r'<textarea name="(c\d+)"[^>]*>([^<]*)</textarea>'
PLACELESS = "Service sans lieu;ASE;;;;01 98 00 00 32;"


@pytest.mark.slow
def test_a_corrected_cell_makes_a_line_usable_and_what_came_stays(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Voisin", 2), NAMELESS, source="Corrigée")
    assert (lists.stored(page).counts or {})["rejected"] == 1
    where, text = opened(browser, page, 4)
    assert "1 rue Sans Nom" in text
    assert correct(browser, where, text, c0="Service corrigé").status_code == 303
    assert lists.state(page) == "checking"
    lists.work()
    counts = lists.stored(page).counts or {}
    assert (lists.state(page), counts["rejected"], counts["created"]) == ("ready", 0, 3)
    assert "Service corrigé" in browser.get(f"{page}/relire").text
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert "Service corrigé" in lists.actors()
    with read(lists.databases.staff) as session:
        here = SourceRow.source_file_id == lists.stored(page).file_id
        assert len(session.scalars(select(SourceRow.id).where(here)).all()) == 3
        actions = session.scalars(select(AuditEntry.action)).all()
    assert Action.LINE_CORRECTED in actions


@pytest.mark.slow
def test_a_cell_that_is_given_as_it_came_is_corrected_no_more(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Retour", 1), PLACELESS, NAMELESS, source="Retour")
    where, text = opened(browser, page, 4)
    correct(browser, where, text, c4="Nulle-Part")
    lists.work()
    where, text = opened(browser, page, 4)
    assert ">Aubervilliers<" in text
    assert 'value="Nulle-Part"' in text
    correct(browser, where, text, c4="Aubervilliers")
    lists.work()
    assert lists.stored(page).corrected is None
    assert lists.state(page) == "ready"
    where, text = opened(browser, page, 4)
    assert correct(browser, where, text).status_code == 303
    assert lists.state(page) == "ready"


@pytest.mark.parametrize("cell", ["x" * 2_001, "a\x00b", "a\x1bb"])
def test_what_no_cell_holds_is_refused_and_nothing_is_read_anew(lists: Lists, cell: str) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Trop", 1), NAMELESS, source=f"Trop {len(cell)}")
    where, text = opened(browser, page, 3)
    answer = correct(browser, where, text, c0=cell, c4="Pantin")
    assert answer.status_code == 422
    assert "Cellule illisible" in answer.text
    assert f'name="c0" value="{cell}"' in answer.text
    assert 'name="c4" value="Pantin"' in answer.text
    assert lists.state(page) == "ready"


def test_spaces_that_do_not_break_are_written_and_an_untouched_line_is_not(lists: Lists) -> None:
    browser = lists.signed_in()
    torn = ';ASE;"1 rue Sans Nom\r\nbâtiment B";93300;Aubervilliers;01\u00a098 00 00 31;'
    page = lists.sent(browser, *named("Espace", 1), torn, source="Espacée")
    where, text = opened(browser, page, 3)
    cells = {name: unescape(value) for name, value in re.findall(AREA, text)}
    assert correct(browser, where, text, **cells).status_code == 303
    assert lists.state(page) == "ready"
    assert correct(browser, where, text, **cells, c0="Service\u202fd’ici").status_code == 303
    assert lists.state(page) == "checking"
    lists.work()


def test_a_column_that_the_line_has_not_is_left(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Large", 1), NAMELESS, source="Large")
    where, text = opened(browser, page, 3)
    assert correct(browser, where, text, c900="loin", cx="?").status_code == 303
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_a_line_is_corrected_only_as_it_was_shown(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Vu", 1), NAMELESS, source="Vue")
    where, text = opened(browser, page, 3)
    assert correct(browser, where, text, c0="Le premier").status_code == 303
    assert correct(browser, where, text, c0="Le second").status_code == 409
    lists.work()
    assert correct(browser, where, text, c0="Le second").status_code == 409
    assert "Le premier" in browser.get(f"{page}/relire").text


@pytest.mark.slow
def test_of_two_who_correct_a_line_the_second_keeps_what_they_wrote(lists: Lists) -> None:
    first, second = lists.signed_in(), lists.signed_in()
    page = lists.sent(first, *named("À deux", 1), NAMELESS, source="À deux")
    where, text = opened(second, page, 3)
    assert correct(first, where, text, c4="Saint-Denis").status_code == 303
    # While it is read anew, and afterwards, when its lines have other addresses.
    for state in ("checking", "ready"):
        assert lists.state(page) == state
        answer = correct(second, where, text, c0="Service à deux", c4="Aubervilliers")
        assert answer.status_code == 409
        assert "avec ce que vous aviez écrit" in answer.text
        assert 'name="c0" value="Service à deux"' in answer.text
        assert "Lu maintenant : rien" in answer.text
        assert 'name="c4" value="Saint-Denis"' in answer.text
        lists.work()
    found = re.search(r'action="([^"]+)/corriger', answer.text)
    assert found
    assert correct(second, found[1], answer.text).status_code == 303
    lists.work()
    assert "Service à deux" in second.get(f"{page}/relire").text
    assert (lists.stored(page).counts or {})["rejected"] == 0


def test_the_lines_of_others_are_neither_corrected_nor_handed_out(lists: Lists) -> None:
    referent, curateur = lists.signed_in(Role.REFERENT_DEPARTEMENT), lists.signed_in()
    lille = ";ASE;1 rue Autre;59000;Lille;01 98 00 00 33;"
    page = lists.sent(curateur, *named("Nord", 1), lille, source="Du Nord", territoire="59")
    where, text = opened(curateur, page, 3)
    assert correct(referent, where, text, c0="Mien").status_code == 404
    assert referent.post(f"{page}/inutilisables").status_code == 404
    state = lists.signed_in(Role.REFERENT_ETAT)
    assert state.post(f"{page}/inutilisables").status_code == 403
    assert state.post(f"{where}/corriger").status_code == 403


@pytest.mark.slow
def test_unusable_lines_go_out_with_what_is_wrong_and_come_back_corrected(lists: Lists) -> None:
    browser = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    formula = ';ASE;"=HYPERLINK(""https://exemple.invalid"")";93300;Aubervilliers;;'
    page = lists.sent(browser, *named("Sorti", 2), NAMELESS, formula, source="Sortie")
    assert "Télécharger les lignes inutilisables" in browser.get(f"{page}/relire").text
    answer = browser.post(f"{page}/inutilisables")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    first, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert first[:3] == ["Ce qui ne va pas", "Nom", "Catégorie"]
    assert len(rows) == 2
    assert "nom" in str(rows[0][0]).lower()
    assert rows[0][3] == "1 rue Sans Nom"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    sheet["B2"] = "Service rendu"
    sheet.delete_rows(3)
    book = io.BytesIO()
    assert sheet.parent is not None
    sheet.parent.save(book)
    back = lists.send(browser, book.getvalue(), name="corrigé.xlsx", portee="partielle")
    lists.work()
    page = back.headers["location"].partition("?")[0]
    counts = lists.stored(page).counts or {}
    assert (counts["rejected"], counts["created"], counts["missing"]) == (0, 1, 0)
    assert "n’est pas lue" not in browser.get(page).text


@pytest.mark.slow
def test_every_unusable_line_goes_out_however_many_they_are(lists: Lists) -> None:
    browser, many = lists.signed_in(), 5_001
    some = (f";ASE;{n} rue Sortante;93300;Aubervilliers;;" for n in range(1, many + 1))
    page = lists.sent(browser, *named("Sortant", 1), *some, source="Sortante")
    book = load_workbook(io.BytesIO(browser.post(f"{page}/inutilisables").content))
    assert book.active is not None
    _, *rows = book.active.iter_rows(values_only=True)
    assert [row[3] for row in rows] == [f"{n} rue Sortante" for n in range(1, many + 1)]


@pytest.mark.slow
def test_the_cells_of_a_protected_line_are_corrected_once_it_is_open(lists: Lists) -> None:
    browser = lists.signed_in()
    lists.applied(browser, SHELTER, *named("Ouvert", 1), source="Protégée")
    moved = SHELTER.replace("01 99 00 00 10", "01 99 00 00 77")
    page = lists.sent(browser, moved, *named("Ouvert", 1), source="Protégée")
    text = browser.get(f"{page}/relire").text
    found = re.search(r'id="l-([0-9a-f-]+)"', text)
    assert found
    where = f"{page}/relire/{found[1]}"
    data = {"vu": seen_in(text), "c0": "Autre nom"}
    assert browser.post(f"{where}/corriger", data=data).status_code == 404
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_whatever_is_sent_the_list_stays_a_list(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Reste", 1), NAMELESS, source="Reste")
    where, text = opened(browser, page, 3)
    nasty = '=1+1;"<script>alert(1)</script>'
    assert correct(browser, where, text, c0=nasty).status_code == 303
    lists.work()
    shown = browser.get(f"{page}/relire").text
    assert "<script>alert" not in shown
    assert csv(NAMELESS).split(b"\r\n")[1] in lists_bytes(lists, page)


def lists_bytes(lists: Lists, page: str) -> bytes:
    """What was received, as it is stored."""
    with read(lists.databases.staff) as session:
        data = deposits.bytes_of(session, lists.vault, lists.stored(page).file_id)
    assert data is not None
    return data


@pytest.mark.slow
def test_the_file_of_very_many_unusable_lines_comes_in_parts(
    lists: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unusable_book, "MOST", 2)
    monkeypatch.setattr(line_routes, "AT_ONCE", 1)
    browser = lists.signed_in()
    lines = [NAMELESS.replace("1 rue", f"{n} rue") for n in range(1, 6)]
    page = lists.sent(browser, *named("Entière en parties", 1), *lines, source="En parties")
    text = browser.get(f"{page}/relire").text
    assert [f">{each}</button>" in text for each in ("1 à 2", "3 à 4", "5 à 5")] == [True] * 3
    found = []
    for part in (1, 2, 3):
        answer = browser.post(f"{page}/inutilisables", data={"partie": str(part)})
        rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
        found.append([row[3] for row in [*rows][1:]])
    streets = [f"{n} rue Sans Nom" for n in range(1, 6)]
    assert found == [streets[:2], streets[2:4], streets[4:]]
    assert browser.post(f"{page}/inutilisables", data={"partie": "4"}).status_code == 404
