"""Lines that were checked and are not decided of: how many they are, and why."""

import re

import pytest

from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.disputing import finess, line, numbered, sent
from tests.desk.imports.reviewing import named
from tests.short_lists import run


def mixed_list(lists: Lists, browser: Browser) -> str:
    """The page of a list with two new lines, two missing actors, a conflict and a blanked value."""
    disputed, blanked = finess(), finess()
    gone = [line(finess(), f"Parti {n}", "01 97 00 01 00") for n in range(2)]
    blank = line(blanked, "Effacé", "01 97 00 01 02", "https://efface.example.org")
    run(lists.runtime, numbered(*gone, blank), source="Cochées")
    run(lists.runtime, numbered(line(disputed, "Disputé", "01 97 00 01 01")), source="D’avant")
    new = [line(finess(), f"Nouveau {n}", "01 97 00 01 03") for n in range(2)]
    other = line(disputed, "Disputé", "01 97 00 01 99")
    return sent(lists, browser, *new, other, line(blanked, "Effacé"), source="Cochées")


def check(lists: Lists, browser: Browser, page: str, deed: str, *, none: bool = False) -> str:
    """Check all lines, answer them together; return what the page says of it."""
    text = browser.get(f"{page}/relire").text
    boxes = [] if none else re.findall(r'name="ligne" value="([0-9a-f-]+)"', text)
    answer = lists.answer(browser, page, f"{deed}.choisies", ligne=boxes)
    assert answer.status_code == 303, answer.text
    shown = browser.get(answer.headers["location"]).text
    found = re.search(r'role="status">\s*<p>([^<]+)</p>', shown)
    assert found
    return found[1]


@pytest.mark.slow
def test_the_checked_lines_that_an_answer_leaves_are_counted_with_why(lists: Lists) -> None:
    browser = lists.signed_in()
    page = mixed_list(lists, browser)
    said = check(lists, browser, page, "accepter")
    assert said.startswith("2 lignes décidées. 4 lignes cochées restent comme elles étaient : ")
    for why in (
        "2 absents se décident un par un",
        "un désaccord se décide seul",
        "une ligne efface une valeur",
    ):
        assert why in said
    said = check(lists, browser, page, "plus-tard")
    assert said.startswith("3 lignes décidées. 3 lignes cochées restent comme elles étaient : ")
    assert "efface" not in said


@pytest.mark.slow
def test_where_no_line_was_checked_that_is_said(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Non cochée", 2), source="Rien de coché")
    said = check(lists, browser, page, "refuser", none=True)
    assert said == "Aucune ligne n’a changé : aucune n’était cochée."
    assert check(lists, browser, page, "refuser") == "2 lignes décidées."
