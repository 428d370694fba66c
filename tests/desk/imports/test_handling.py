"""Colleagues say who looks after a list, and leave a note of it."""

import re
from html import unescape

import httpx
import pytest
from sqlalchemy import text

from app.lists import deposits
from app.models import Role
from app.platform.database.sessions import read, write
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import HERE, Lists
from tests.short_lists import CRIP

NOTE = "Le foyer de la rue Cachée a déménagé :\nrappeler <la source>."


@pytest.fixture(scope="module")
def page(lists: Lists) -> str:
    return lists.sent(lists.signed_in(), CRIP, source="Suivie")


def write_note(browser: Browser, page: str, text: str) -> httpx.Response:
    """Send the form of a note as the page of a list offers it now."""
    seen = re.search(r'name="vue" value="([^"]+)"', browser.get(page).text)
    data = {"texte": text} | ({"vue": unescape(seen[1])} if seen else {})
    return browser.post(f"{page}/note", data=data)


@pytest.mark.slow
def test_whoever_looks_after_a_list_is_named_to_colleagues(lists: Lists, page: str) -> None:
    first, second = lists.signed_in(), lists.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "Personne ne suit encore" in first.get(page).text
    assert first.post(f"{page}/suivre", data={"suivre": "true"}).status_code == 303
    assert "Vous suivez cette liste" in first.get(page).text
    assert "Camille Exemple suit cette liste" in second.get(page).text
    row = next(each for each in second.get(HERE).text.split("<tr ") if page in each)
    assert "Camille Exemple</td>" in row.split('data-title="Suivie par"')[1]
    second.post(f"{page}/suivre", data={"suivre": "true"})
    assert "Vous suivez cette liste" not in first.get(page).text
    second.post(f"{page}/suivre")
    assert "Personne ne suit encore" in first.get(page).text


def test_a_note_is_read_by_colleagues_and_stands_nowhere_in_clear(lists: Lists, page: str) -> None:
    browser, other = lists.signed_in(), lists.signed_in()
    assert write_note(browser, page, NOTE).status_code == 303
    shown = other.get(page).text
    assert "rappeler &lt;la source&gt;" in shown
    assert "Note de Camille Exemple" in shown
    stored = lists.stored(page).handling or b""
    assert b"Cach" not in stored
    write_note(other, page, "  ")
    assert "Note de" not in browser.get(page).text


def test_a_note_is_stored_without_what_nobody_sees(lists: Lists, page: str) -> None:
    browser = lists.signed_in()
    pasted = "\ufeffRappeler\u00a0:\r\nle 3\u202ff\u00e9vrier, \u200bmidi\u00ad\x1b."
    assert write_note(browser, page, pasted).status_code == 303
    assert ">Rappeler\u00a0:\nle 3\u202ff\u00e9vrier, midi.<" in browser.get(page).text


@pytest.mark.slow
def test_a_note_that_is_too_long_is_refused(lists: Lists, page: str) -> None:
    browser, given = lists.signed_in(), "x" * 1_001
    write_note(browser, page, "avant")
    answer = write_note(browser, page, given)
    assert answer.status_code == 422
    assert f">{given}</textarea>" in answer.text
    assert re.search(">avant<", browser.get(page).text)


def test_the_address_of_a_refused_note_leads_back_to_its_list(lists: Lists, page: str) -> None:
    browser = lists.signed_in()
    assert write_note(browser, page, "x" * 1_001).status_code == 422
    answer = browser.get(f"{page}/note")
    assert (answer.status_code, answer.headers["location"]) == (303, page)


@pytest.mark.slow
def test_a_note_that_its_author_has_not_read_is_not_written_over(lists: Lists, page: str) -> None:
    first, second = lists.signed_in(), lists.signed_in()
    write_note(first, page, "une note")
    refused = second.post(f"{page}/note", data={"texte": "la mienne"})
    assert refused.status_code == 409
    # Both are read, and the second one is saved from there.
    assert ">une note</p>" in refused.text
    assert ">la mienne</textarea>" in refused.text
    assert re.search(r'<details class="desk-more" open>', refused.text)
    seen = re.search(r'name="vue" value="([^"]+)"', refused.text)
    assert seen
    data = {"texte": "une note, et la mienne", "vue": unescape(seen[1])}
    assert second.post(f"{page}/note", data=data).status_code == 303
    assert write_note(second, page, "une autre").status_code == 303
    assert "une autre" in first.get(page).text


def test_of_a_list_of_others_nobody_says_anything(lists: Lists) -> None:
    lille = "Service de Lille;CRIP;3 rue Autre;59000;Lille;01 99 00 00 20;"
    page = lists.sent(lists.signed_in(), lille, source="Du Nord", territoire="59")
    for role, status in ((Role.REFERENT_DEPARTEMENT, 404), (Role.REFERENT_ETAT, 403)):
        browser = lists.signed_in(role)
        assert browser.post(f"{page}/suivre", data={"suivre": "true"}).status_code == status
        assert browser.post(f"{page}/note", data={"texte": "à moi"}).status_code == status
    assert lists.stored(page).handling is None


def test_a_note_goes_with_the_page_once_its_period_is_over(lists: Lists, page: str) -> None:
    browser = lists.signed_in()
    write_note(browser, page, NOTE)
    with write(lists.databases.staff) as session:
        deposits.forget_pages(session, [lists.stored(page).file_id])
    with read(lists.databases.staff) as session:
        left = session.scalar(text("SELECT count(handling) FROM deposit WHERE content IS NULL"))
    assert left == 0
