"""The same remark of many lines is said once, and leads to these lines."""

import re
from typing import Any

import pytest

from app.desk.imports.remarks import grouped
from app.lists.deposit_page import some_of_each
from app.lists.review import Narrowed, count
from app.models import Role
from app.platform.database.sessions import read
from app.visibility import OPERATOR
from importers.problems import CATEGORY_BY_NAME, UNKNOWN_CATEGORY
from importers.row import Problem
from tests.desk.imports.conftest import Lists
from tests.desk.imports.reviewing import named


def said(line: int, message: str, **more: Any) -> dict[str, Any]:
    plain = {"sheet": None, "line": line, "column": "Tél", "value": "", "masked": False}
    return plain | {"message": message, "fatal": False} | more


def test_equal_remarks_are_one_and_faults_come_first() -> None:
    found = grouped([
        said(1, "La feuille a un titre.", column=None),
        said(2, CATEGORY_BY_NAME, value="Pôle"),
        said(3, CATEGORY_BY_NAME, value="pôle"),
        said(4, UNKNOWN_CATEGORY, value="Autre"),
        *(said(line, "Ce numéro n'est pas valable.", value=f"0{line}") for line in range(5, 9)),
        said(9, "Le nom manque.", fatal=True),
        said(5, "Le nom manque.", fatal=True, column="Nom"),
    ])  # fmt: skip
    assert found.total == 10
    assert {name: [len(each.lines) for each in some] for name, some in found.groups.items()} == {
        "Lignes refusées": [1, 1],
        "À vérifier": [4, 1],
        "Pour information": [2, 0],
    }
    (many, _) = found.groups["À vérifier"]
    assert (many.place, found.at(4), found.at(3)) == (4, many, found.groups["À vérifier"][1])


@pytest.mark.slow
def test_a_remark_leads_to_its_lines(lists: Lists) -> None:
    browser = lists.signed_in()
    wrong = [f"Halte {n};Association;{n} rue R;93000;Bobigny;12{n};" for n in range(3)]
    page = lists.sent(browser, *named("Sans faute", 2), *wrong, ";ASE;1 rue C;93000;Bobigny;;")
    text = browser.get(page).text
    assert text.count("Ce numéro de téléphone n’est pas valable") == 2
    assert text.index("Lignes refusées") < text.index("À vérifier")
    found = re.search(r"<strong>3 lignes</strong>.*?href=\"([^\"]*remarque=\d+)\"", text, re.DOTALL)
    assert found
    shown = browser.get(found[1]).text
    assert [f"Halte {n}" in shown for n in range(3)] == [True] * 3
    assert "Sans faute" not in shown
    assert "Ce numéro de téléphone" in shown
    assert lists.signed_in(Role.REFERENT_DEPARTEMENT).get(f"{found[1]}999").status_code == 200


@pytest.mark.slow
def test_a_remark_of_many_lines_is_counted_and_read_whole(lists: Lists) -> None:
    browser, many = lists.signed_in(), 620
    lines = [f"Relais {n};Association;{n} rue L;93000;Bobigny;12;" for n in range(many)]
    page = lists.sent(browser, *lines, ";ASE;1 rue D;93000;Bobigny;;", source="Longue")
    text = browser.get(page).text
    assert re.search(r'id="remarques">.*?>2 remarques<', text)
    found = re.search(
        rf"<strong>{many} lignes</strong>.*?href=\"([^\"]*remarque=\d+)\"", text, re.DOTALL
    )
    assert found
    assert f"et {many - 100} autres : « Relire ces lignes » les montre toutes" in text
    assert f">{many} lignes</span></h1>" in browser.get(found[1]).text
    query = f"?{found[1].partition('?')[2]}"
    lists.answer(browser, page, "refuser.tous", query=query)
    assert f"{many} refusées" in browser.get(f"{page}/relire").text


def test_of_too_many_remarks_none_is_left_out_because_of_another() -> None:
    def wrong(line: int, message: str) -> Problem:
        return Problem(line=line, column="Tél", value=None, message=message, fatal=False)

    many = [wrong(line, "Ce numéro n'est pas valable.") for line in range(3_000)]
    few = [wrong(line, "Cet âge n'est pas valable.") for line in range(3_000, 3_010)]
    found = some_of_each([*many, *few], 1_000)
    assert (len(found), [*found[-10:]]) == (1_000, few)
    assert some_of_each(many, 3_000) == many


@pytest.mark.slow
def test_of_a_remark_that_is_there_no_more_nothing_is_decided(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Pas décidé", 2))
    lists.answer(browser, page, "accepter.tous", query="?remarque=999")
    assert "2 lignes à décider" in browser.get(f"{page}/relire").text


def test_the_lines_of_a_remark_are_found_however_many_it_has(lists: Lists) -> None:
    page = lists.sent(lists.signed_in(), *named("Nombreux", 3), source="Nombreuse")
    places = frozenset((0, line) for line in range(3, 40_000))
    with read(lists.databases.staff) as session:
        deposit = lists.stored(page).file_id
        assert count(session, OPERATOR, deposit, b"", Narrowed(places=places)) == 2


def test_an_unusable_line_says_the_same_where_it_is_corrected(lists: Lists) -> None:
    browser = lists.signed_in()
    one, two = named("Encore", 2)
    page = lists.sent(browser, one, two, one)
    repeated = "Cette ligne répète la ligne 2"
    text = browser.get(page).text
    assert repeated in text
    # As many remarks are said above as their sections have, whatever the number of lines.
    above = re.search(r'id="remarques">.*?(\d+) remarques?<', text)
    below = re.findall(r'id="remarques-\d">.*?(\d+) remarques?<', text)
    assert above
    assert int(above[1]) == sum(map(int, below))
    assert repeated in browser.get(f"{page}/relire?resultat=rejected").text
