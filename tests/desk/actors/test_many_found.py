"""One thing done to a whole page, or to all that a list finds, as its reader saw it."""

import re
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest

from app.models import Role
from app.records import many
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_many import FORM, record, said, taken_back
from tests.desk.bureau import Browser

HIDDEN = ("Foyer fictif", "Foyer de Lille", "Structure inconnue", "Association voisine")


def form_of(page: str) -> list[tuple[str, str]]:
    """The hidden fields that a page sends with any deed."""
    form = page.split('class="desk-many"')[1].split("</form>")[0]
    return re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)


def do_all(
    browser: Browser, deed: str, scope: str, query: str = "", page: str = ""
) -> httpx.Response:
    """Send the form of a list without a box of it checked."""
    given = [("geste", deed), ("portee", scope), ("categorie", "association")]
    given += form_of(page or browser.get(f"/gestion/acteurs?{query}").text)
    return browser.ask("POST", f"/gestion/acteurs/lot?{query}", FORM, content=urlencode(given))


@pytest.mark.slow
def test_a_page_is_what_its_reader_saw_without_a_box_checked(desk: Desk) -> None:
    browser = desk.signed_in()
    answer = do_all(browser, "verifier", "page", "q=exemple")
    assert said(browser, answer) == "2 vérifiés."
    assert record(desk, "CRIP d'exemple")[3] is not None
    assert record(desk, "Foyer fictif")[3] is None
    assert taken_back(browser, answer) == "2 remis comme avant."


def test_all_that_is_found_is_looked_for_again_by_true_names_too(desk: Desk) -> None:
    browser = desk.signed_in()
    answer = do_all(browser, "verifier", "tous", "q=foyer")
    assert dict(parse_qsl(answer.headers["location"].split("?")[1]))["q"] == "foyer"
    assert said(browser, answer) == "2 vérifiés."
    assert record(desk, "Foyer de Lille")[3] is not None
    assert record(desk, "ASE d'exemple")[3] is None
    assert taken_back(browser, answer) == "2 remis comme avant."


def test_what_is_found_otherwise_than_it_was_read_is_left_alone(desk: Desk) -> None:
    browser = desk.signed_in()
    read = browser.get("/gestion/acteurs?q=foyer").text
    answer = do_all(browser, "archiver", "tous", "", page=read)
    assert answer.status_code == 409
    assert "Rien n’a été fait" in answer.text
    assert desk.status(desk.ids()["CRIP d'exemple"]) == "published"


def test_others_in_the_place_of_those_that_were_read_are_left_alone(desk: Desk) -> None:
    browser = desk.signed_in()
    read = browser.get("/gestion/acteurs?q=association+libre").text
    answer = do_all(browser, "archiver", "tous", "q=crip", page=read)
    assert answer.status_code == 409
    assert desk.status(desk.ids()["CRIP d'exemple"]) == "published"


def test_more_than_one_deed_may_touch_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.desk.actors.lot_routes.MOST_FOUND", 3)
    browser = desk.signed_in()
    answer = do_all(browser, "archiver", "tous")
    assert answer.status_code == 422
    assert "plus de 3 acteurs" in answer.text
    assert many.MOST_FOUND == 500


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["publier", "classer", "verifier", "archiver", "lever"])
def test_nothing_done_to_all_publishes_what_is_hidden(desk: Desk, deed: str) -> None:
    browser = desk.signed_in()
    before = {name: record(desk, name)[2] for name in HIDDEN}
    answer = do_all(browser, deed, "tous", "masque=oui")
    if deed == "lever":
        assert answer.status_code == 422
        return
    if "lot=" in answer.headers["location"]:
        after = {name: record(desk, name)[2] for name in HIDDEN}
        # Who was hidden for want of a category has one now; whatever houses children stays hidden.
        assert after == before | ({"Structure inconnue": ""} if deed == "classer" else {})
        taken_back(browser, answer)
    assert {name: record(desk, name)[2] for name in HIDDEN} == before


@pytest.mark.slow
def test_all_that_somebody_finds_is_what_they_may_change(desk: Desk) -> None:
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = do_all(browser, "verifier", "tous")
    said(browser, answer)
    assert record(desk, "Foyer fictif")[3] is not None
    assert record(desk, "Foyer de Lille")[3] is None
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert "2 refusés (hors" in said(
        state, do_all(state, "archiver", "tous", "etat=publie&categorie=proteger")
    )
