"""Each territory has a curateur and a stand-in, who find it first; nobody sees less by it."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select

from app.accounts import assigning, ending, people
from app.accounts.rights import delete_account
from app.models import Role, TerritoryCurateur
from app.platform.database.sessions import read, write
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_many import FORM
from tests.desk.bureau import Browser, Person
from tests.meanwhile import is_blocked, until

PAGE = "/gestion/territoires"


def give(browser: Browser, codes: list[str], **who: str) -> httpx.Response:
    given = [*(("territoire", code) for code in codes), *who.items()]
    return browser.ask("POST", PAGE, FORM, content=urlencode(given))


def looked_after(desk: Desk, person: Person) -> dict[str, bool]:
    """Territory -> whether somebody stands in there only."""
    with read(desk.databases.staff) as session:
        rows = session.scalars(select(TerritoryCurateur).filter_by(account_id=person.id))
        return {row.territory_code: row.stand_in for row in rows}


def signed_in(desk: Desk) -> tuple[Person, Browser]:
    """A curateur, and their browser."""
    person = desk.enrolled(Role.CURATEUR)
    return person, desk.signed_in_as(person)


def test_territories_are_given_to_a_curateur_and_a_stand_in(desk: Desk) -> None:
    (one, browser), (other, _) = signed_in(desk), signed_in(desk)
    answer = give(browser, ["93", "75"], curateur=str(one.id), suppleant=str(other.id))
    assert answer.headers["location"] == f"{PAGE}?fait=2"
    assert "2 territoires sont attribués." in browser.get(f"{PAGE}?fait=2").text
    assert looked_after(desk, one) == {"93": False, "75": False}
    assert looked_after(desk, other) == {"93": True, "75": True}
    give(browser, ["75"], suppleant="personne")
    assert looked_after(desk, other) == {"93": True}
    give(browser, ["75"], curateur=str(other.id))
    assert looked_after(desk, one) == {"93": False}


@pytest.mark.slow
def test_today_and_the_list_have_ones_own_territories_first(desk: Desk) -> None:
    one, browser = signed_in(desk)
    assert "Mes territoires" not in browser.get("/gestion").text
    assert "Mes territoires" not in browser.get("/gestion/acteurs").text
    give(browser, ["59"], curateur=str(one.id))
    text = browser.get("/gestion").text
    assert text.index("Mes territoires") < text.index("Toute la France")
    listed = browser.get("/gestion/acteurs?territoire=miens").text
    assert "Foyer de Lille" in listed
    assert "Foyer fictif" not in listed
    assert '<option value="miens" selected>Mes territoires (1)</option>' in listed
    assert "Foyer fictif" in browser.get("/gestion/acteurs").text
    for path in re.findall(r'href="(/gestion/[^"]*territoire=miens)"', text):
        assert browser.get(path.replace("&amp;", "&")).status_code == 200


def test_today_says_how_many_territories_have_no_curateur(desk: Desk) -> None:
    one, browser = signed_in(desk)
    text = browser.get("/gestion").text
    (before,) = re.findall(r">(\d+)</strong> territoires n’ont pas de curateur", text)
    give(browser, ["2A"], suppleant=str(one.id))
    assert f">{before}</strong> territoires" in browser.get("/gestion").text
    give(browser, ["2A"], suppleant="personne", curateur=str(one.id))
    assert f">{int(before) - 1}</strong> territoires" in browser.get("/gestion").text
    assert "Corse-du-Sud" not in browser.get(f"{PAGE}?sans=curateur").text


def listed(browser: Browser, **asked: str) -> list[str]:
    """The codes of the territories that the page shows."""
    text = browser.get(f"{PAGE}?{urlencode(asked)}").text
    return re.findall(r'name="territoire" value="(\w+)"', text)


def test_a_territory_is_found_by_words_of_its_name_or_by_its_code(desk: Desk) -> None:
    one, browser = signed_in(desk)
    assert listed(browser, q="seine sa") == ["93"]
    assert listed(browser, q="Rhône") == ["13", "69"]
    assert listed(browser, q="2a") == ["2A"]
    assert listed(browser, q="eine") == []
    assert "Aucun territoire ne répond à « eine »." in browser.get(f"{PAGE}?q=eine").text
    assert len(listed(browser, q=" ")) == len(listed(browser)) > 100
    chosen = urlencode({"territoire": "69", "curateur": str(one.id)})
    answer = browser.ask("POST", f"{PAGE}?q=Rh%C3%B4ne&sans=curateur", FORM, content=chosen)
    assert answer.headers["location"] == f"{PAGE}?q=Rh%C3%B4ne&sans=curateur&fait=1"
    assert listed(browser, q="Rhône", sans="curateur") == ["13"]


def test_what_is_wrong_changes_nothing(desk: Desk) -> None:
    one, browser = signed_in(desk)
    referent = desk.enrolled(Role.REFERENT_DEPARTEMENT)
    for codes, who in (
        (["93"], {"curateur": str(one.id), "suppleant": str(one.id)}),
        (["93"], {"curateur": str(referent.id)}),
        (["93"], {"curateur": "x"}),
        (["93"], {}),
        ([], {"curateur": str(one.id)}),
        (["xx"], {"curateur": str(one.id)}),
    ):
        assert give(browser, codes, **who).status_code == 422
    assert looked_after(desk, one) == {}


@pytest.mark.parametrize("end", ["disable", "role", "delete"])
def test_a_territory_is_left_by_an_account_that_ends(desk: Desk, end: str) -> None:
    (one, _), (_, browser) = signed_in(desk), signed_in(desk)
    give(browser, ["33"], curateur=str(one.id))
    assert looked_after(desk, one)
    with write(desk.databases.staff) as session:
        account = people.get(session, one.id)
        if end == "disable":
            ending.disable(session, account, desk.clock.at)
        elif end == "role":
            ending.change_role(session, account, Role.REFERENT_ETAT, ["33"], desk.clock.at)
        else:
            delete_account(session, account, desk.clock.at)
    assert looked_after(desk, one) == {}


def test_two_who_give_one_territory_at_once_go_one_after_the_other(desk: Desk) -> None:
    (one, browser), (other, _) = signed_in(desk), signed_in(desk)
    with ThreadPoolExecutor(1) as pool:
        with write(desk.databases.staff) as session:
            assigning.assign(session, ["34"], {False: one.id})
            answer = pool.submit(give, browser, ["34"], curateur=str(other.id))
            until(lambda: is_blocked(desk.databases.staff))
        assert answer.result().status_code == 303
    assert looked_after(desk, one) == {}
    assert looked_after(desk, other) == {"34": False}


@pytest.mark.parametrize("end", ["disable", "role"])
def test_no_territory_is_given_to_an_account_that_ends_meanwhile(desk: Desk, end: str) -> None:
    (one, _), (_, browser) = signed_in(desk), signed_in(desk)
    with ThreadPoolExecutor(1) as pool:
        with write(desk.databases.staff) as session:
            account = people.get(session, one.id)
            if end == "disable":
                ending.disable(session, account, desk.clock.at)
            else:
                ending.change_role(session, account, Role.REFERENT_ETAT, ["33"], desk.clock.at)
            session.flush()
            answer = pool.submit(give, browser, ["35"], curateur=str(one.id))
            until(lambda: is_blocked(desk.databases.staff))
        assert answer.result().status_code == 422
    assert looked_after(desk, one) == {}


def test_no_referent_reads_or_gives_territories(desk: Desk) -> None:
    one = desk.enrolled(Role.CURATEUR)
    for role in (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT):
        browser = desk.signed_in(role)
        assert browser.get(PAGE).status_code == 403
        assert give(browser, ["93"], curateur=str(one.id)).status_code == 403
    assert give(desk.signed_in(Role.ADMINISTRATEUR), ["44"], curateur=str(one.id)).is_redirect
