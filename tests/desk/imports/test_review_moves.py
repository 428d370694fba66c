"""A line is decided of as it was shown, and the page that follows shows what comes next."""

import re

import pytest
from sqlalchemy import func, select, update

from app.models import Deposit, DepositLine
from app.platform.database.sessions import read, write
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists, form_of, seen_in
from tests.desk.imports.reviewing import row_of


def named(prefix: str, count: int = 3) -> list[str]:
    return [
        f"{prefix} {n};ASE;{n + 1} rue {prefix};93300;Aubervilliers;01 98 10 {n:02} 00;"
        for n in range(count)
    ]


def decisions(lists: Lists, page: str) -> list[str | None]:
    with read(lists.databases.staff) as session:
        here = DepositLine.file_id == lists.stored(page).file_id
        return list(
            session.scalars(select(DepositLine.decision).where(here).order_by(DepositLine.number))
        )


@pytest.mark.slow
def test_a_list_that_was_read_anew_since_is_not_decided_of(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Relu", 2), source="Relue deux fois")
    seen = seen_in(browser.get(f"{page}/relire").text)
    with write(lists.databases.staff) as session:
        here = Deposit.file_id == lists.stored(page).file_id
        session.execute(update(Deposit).where(here).values(at=func.clock_timestamp()))
    refused = lists.answer(browser, page, "accepter.tous", vu=seen)
    assert refused.status_code == 409
    assert "relue" in refused.text
    assert decisions(lists, page) == [None, None]
    assert browser.post(f"{page}/relire", data={"geste": "accepter.tous"}).status_code == 422


@pytest.mark.slow
def test_what_is_applied_is_what_was_decided_as_it_was_shown(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Compté", 3), source="Comptée")
    text = browser.get(f"{page}/relire").text
    some = re.findall(r'id="l-([0-9a-f-]+)"', text)
    lists.answer(browser, page, f"accepter.{some[0]}")
    shown = form_of(browser, page)
    lists.answer(browser, page, f"accepter.{some[1]}")
    refused = browser.post(f"{page}/appliquer", data=shown)
    assert refused.status_code == 409
    assert "dans une autre fenêtre" in refused.text
    assert lists.state(page) == "ready"
    again = form_of(browser, page)
    assert browser.post(f"{page}/appliquer", data=again).status_code == 303


@pytest.mark.slow
def test_a_deed_of_an_unknown_scope_does_nothing(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Portée", 2), source="Portée")
    for scope in ("", ".", ".autres", ".TOUS", ".tous.page"):
        assert lists.answer(browser, page, f"accepter{scope}").status_code == 303
    assert decisions(lists, page) == [None, None]
    lists.answer(browser, page, "accepter.tous")
    assert decisions(lists, page) == ["accept", "accept"]


@pytest.mark.slow
def test_a_filter_that_is_no_text_filters_nothing(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Illisible", 2), source="Illisible")
    for name in ("champ", "resultat", "etat", "categorie", "commune"):
        answered = browser.get(f"{page}/relire?{name}=%00")
        assert answered.status_code == 200
        assert "Illisible 1" in answered.text


@pytest.mark.slow
def test_communes_are_named_as_insee_writes_them_however_a_list_does(lists: Lists) -> None:
    browser = lists.signed_in()
    lines = (
        f"Criée {number};Association;;93000;{town};"
        for number, town in enumerate(("BOBIGNY", "bobigny"))
    )
    page = lists.sent(browser, *lines, source="Criée")
    [offered] = re.findall(r'<option value="93008[^>]*>([^<]+)', browser.get(f"{page}/relire").text)
    assert "Bobigny" in offered
    assert "2" in offered


@pytest.mark.slow
def test_after_the_last_line_of_a_page_the_next_page_follows(lists: Lists) -> None:
    browser = lists.signed_in()
    page = lists.sent(browser, *named("Suivi", 54), source="Suivie")
    assert "Suivi 53" in browser.get(f"{page}/relire?page=9").text
    text = browser.get(f"{page}/relire").text
    some = re.findall(r'id="l-([0-9a-f-]+)"', text)
    assert len(some) == 50
    after = lists.answer(browser, page, f"refuser.{some[-1]}", page="1").headers["location"]
    way, _, anchor = after.partition("#")
    assert "page=2" in way
    assert f'id="{anchor}"' in browser.get(way).text
    after = lists.answer(browser, page, f"refuser.{some[0]}", page="1").headers["location"]
    assert "page=" not in after
    waiting = f"{page}/relire?etat=none"
    some = re.findall(r'id="l-([0-9a-f-]+)"', browser.get(waiting).text)
    refused = lists.answer(browser, page, f"refuser.{some[-1]}", query="?etat=none", page="1")
    way, _, anchor = refused.headers["location"].partition("#")
    assert f'id="{anchor}"' in browser.get(way).text


@pytest.mark.slow
def test_of_two_who_decide_of_one_line_the_later_is_asked_to_read_the_first(lists: Lists) -> None:
    first, second = lists.signed_in(), lists.signed_in()
    page = lists.sent(first, *named("Deux mains"), source="Deux mains")
    name = "Deux mains 1"
    line = re.findall(r'id="l-([0-9a-f-]+)"', row_of(first, page, name))[0]

    def read(browser: Browser) -> dict[str, str]:
        text = browser.get(f"{page}/relire").text
        (seen,) = re.findall(r'name="lu" value="([^"]+)"', text)
        return {"vu": seen_in(text), "lu": seen.replace("&#43;", "+")}

    def decide(browser: Browser, deed: str, given: dict[str, str], **more: str) -> int:
        return browser.post(f"{page}/relire", data=given | {"geste": deed} | more).status_code

    as_read = read(second)
    assert decide(first, f"refuser.{line}", read(first)) == 303
    assert decide(second, f"accepter.{line}", as_read) == 409
    assert decide(second, "accepter.choisies", as_read, ligne=line) == 409
    assert "Refusée" in row_of(second, page, name)
    # Who decides the same, of another line, or of many that are left, is stopped by nothing.
    assert decide(second, f"refuser.{line}", as_read) == 303
    assert decide(second, "accepter.tous", as_read) == 303
    assert "Refusée" in row_of(second, page, name)
    # Whoever has read it decides.
    assert decide(first, f"accepter.{line}", as_read) == 409
    assert decide(first, f"accepter.{line}", read(first)) == 303
    assert decide(first, f"annuler.{line}", as_read) == 303
