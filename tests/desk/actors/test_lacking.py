"""Where something was not chosen, the page itself says what, and loses nothing that was."""

import re
from urllib.parse import urlencode

import httpx
import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_many import FORM
from tests.desk.bureau import Browser

LIST, PILE, TERRITORIES = "/gestion/acteurs", "/gestion/a-classer", "/gestion/territoires"


def send(browser: Browser, path: str, *given: tuple[str, str]) -> httpx.Response:
    return browser.ask("POST", path, FORM, content=urlencode(given))


def checked(page: str, name: str) -> list[str]:
    """Values of the boxes that are checked."""
    boxes = re.findall(rf'<input type="checkbox" name="{name}" value="(\w+)"([^>]*)>', page)
    return [value for value, rest in boxes if " checked" in rest]


def selected(page: str, name: str) -> str:
    """Return what is selected in a list of options."""
    options = page.partition(f'name="{name}"')[2].partition("</select>")[0]
    found = re.findall(r'<option value="([^"]*)" selected', options)
    return str(found[0]) if found else ""


def said(answer: httpx.Response) -> str:
    assert answer.status_code == 422
    (words,) = re.findall(r'<div class="desk-problem" role="alert".*?</div>', answer.text, re.S)
    return re.sub(r"<[^>]*>|\s+", " ", str(words))


def test_a_list_says_that_nobody_is_checked_and_keeps_the_rest(desk: Desk) -> None:
    browser = desk.signed_in()
    given = ("geste", "classer"), ("categorie", "association")
    answer = send(browser, f"{LIST}/lot?q=exemple&page=1", *given)
    assert "Aucun acteur n’est coché" in said(answer)
    # What to do next, on the page where one is already.
    assert "Cochez les acteurs, puis choisissez le geste" in said(answer)
    assert "Revenez" not in said(answer)
    assert 'value="exemple"' in answer.text
    assert selected(answer.text, "categorie") == ""
    bar = answer.text.partition('class="desk-many"')[2]
    assert selected(bar, "categorie") == "association"
    assert checked(answer.text, "acteur") == []


def test_a_list_says_that_a_category_is_missing_and_keeps_who_is_checked(desk: Desk) -> None:
    chosen = desk.ids()["CRIP d'exemple"]
    browser = desk.signed_in()
    answer = send(browser, f"{LIST}/lot", ("geste", "classer"), ("acteur", chosen))
    assert "Il manque la catégorie" in said(answer)
    assert checked(answer.text, "acteur") == [chosen]
    answer = send(browser, f"{LIST}/lot", ("geste", "classer"), ("portee", "page"), ("vu", chosen))
    assert selected(answer.text.partition('class="desk-many"')[2], "portee") == "page"


def test_a_pile_keeps_what_was_chosen_of_its_group(desk: Desk) -> None:
    browser = desk.signed_in()
    given = ("geste", "classer"), ("categorie", "association"), ("mot", "Machin")
    answer = send(browser, f"{LIST}/lot?depuis=a-classer", *given)
    assert "Aucun acteur n’est coché" in said(answer)
    assert "<h1>À classer" in answer.text
    group = answer.text.partition("« Machin »")[2].partition("</section>")[0]
    assert selected(group, "categorie") == "association"
    assert checked(group, "acteur") == []


@pytest.mark.parametrize("query", ["?q=exemple", "?depuis=a-classer"])
def test_the_address_of_such_a_page_leads_back(desk: Desk, query: str) -> None:
    browser = desk.signed_in()
    answer = browser.get(f"{LIST}/lot{query}")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(PILE if "depuis" in query else f"{LIST}?q=exemple")
    assert browser.get(answer.headers["location"]).status_code == 200


def test_territories_and_persons_that_were_chosen_stay(desk: Desk) -> None:
    person = desk.enrolled(Role.CURATEUR)
    browser = desk.signed_in_as(person)
    answer = send(browser, f"{TERRITORIES}?sans=curateur", ("territoire", "93"))
    assert "Cochez des territoires" in said(answer)
    assert checked(answer.text, "territoire") == ["93"]
    assert "Voir tous les territoires" in answer.text
    answer = send(browser, TERRITORIES, ("suppleant", str(person.id)))
    assert selected(answer.text, "suppleant") == str(person.id)
    assert selected(answer.text, "curateur") == ""
