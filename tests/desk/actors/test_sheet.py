"""The sheet of an actor: masked until it is opened, which is noted, for a quarter of an hour."""

import html
import re

import pytest
from sqlalchemy import text

from app.models import Role
from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.bureau import Browser
from tests.short_lists import HEADER, csv, run

SECRETS = ("10 rue Cachée", "01 99 00 00 10", "foyer@example.org", "rue Cach")


def url(desk: Desk, name: str) -> str:
    return f"/gestion/acteurs/{desk.ids()[name]}"


def journal(desk: Desk, action: str) -> int:
    with read(desk.databases.staff) as session:
        asked = text("SELECT count(*) FROM audit_entry WHERE action = :action")
        return int(session.scalar(asked, {"action": action}) or 0)


def opened(desk: Desk, browser: Browser, name: str) -> str:
    """Open the record of an actor, and return its sheet."""
    address = url(desk, name)
    answer = browser.post(f"{address}/ouvrir")
    assert answer.status_code == 303
    return browser.get(address).text


@pytest.mark.slow
def test_what_is_open_to_all_is_read_at_once_with_its_source(desk: Desk) -> None:
    page = desk.signed_in().get(url(desk, "CRIP d'exemple")).text
    assert "01 99 00 00 01" in page
    assert "crip@example.org" in page
    assert "Ouvrir la fiche" not in page
    assert "Bobigny (93008)" in page
    assert "Seine-Saint-Denis (93)" in page
    link = re.search(r'href="(/gestion/acteurs/\w+/recu\?[^"]+)"', page)
    assert link
    line = desk.signed_in().get(link[1].replace("&amp;", "&")).text
    cells = dict(re.findall(r'<th scope="row">(.*?)</th><td class="desk-lines">(.*?)</td>', line))
    assert list(cells) == HEADER.split(";")
    assert cells["Adresse"] == "1 rue de l&#39;Exemple"
    assert "liste.csv" in line


def test_what_a_sheet_lacks_leads_to_its_field_of_the_form(desk: Desk) -> None:
    browser = desk.signed_in()
    address = url(desk, "CRIP d'exemple")
    page = browser.get(address).text
    lacking = dict(
        re.findall(rf'href="{address}/modifier\?champ=(\w+)" data-key="e">(\w+)</a>', page)
    )
    assert lacking["opening_hours"] == "Horaires"
    assert "phones" not in lacking
    assert "champ=" not in browser.get(url(desk, "Foyer fictif")).text


def test_a_protected_one_shows_its_name_and_commune_until_it_is_opened(desk: Desk) -> None:
    browser = desk.signed_in()
    page = browser.get(url(desk, "Foyer fictif")).text
    assert "Foyer fictif" in page
    assert "Bobigny" in page
    assert not [secret for secret in SECRETS if secret in page]
    before = journal(desk, "actor_opened")
    page = opened(desk, browser, "Foyer fictif")
    assert all(secret in page for secret in SECRETS)
    assert journal(desk, "actor_opened") == before + 1
    # Opened already: nothing more to note.
    browser.post(f"{url(desk, 'Foyer fictif')}/ouvrir")
    assert journal(desk, "actor_opened") == before + 1
    other = desk.signed_in().get(url(desk, "Foyer fictif")).text
    assert not [secret for secret in SECRETS if secret in other]


def test_whoever_signs_out_has_nothing_open_any_more(desk: Desk) -> None:
    person = desk.enrolled()
    browser = desk.signed_in_as(person)
    assert "10 rue Cachée" in opened(desk, browser, "Foyer fictif")
    browser.post("/connexion/sortir")
    again = desk.signed_in_as(person).get(url(desk, "Foyer fictif")).text
    assert "Ouvrir la fiche" in again
    assert "10 rue Cachée" not in again


def test_whoever_signs_in_again_has_nothing_open(desk: Desk) -> None:
    person = desk.enrolled()
    assert "10 rue Cachée" in opened(desk, desk.signed_in_as(person), "Foyer fictif")
    again = desk.browser()
    assert desk.try_door(again, person).headers["location"] == "/gestion"
    text = again.get(url(desk, "Foyer fictif")).text
    assert "Ouvrir la fiche" in text
    assert "10 rue Cachée" not in text
    assert "10 rue Cachée" in opened(desk, again, "Foyer fictif")


def test_a_masked_one_does_not_say_beside_whom_it_stands(desk: Desk) -> None:
    browser = desk.signed_in()
    text = browser.get(url(desk, "Association voisine")).text
    assert "partage l’adresse avec un lieu protégé" in text
    assert "Foyer fictif" not in text
    assert "Foyer fictif" in opened(desk, browser, "Association voisine")


def test_an_opening_lasts_a_quarter_of_an_hour(desk: Desk) -> None:
    browser = desk.signed_in()
    assert "10 rue Cachée" in opened(desk, browser, "Foyer fictif")
    desk.clock.pass_by(minutes=16)
    assert "10 rue Cachée" not in browser.get(url(desk, "Foyer fictif")).text


@pytest.mark.parametrize("part", ["", "/historique", "/comparer?de=1&a=1", "/proteger", "/lever"])
def test_no_page_of_a_masked_one_says_where_it_is(desk: Desk, part: str) -> None:
    page = desk.signed_in().get(f"{url(desk, 'Foyer fictif')}{part}").text
    assert not [secret for secret in SECRETS if secret in page]


def test_the_state_reads_of_a_home_what_the_public_reads(desk: Desk) -> None:
    page = desk.signed_in(Role.REFERENT_ETAT).get(url(desk, "Foyer fictif"))
    assert page.status_code == 200
    assert "Vous lisez de cet acteur ce que le public en lit" in page.text
    assert "Foyer fictif" not in page.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        (Role.REFERENT_DEPARTEMENT, "Foyer fictif", 200),
        (Role.REFERENT_DEPARTEMENT, "Foyer de Lille", 404),
        (Role.REFERENT_ETAT, "Association libre", 200),
        (Role.ADMINISTRATEUR, "Association libre", 403),
        (Role.CURATEUR, "Foyer de Lille", 200),
    ],
)
def test_each_role_reads_what_it_works_on(desk: Desk, role: Role, name: str, status: int) -> None:
    browser = desk.signed_in(role)
    address = url(desk, name)
    assert browser.get(address).status_code == status
    assert browser.post(f"{address}/ouvrir").status_code == (303 if status == 200 else status)
    if status != 200:
        for part in ("proteger", "lever", "retablir", "contact", "lever/confirmer"):
            sent = {"pourquoi": "x", "contact": "x", "version": "1", "vue": "1"}
            assert browser.post(f"{address}/{part}", data=sent).status_code in {403, 404}


@pytest.mark.parametrize(
    ("role", "known"),
    [(Role.CURATEUR, True), (Role.REFERENT_DEPARTEMENT, False), (Role.REFERENT_ETAT, False)],
)
def test_a_list_is_named_to_who_may_know_of_it(desk: Desk, role: Role, known: bool) -> None:
    named = "Association des Tilleuls;Association;7 rue Claire;93000;Bobigny;01 99 00 00 75;"
    run(desk.runtime, csv(named), "Lilas.csv", source="Foyer des Lilas", territory=None)
    browser = desk.signed_in(role)
    page = browser.get(url(desk, "Association des Tilleuls")).text
    (line,) = set(re.findall(r'href="([^"]*/recu\?[^"]*)"', page))
    received = browser.get(html.unescape(line))
    assert received.status_code == 200
    for shown in (page, received.text):
        assert ("Lilas" in shown) == known
        assert ("Une liste" in shown) != known
    assert "7 rue Claire" in received.text


@pytest.mark.slow
def test_each_field_leads_to_where_it_is_corrected(desk: Desk) -> None:
    browser = desk.signed_in()
    page = browser.get(url(desk, "CRIP d'exemple")).text
    # Keys go on from what is known to what is not.
    assert re.search(r'<span data-row><a href="[^"]+champ=website" data-key="e">', page)
    links = re.findall(r'href="(/gestion/acteurs/\w+/modifier\?champ=(\w+))"', page)
    wanted = {"name", "category", "phones", "emails", "address", "territory"}
    assert wanted <= {field for _, field in links}
    for link, field in links:
        form = browser.get(link).text
        assert re.findall(r'id="(\w+)"[^>]* autofocus', form) == [field]


def test_an_age_of_nought_is_as_public_as_any_other(desk: Desk) -> None:
    browser = desk.signed_in()
    correct(browser, desk.ids()["ASE d'exemple"], age_min="0", age_max="17")
    page = browser.get(url(desk, "ASE d'exemple")).text
    for label in ("Âge minimum", "Âge maximum"):
        line = page.partition(f"</span>{label}</a></th>")[2].partition("</tr>")[0]
        assert ">public<" in line, label


@pytest.mark.parametrize("given", ["x", "0" * 500, "%00", "é", "'", "1%20OR%201"])
def test_what_is_no_actor_is_not_found(desk: Desk, given: str) -> None:
    assert desk.signed_in().get(f"/gestion/acteurs/{given}").status_code in {404, 303}


def test_a_line_of_somebody_else_is_not_shown(desk: Desk) -> None:
    browser = desk.signed_in()
    page = browser.get(url(desk, "CRIP d'exemple")).text
    link = re.search(r'href="/gestion/acteurs/\w+/recu\?([^"]+)"', page)
    assert link
    asked = link[1].replace("&amp;", "&")
    assert browser.get(f"{url(desk, 'Association libre')}/recu?{asked}").status_code == 404


def test_versions_to_compare_are_offered_with_their_day_and_author(desk: Desk) -> None:
    browser = desk.signed_in()
    correct(browser, desk.ids()["Association libre"], acronym="AL")
    page = browser.get(f"{url(desk, 'Association libre')}/historique").text
    offered = re.findall(r'<option value="(\d+)"(?: selected)?>([^<]*)</option>', page)
    assert [number for number, _ in offered] == ["2", "1"] * 2
    assert all(re.fullmatch(r"\d, \w+ le \d\d/\d\d/\d{4}(, \S.*)?", each) for _, each in offered)
    assert offered[0][1].endswith("Camille Exemple")
