"""A list counts its rows, and one of them leaves: lines stay their actors, who left is known."""

from collections.abc import Sequence

import pytest

from app.lists.missing import missing
from app.platform.database.sessions import read
from app.records import acts
from app.visibility import OPERATOR
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import press
from tests.desk.imports.test_undo import stored, ties
from tests.makers import decide
from tests.short_lists import HEADER, ids, run

NAMES = ("Alpha", "Bravo", "Charlie")


def counted(names: Sequence[str], mark: str, phone: str = "") -> bytes:
    """Rows that are numbered from 1 on."""
    rows = (
        f"{number};{name} {mark};ASE;{ord(name[0])} rue {name} {mark};93300;Aubervilliers;{phone};"
        for number, name in enumerate(names, 1)
    )
    return "\r\n".join((f"Réf;{HEADER}", *rows)).encode("cp1252")


def absent(lists: Lists, mark: str) -> list[str]:
    with read(lists.databases.staff) as session:
        found = [each.name for each in missing(session, lists.vault, OPERATOR)]
    return sorted(each.removesuffix(f" {mark}") for each in found if each.endswith(f" {mark}"))


def applied(lists: Lists, browser: Browser, names: Sequence[str], mark: str) -> str:
    answer = lists.send(browser, counted(names, mark), source=mark)
    assert answer.status_code == 303, answer.text
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    assert lists.state(page) == "applied"
    return page


@pytest.mark.slow
@pytest.mark.parametrize("gone", NAMES)
def test_who_left_a_list_that_is_counted_anew_is_missing_and_nobody_else(
    lists: Lists, gone: str
) -> None:
    mark = f"compté {gone}"
    run(lists.runtime, counted(NAMES, mark), source=mark)
    left = [each for each in NAMES if each != gone]
    for _ in range(2):
        # As well by the next list, which says the same.
        summary = run(lists.runtime, counted(left, mark), source=mark)
        assert (summary.created, summary.missing) == (0, 1)
        assert absent(lists, mark) == [gone]
    run(lists.runtime, counted(left[1:], mark), source=mark)
    assert absent(lists, mark) == sorted([gone, left[0]])
    summary = run(lists.runtime, counted(NAMES, mark), source=mark)
    assert (summary.created, summary.missing) == (0, 0)
    assert absent(lists, mark) == []


@pytest.mark.slow
def test_a_line_that_is_left_out_of_a_list_counted_anew_stays_known(lists: Lists) -> None:
    mark, browser = "compté laissé", lists.signed_in()
    applied(lists, browser, NAMES, mark)
    answer = lists.send(browser, counted(NAMES[1:], mark, "01 97 00 15 02"), source=mark)
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    press(browser, page, f"Bravo {mark}", "refuser")
    assert lists.apply(browser, page, verifie="true").status_code == 303
    lists.work()
    assert absent(lists, mark) == ["Alpha"]
    summary = run(lists.runtime, counted(NAMES[2:], mark), source=mark)
    assert (summary.created, summary.missing) == (0, 2)
    assert absent(lists, mark) == ["Alpha", "Bravo"]


@pytest.mark.slow
def test_a_list_counted_anew_is_undone_whole(lists: Lists) -> None:
    mark, browser = "compté annulé", lists.signed_in()
    applied(lists, browser, NAMES, mark)
    before, tied = stored(lists), ties(lists)
    page = applied(lists, browser, NAMES[1:], mark)
    assert ties(lists) != tied
    lists.undo(browser, page)
    assert (stored(lists), ties(lists)) == (before, tied)
    assert absent(lists, mark) == []


@pytest.mark.slow
def test_who_has_no_number_any_more_is_known_as_somebody_else_with_theirs_is_left(
    lists: Lists,
) -> None:
    mark, browser = "compté corrigé", lists.signed_in()
    applied(lists, browser, NAMES, mark)
    answer = lists.send(browser, counted(NAMES[1:], mark, "01 97 00 15 01"), source=mark)
    lists.work()
    page = answer.headers["location"].partition("?")[0]
    lists.apply(browser, page, verifie="true")
    lists.work()
    assert absent(lists, mark) == ["Alpha"]
    public_id = ids(lists.runtime)[f"Bravo {mark}"]
    decide(lists.runtime, acts.protect, public_id, secret=False, who="essai", why="essai")
    lists.undo(browser, page)
    assert lists.state(page) == "undone"
    assert absent(lists, mark) == []
    summary = run(lists.runtime, counted(NAMES[1:], mark), source=mark)
    assert (summary.created, summary.missing) == (0, 1)
    assert absent(lists, mark) == ["Alpha"]
