"""What a doubtful line hides is read once it is opened, with the protected actor that it may be."""

import re

import pytest
from sqlalchemy import select

from app.audit.actions import Action
from app.models import AuditEntry
from app.platform.database.sessions import read
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import row_of
from tests.desk.imports.test_pairs import answer, compared, ids_of, with_open
from tests.short_lists import csv, run

pytestmark = pytest.mark.slow


def test_a_protected_double_and_its_line_are_opened_by_one_press(lists: Lists) -> None:
    browser = lists.signed_in()
    run(lists.runtime, csv("Les Houx;MECS;4 rue Tue;93000;Bobigny;01 98 00 87 01;"), source="Houx")
    twice = "LES HOUX (ADSEA);MECS;8 rue Houx;93000;Bobigny;;"
    both = lists.sent(browser, twice, source="Tue deux")
    assert "8 rue Houx" not in row_of(browser, both, "LES HOUX (ADSEA)")
    with_open(lists, browser, both, "LES HOUX (ADSEA)")
    text = row_of(browser, both, "LES HOUX (ADSEA)")
    assert "Les Houx" in text
    assert "8 rue Houx" in text
    assert answer(lists, browser, both, "LES HOUX (ADSEA)", "deux") == 303
    with read(lists.databases.staff) as session:
        subjects = (*ids_of(lists, "Les Houx"), both.rpartition("/")[2])
        noted = select(AuditEntry.action).where(AuditEntry.subject.in_(subjects))
        assert {Action.OPENED.value, Action.LINE_READ.value} <= set(session.scalars(noted))


def test_of_a_line_that_says_itself_that_it_is_hidden_values_are_read_once_it_is_opened(
    lists: Lists,
) -> None:
    run(lists.runtime, csv("Association des Ajoncs;Association;2 rue Vue;93000;Bobigny;;"))
    browser = lists.signed_in()
    home = "Les Ajoncs;MECS;3 rue Tue;93000;Bobigny;01 98 00 87 00;"
    page = lists.sent(browser, home, source="Tue")
    text = row_of(browser, page, "Les Ajoncs")
    assert "3 rue Tue" not in text
    assert compared(text)["Nom"] == ("masqué", "Association des Ajoncs")
    line = re.search(rf'formaction="({page}/relire/[0-9a-f-]+)[?"]', text)
    assert line
    assert "3 rue Tue" in browser.post(line[1]).text
    assert compared(row_of(browser, page, "Les Ajoncs"))["Adresse"][0].startswith("*3 rue Tue")
