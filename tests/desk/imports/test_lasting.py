"""A correction lasts: the next list of its source is read with it while its line stays the same."""

import re

import pytest
from sqlalchemy import select

from app.lists import corrections
from app.models import Deposit, DepositLine, Role
from app.platform.database.sessions import read, write
from app.records.viewing import see
from app.visibility import OPERATOR
from importers.row import Where
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists, seen_in
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened, row_of
from tests.short_lists import HEADER, SHELTER

pytestmark = pytest.mark.slow

NAME = "Service corrigé"
SAID = "ligne corrigée comme dans la liste du"


def learn(
    lists: Lists, browser: Browser, *lines: str, line: int = 2, name: str = NAME, **given: str
) -> str:
    """Send lines, correct the name of one of them, and apply the list; return its page."""
    page = lists.sent(browser, *lines, **given)
    where, text = opened(browser, page, line)
    assert correct(browser, where, text, c0=name).status_code == 303
    lists.work()
    apply(lists, browser, page)
    return page


def apply(lists: Lists, browser: Browser, page: str) -> None:
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    assert lists.state(page) == "applied"


def counted(lists: Lists, page: str) -> tuple[int, ...]:
    """How many lines are unusable, unchanged, new and missing."""
    counts = lists.stored(page).counts or {}
    return tuple(counts[each] for each in ("rejected", "unchanged", "created", "missing"))


def recalled(lists: Lists, page: str) -> int:
    """How many lines are read as the list before was corrected."""
    here = DepositLine.file_id == lists.stored(page).file_id
    with read(lists.databases.staff) as session:
        return len(session.scalars(select(DepositLine.id).where(here, DepositLine.recalled)).all())


def last_line(browser: Browser, page: str) -> tuple[str, str]:
    """The one line that is corrected as before, and the page of its cells."""
    text = browser.get(f"{page}/relire?resultat=recalled").text
    (found,) = re.findall(r'id="l-([0-9a-f-]+)"', text)
    where = f"{page}/relire/{found}"
    return where, browser.post(where).text


def withdraw(lists: Lists, browser: Browser, page: str) -> None:
    where, text = last_line(browser, page)
    answer = browser.post(f"{where}/corriger", data={"vu": seen_in(text), "retirer": "true"})
    assert answer.status_code == 303
    lists.work()


def test_the_next_list_is_read_with_it_and_says_so(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Suite", 2), source="Suite")
    page = lists.sent(browser, *named("Suite", 2), *named("Plus", 1), NAMELESS, source="Suite")
    # Its actor is there, as it was: neither unusable nor missing.
    assert counted(lists, page) == (0, 3, 1, 0)
    assert SAID in browser.get(page).text
    row = row_of(browser, page, NAME, "?resultat=recalled")
    assert "Inchangé" in row
    assert "Correction reprise" in row
    _, text = last_line(browser, page)
    assert "Retirer la correction" in text
    assert "1 rue Sans Nom" in text
    apply(lists, browser, page)
    # And the one after that.
    third = lists.sent(browser, NAMELESS, *named("Plus", 1), source="Suite")
    assert counted(lists, third)[:2] == (0, 2)


def test_it_ends_as_its_line_changes(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Fin", 2), source="Fin")
    moved = NAMELESS.replace("1 rue", "2 rue")
    page = lists.sent(browser, moved, *named("Fin", 2), source="Fin")
    assert (counted(lists, page)[0], recalled(lists, page)) == (1, 0)
    assert SAID not in browser.get(page).text
    apply(lists, browser, page)
    # It is read as it comes from then on, the same line as before included.
    page = lists.sent(browser, NAMELESS, *named("Fin", 2), source="Fin")
    assert counted(lists, page)[0] == 1


def test_one_that_is_taken_back_does_not_come_again(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Retrait", 2), source="Retrait")
    page = lists.sent(browser, *named("Retrait", 1), NAMELESS, source="Retrait")
    assert recalled(lists, page) == 1
    withdraw(lists, browser, page)
    assert (counted(lists, page)[0], recalled(lists, page)) == (1, 0)
    apply(lists, browser, page)
    page = lists.sent(browser, *named("Retrait", 2), NAMELESS, source="Retrait")
    assert counted(lists, page)[0] == 1


def test_another_correction_of_the_line_takes_its_place(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Place", 2), source="Place")
    page = lists.sent(browser, *named("Place", 1), NAMELESS, source="Place")
    where, text = last_line(browser, page)
    assert correct(browser, where, text, c0="Autre nom").status_code == 303
    lists.work()
    assert recalled(lists, page) == 0
    apply(lists, browser, page)
    page = lists.sent(browser, *named("Place", 2), NAMELESS, source="Place")
    assert counted(lists, page)[0] == 0
    assert "Autre nom" in browser.get(f"{page}/relire?resultat=recalled").text


def test_it_is_of_its_source_alone(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Une", 2), source="Une source")
    page = lists.sent(browser, NAMELESS, *named("Une", 2), source="Autre source")
    assert counted(lists, page)[0] == 1
    page = lists.sent(browser, NAMELESS, *named("Une", 3), source="Une source", territoire="59")
    assert counted(lists, page)[0] == 1


def test_columns_may_change_places(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Ordre", 2), source="Ordre")
    lines = (HEADER, *named("Ordre", 2), NAMELESS)
    turned = "\r\n".join(";".join(reversed(each.split(";"))) for each in lines).encode("cp1252")
    answer = lists.send(browser, turned, source="Ordre")
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert counted(lists, page) == (0, 3, 0, 0)
    assert recalled(lists, page) == 1


def test_of_lines_that_say_the_same_as_many_are_corrected(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, NAMELESS, *named("Double", 2), source="Double", line=3)
    page = lists.sent(browser, *named("Double", 2), NAMELESS, NAMELESS, NAMELESS, source="Double")
    assert (counted(lists, page)[0], recalled(lists, page)) == (2, 1)
    with read(lists.databases.staff) as session:
        cells = corrections.of(session, lists.vault, lists.stored(page).file_id)
    assert cells.keys() == {Where(None, 5)}


def test_a_partial_list_leaves_those_of_other_lines(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Part", 2), source="Part")
    part = lists.sent(browser, *named("Part", 3), source="Part", portee="partielle")
    apply(lists, browser, part)
    page = lists.sent(browser, NAMELESS, *named("Part", 2), source="Part")
    assert recalled(lists, page) == 1


def test_one_that_is_taken_back_in_a_partial_list_does_not_come_again(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Moins", 2), source="Moins")
    part = lists.sent(browser, NAMELESS, *named("Moins", 3), source="Moins", portee="partielle")
    withdraw(lists, browser, part)
    apply(lists, browser, part)
    page = lists.sent(browser, *named("Moins", 2), NAMELESS, source="Moins")
    assert (counted(lists, page)[0], recalled(lists, page)) == (1, 0)


def test_undone_with_its_list_the_same_file_is_read_as_the_first_time(lists: Lists) -> None:
    browser = lists.signed_in()
    learn(lists, browser, NAMELESS, *named("Avant", 2), source="Défaite", name="Un nom")
    second = lists.sent(browser, *named("Avant", 2), NAMELESS, source="Défaite")
    where, text = last_line(browser, second)
    correct(browser, where, text, c0="Un autre nom")
    lists.work()
    apply(lists, browser, second)
    assert lists.undo(browser, second).status_code == 303
    assert lists.stored(second).corrected is None
    again = lists.sent(browser, *named("Avant", 2), NAMELESS, source="Défaite")
    assert again != second
    assert recalled(lists, again) == 1
    assert "Un nom" in browser.get(f"{again}/relire?resultat=recalled").text
    assert counted(lists, again) == (0, 3, 0, 0)


def test_a_new_line_that_was_left_out_is_nobodys(lists: Lists) -> None:
    browser = lists.signed_in()
    alone = ";ASE;9 rue Laissée;93300;Aubervilliers;01 98 00 00 61;"
    page = lists.sent(browser, alone, *named("Laissé", 2), source="Laissée")
    correct(browser, *opened(browser, page, 2), c0="Service laissé")
    lists.work()
    row = row_of(browser, page, "Service laissé")
    found = re.search(r'id="l-([0-9a-f-]+)"', row)
    assert found
    assert lists.answer(browser, page, f"refuser.{found[1]}").status_code == 303
    apply(lists, browser, page)
    assert lists.stored(page).corrected is None


def test_a_word_that_hides_comes_again_with_each_list(lists: Lists) -> None:
    browser = lists.signed_in()
    asked = "Ne pas publier ce service;ASE;;;;01 98 00 00 41;"
    page = lists.sent(browser, asked, *named("Mot", 2), source="Mots")
    where, text = opened(browser, page, 2)
    given = {"c0": "Service rendu", "c4": "Aubervilliers", "c3": "93300"}
    assert correct(browser, where, text, **given).status_code == 303
    lists.work()
    apply(lists, browser, page)
    assert lists.stored(page).corrected is None
    page = lists.sent(browser, *named("Mot", 2), asked, source="Mots")
    assert recalled(lists, page) == 0
    assert lists.stored(page).corrected is None


def test_a_protected_one_stays_so_and_its_correction_is_opened_with_it(lists: Lists) -> None:
    browser = lists.signed_in()
    nameless = SHELTER.replace("Foyer fictif", "")
    learn(lists, browser, nameless, *named("Foyer", 2), source="Foyers", name="Foyer corrigé")
    page = lists.sent(browser, *named("Foyer", 2), nameless, source="Foyers")
    assert recalled(lists, page) == 1
    shown = browser.get(f"{page}/relire?resultat=recalled").text + browser.get(page).text
    assert "10 rue Cachée" not in shown
    (found,) = re.findall(
        r'id="l-([0-9a-f-]+)"', browser.get(f"{page}/relire?resultat=recalled").text
    )
    answer = browser.post(f"{page}/relire/{found}")
    assert answer.status_code == 303
    assert "/gestion/acteurs/" in answer.headers["location"]
    apply(lists, browser, page)
    with read(lists.databases.staff) as session:
        seen = {each.record.name: each for each in see(session, lists.vault, OPERATOR)}
    assert seen["Foyer corrigé"].level == "neutral"


def test_others_read_of_their_own_lines_alone(lists: Lists) -> None:
    browser = lists.signed_in()
    lille = ";ASE;1 rue Autre;59000;Lille;01 98 00 00 33;"
    learn(lists, browser, lille, *named("Ch", 2), source="Du Nord", territoire="")
    page = lists.sent(browser, *named("Ch", 2), lille, source="Du Nord", territoire="")
    assert recalled(lists, page) == 1
    referent = lists.signed_in(Role.REFERENT_DEPARTEMENT)
    for each in (page, f"{page}/relire?resultat=recalled"):
        answer = referent.get(each)
        assert SAID not in answer.text
        assert NAME not in answer.text


def test_a_thousand_corrections_are_taken_up_at_once(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = [
        f";ASE;{n} rue Mille;93300;Aubervilliers;01 97 00 {n // 100:02} {n % 100:02};"
        for n in range(1000)
    ]
    answer = lists.send(browser, (*lines, *named("Mille", 1)), source="Mille")
    page = answer.headers["location"].partition("?")[0]
    given = {Where(None, n + 2): {0: corrections.Cell("", f"Mille {n}")} for n in range(1000)}
    with write(lists.databases.staff) as session:
        deposit = session.get_one(Deposit, lists.stored(page).file_id)
        deposit.corrected = corrections.seal(lists.vault, deposit.file_id, given, None)
    lists.work()
    apply(lists, browser, page)
    page = lists.sent(browser, *named("Mille", 1), *reversed(lines), source="Mille")
    assert counted(lists, page) == (0, 1001, 0, 0)
    assert recalled(lists, page) == 1000
