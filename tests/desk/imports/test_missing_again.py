"""What was said of somebody whom a list names no more is not asked anew with each list."""

import re
from uuid import UUID

import pytest

from app.lists import deposits
from app.models import SourceFile
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from tests.desk.actors.forms import correct
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named, press, row_of
from tests.short_lists import ids

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


def reread(lists: Lists, page: str) -> None:
    """Let a list that waits be read anew."""
    deposit = UUID(page.rpartition("/")[2])
    with write(lists.databases.staff) as session:
        assert deposits.move(session, deposit, ["ready"], "checking", done=0)
        defer(session, Job.CHECK, deposit)
    lists.work()
    assert lists.state(page) == "ready"


@pytest.mark.slow
def test_who_was_kept_by_one_of_two_lists_that_wait_is_kept_by_the_other(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Double", 3)
    lists.applied(browser, *some, source="Double")
    first = lists.sent(browser, *some[:2], source="Double")
    second = lists.sent(browser, some[0].replace("00 00", "00 90"), some[1], source="Double")
    press(browser, first, "Double 2", "refuser")
    applied(lists, browser, first)
    reread(lists, second)
    assert unanswered(browser, second) == ""
    # What is taken back in the list itself stays so, however often it is read.
    press(browser, second, "Double 2", "annuler")
    reread(lists, second)
    assert unanswered(browser, second) == "1 absent sans réponse"


@pytest.mark.slow
def test_an_answer_holds_over_a_list_that_waited_without_it(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Devancé", 3)
    lists.applied(browser, *some, source="Devancée")
    first = lists.sent(browser, *some[:2], source="Devancée")
    second = lists.sent(browser, some[0].replace("00 00", "00 90"), some[1], source="Devancée")
    press(browser, first, "Devancé 2", "refuser")
    applied(lists, browser, first)
    applied(lists, browser, second)
    third = lists.sent(browser, some[0].replace("00 00", "00 91"), some[1], source="Devancée")
    assert unanswered(browser, third) == ""


@pytest.mark.slow
def test_who_is_edited_stays_kept_by_a_list_that_is_read_anew(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Édité", 3)
    lists.applied(browser, *some, source="Éditée")
    page = lists.sent(browser, *some[:2], source="Éditée")
    press(browser, page, "Édité 2", "refuser")
    applied(lists, browser, page)
    page = lists.sent(browser, some[0].replace("00 00", "00 90"), some[1], source="Éditée")
    assert unanswered(browser, page) == ""
    actor = ids(lists.runtime)["Édité 2"]
    assert correct(browser, actor, phones="01 97 00 00 09").is_redirect
    reread(lists, page)
    assert unanswered(browser, page) == ""


@pytest.mark.slow
def test_an_answer_given_of_an_older_list_holds_in_the_next(lists: Lists) -> None:
    browser, some = lists.signed_in(), named("Tardif", 3)
    lists.applied(browser, *some, source="Tardive")
    page = lists.sent(browser, *some[:2], source="Tardive")
    press(browser, page, "Tardif 2", "plus-tard")
    applied(lists, browser, page)
    page = lists.sent(browser, some[0].replace("00 00", "00 90"), some[1], source="Tardive")
    applied(lists, browser, page)
    with read(lists.databases.staff) as session:
        file = session.get_one(SourceFile, UUID(page.rpartition("/")[2]))
        where = f"/gestion/sources/{file.source_id}/reponses"
    actor = ids(lists.runtime)["Tardif 2"]
    assert browser.post(where, data={"acteur": actor}).status_code == 303
    page = lists.sent(browser, some[0].replace("00 00", "00 91"), some[1], source="Tardive")
    assert unanswered(browser, page) == ""
