"""What was said of somebody whom a list names no more is not asked anew with each list."""

import re

import pytest

from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named, press, row_of

UNANSWERED = re.compile(r"\d+ absents? sans réponse")


def applied(lists: Lists, browser: Browser, page: str) -> None:
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert lists.state(page) == "applied"


def unanswered(browser: Browser, page: str) -> str:
    found = UNANSWERED.search(browser.get(f"{page}/relire").text)
    return found[0] if found else ""


def missing(lists: Lists, page: str) -> object:
    return (lists.stored(page).counts or {}).get("missing")


@pytest.mark.slow
def test_who_was_archived_is_not_listed_as_missing_again(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Archivé", 4)
    lists.applied(browser, *some, source="Archivée")
    page = lists.sent(browser, *some[:3], source="Archivée")
    assert missing(lists, page) == 1
    press(browser, page, "Archivé 3", "accepter")
    applied(lists, browser, page)
    changed = some[0].replace("00 00", "00 90")
    page = lists.sent(browser, changed, *some[1:3], source="Archivée")
    assert missing(lists, page) == 0
    assert "Archivé 3" not in browser.get(f"{page}/relire").text + browser.get(page).text
    # Named again, it is their line, and known.
    page = lists.sent(browser, *some, source="Archivée")
    assert (lists.stored(page).counts or {})["created"] == 0


@pytest.mark.slow
def test_who_was_kept_stays_so_until_a_list_names_them_again(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Gardé", 5)
    lists.applied(browser, *some, source="Gardée")
    page = lists.sent(browser, *some[:3], source="Gardée")
    press(browser, page, "Gardé 3", "refuser")
    applied(lists, browser, page)
    page = lists.sent(browser, some[0].replace("00 00", "00 90"), *some[1:3], source="Gardée")
    # Of the other one nobody said anything.
    assert unanswered(browser, page) == "1 absent sans réponse"
    assert "par " in row_of(browser, page, "Gardé 3", "?resultat=missing&etat=reject")
    assert row_of(browser, page, "Gardé 4", "?resultat=missing&etat=none")
    applied(lists, browser, page)
    page = lists.sent(browser, *some[:3], source="Gardée")
    press(browser, page, "Gardé 3", "annuler")
    assert unanswered(browser, page) == "2 absents sans réponse"
    applied(lists, browser, page)
    page = lists.sent(browser, some[0].replace("00 00", "00 91"), *some[1:3], source="Gardée")
    assert unanswered(browser, page) == "2 absents sans réponse"
    press(browser, page, "Gardé 3", "refuser")
    applied(lists, browser, page)
    # Until a list names them again.
    lists.applied(browser, *some[:4], source="Gardée")
    page = lists.sent(browser, *some[:3], source="Gardée")
    assert unanswered(browser, page) == "2 absents sans réponse"


@pytest.mark.slow
def test_a_list_that_is_undone_keeps_nobody(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Défait", 4)
    lists.applied(browser, *some, source="Défaite")
    page = lists.sent(browser, *some[:3], source="Défaite")
    press(browser, page, "Défait 3", "refuser")
    applied(lists, browser, page)
    lists.undo(browser, page)
    assert lists.state(page) == "undone"
    page = lists.sent(browser, some[0].replace("00 00", "00 90"), *some[1:3], source="Défaite")
    assert unanswered(browser, page) == "1 absent sans réponse"
