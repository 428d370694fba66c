"""Whoever corrects a line that cannot be used goes on with the next one, then to the list."""

import re

import pytest

from app.models import Role
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import NAMELESS, correct, named, opened


def follow(lists: Lists, browser: Browser, address: str) -> str:
    """Wait as the page does; return the page to which it leads."""
    assert "La liste est relue" in browser.get(address).text
    lists.work()
    return browser.get(address).text


def go_on(browser: Browser, text: str) -> tuple[str, str]:
    found = re.search(r'action="([^"]+/relire/[^"]+)" data-go-on', text)
    assert found
    return found[1], browser.post(found[1]).text


@pytest.mark.slow
def test_one_goes_from_an_unusable_line_to_the_next_and_to_the_list_after_the_last(
    lists: Lists,
) -> None:
    browser = lists.signed_in()
    wrong = [NAMELESS.replace("1 rue", f"{n} rue") for n in range(3)]
    page = lists.sent(browser, *named("Suite", 1), *wrong, source="À la suite")
    where, text = opened(browser, page, 4)
    assert "3 lignes restent à corriger" in text
    answer = correct(browser, where, text, c0="Service quatre")
    assert answer.headers["location"] == f"{page}/suite?feuille=0&ligne=4"
    shown = follow(lists, browser, answer.headers["location"])
    assert "2 lignes inutilisables restent" in shown
    where, text = go_on(browser, shown)
    assert "<h1>Ligne 5" in text
    # A correction that does not help is shown again.
    answer = correct(browser, where, text, c2="9 rue Encore")
    where, text = go_on(browser, follow(lists, browser, answer.headers["location"]))
    assert "<h1>Ligne 5" in text
    answer = correct(browser, where, text, c0="Service cinq")
    shown = follow(lists, browser, answer.headers["location"])
    assert "1 ligne inutilisable reste" in shown
    where, text = go_on(browser, shown)
    assert "<h1>Ligne 3" in text
    answer = correct(browser, where, text, c0="Service trois")
    after = answer.headers["location"]
    lists.work()
    assert browser.get(after).headers["location"] == page
    assert lists.state(page) == "ready"
    assert lists.signed_in(Role.REFERENT_ETAT).get(after).status_code == 403


def test_of_two_sheets_or_none_the_next_line_is_that_of_its_reader(lists: Lists) -> None:
    curateur, referent = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    lille = ";ASE;1 rue Autre;59000;Lille;01 98 00 00 33;"
    page = lists.sent(curateur, *named("Nord", 1), lille, source="Suite du Nord", territoire="59")
    assert referent.get(f"{page}/suite").status_code == 404
