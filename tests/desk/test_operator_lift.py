"""What an operator hid by its code: two people of the desk show it again, and nothing else does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from app.audit.journal import Author
from app.models import Actor
from app.platform.database.sessions import read, write
from app.records import acts, many, many_hidden
from app.records.accords import TwoNeeded
from app.visibility import OPERATOR
from geo.zones import paris_day
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import Home, sent


def lift(curateur: Browser, page: str) -> int:
    given = {"accord": f"{paris_day():%d/%m/%Y}", "pourquoi": "Rappelé : le danger est passé."}
    return curateur.post(f"{page}/lever", given).status_code


@pytest.mark.slow
def test_two_people_lift_it_and_neither_alone_whatever_the_setting(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    sent(bureau, code)
    settings = bureau.app.state.desk.settings
    assert lift(curateur, home.opened(curateur)) == 303
    assert not home.is_public()
    assert curateur.post(f"{home.page}/lever/confirmer").status_code == 403
    assert not home.is_public()
    other = bureau.signed_in()
    home.opened(other)
    assert other.post(f"{home.page}/lever/confirmer").status_code == 303
    assert home.is_public()
    # The same code hides it again, and ends what was judged.
    assert sent(bureau, code)[0] == 200
    assert not home.is_public()
    alone = bureau.app.state.desk
    try:
        bureau.app.state.desk = replace(
            alone, settings=settings.model_copy(update={"four_eyes": False})
        )
        assert lift(curateur, home.opened(curateur)) == 303
        assert not home.is_public()
    finally:
        bureau.app.state.desk = alone
    with write(bureau.databases.staff) as session:
        publish = partial(acts.unprotect, session, bureau.vault, home.public_id)
        with pytest.raises(TwoNeeded):
            publish(who="os:essai", why="essai", consent=paris_day())


@pytest.mark.slow
def test_a_sheet_says_that_two_are_needed_and_offers_nothing_that_must_fail(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    sent(bureau, home.code(curateur))
    shown = curateur.get(home.opened(curateur)).text
    assert f"<strong>{home.phone.replace(' ', '')}" in "".join(shown.split())
    assert "Rendre public" not in shown
    assert "il faut deux personnes" in shown
    assert f'Demandez la levée par <a href="{home.page}/lever">' in shown
    # A page that was open before still has the button: what it leads to leads back to the sheet.
    given = {"contact": f"+33{home.phone[1:].replace(' ', '')}", "pourquoi": "essai"}
    answer = curateur.post(f"{home.page}/contact", given)
    assert answer.status_code == 403
    assert f'href="{home.page}">Lire la fiche' in answer.text
    lift(curateur, home.page)
    assert "La levée est demandée" in curateur.get(home.page).text


@pytest.mark.slow
def test_two_who_confirm_at_once_lift_it_once(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    sent(bureau, home.code(curateur))
    assert lift(curateur, home.opened(curateur)) == 303
    others = [bureau.signed_in() for _ in range(3)]
    for each in others:
        home.opened(each)
    path = f"{home.page}/lever/confirmer"
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda each: each.post(path).status_code, others))
    assert found.count(303) == 1


@pytest.mark.slow
def test_a_code_sent_while_a_lift_is_asked_ends_the_demand(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code = home.code(curateur)
    sent(bureau, code)
    lift(curateur, home.opened(curateur))
    sent(bureau, code)
    other = bureau.signed_in()
    home.opened(other)
    assert other.post(f"{home.page}/lever/confirmer").status_code == 409
    assert not home.is_public()


@pytest.mark.parametrize("by", ["list", "contact", "publish", "set_aside", "confirm", "classify"])
def test_no_list_and_no_act_of_one_person_lifts_it(
    bureau: Bureau, home: Home, curateur: Browser, by: str
) -> None:
    sent(bureau, home.code(curateur))
    author = Author("essai")
    deeds = {
        "publish": many.PUBLISH,
        "set_aside": many_hidden.SET_ASIDE,
        "confirm": many_hidden.CONFIRM,
        "classify": many.classify_as("paej"),
    }
    if by == "list":
        home.list("01 99 00 00 62")
    elif by == "contact":
        page = home.opened(curateur)
        given = {"contact": f"+33{home.phone[1:].replace(' ', '')}", "pourquoi": "essai"}
        assert curateur.post(f"{page}/contact", given).status_code == 403
    else:
        with write(bureau.databases.staff) as session:
            given_to = [home.public_id]
            many.do(session, bureau.vault, OPERATOR, author, given_to, deeds[by])
    assert not home.is_public()
    with read(bureau.databases.staff) as session:
        actor = session.get_one(Actor, home.id)
        assert (actor.protected, actor.phones) == (True, [])


def test_who_is_archived_is_hidden_too_and_stays_so_when_it_opens_again(
    bureau: Bureau, home: Home, curateur: Browser
) -> None:
    code, author = home.code(curateur), Author("essai")
    with write(bureau.databases.staff) as session:
        many.do(session, bureau.vault, OPERATOR, author, [home.public_id], many.ARCHIVE)
    assert sent(bureau, code)[0] == 200
    home.list("01 99 00 00 63")
    with write(bureau.databases.staff) as session:
        many.do(session, bureau.vault, OPERATOR, author, [home.public_id], many.REOPEN)
    assert not home.is_public()
