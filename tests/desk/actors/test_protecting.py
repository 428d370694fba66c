"""Protecting takes one person and a reason; publishing what is hidden takes two."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.models import Actor, Role
from app.platform.database.sessions import read
from geo.zones import paris_day
from tests.desk.actors.conftest import Desk
from tests.desk.actors.forms import correct
from tests.desk.actors.test_sheet import journal, opened, url
from tests.desk.bureau import Browser
from tests.short_lists import csv, run

CONSENT = {"accord": "01/06/2026", "pourquoi": "Accord écrit vu"}


def listed(desk: Desk, name: str) -> str:
    """Send an association of that name, and return its sheet's address."""
    line = (
        f"{name};Association;{len(name)} rue Longue;93300;Aubervilliers;;a{len(name)}@example.org"
    )
    run(desk.runtime, csv(line), source=name, territory=None)
    return url(desk, name)


def shelter(desk: Desk, name: str) -> str:
    line = f"{name};MECS;{len(name)} rue Courte;93300;Aubervilliers;;"
    run(desk.runtime, csv(line), source=name, territory=None)
    return url(desk, name)


def test_protecting_needs_a_reason(desk: Desk) -> None:
    address = listed(desk, "Sans raison")
    answer = desk.signed_in().post(f"{address}/proteger", data={"pourquoi": "  "})
    assert answer.status_code == 422
    assert "La raison manque" in answer.text
    assert url(desk, "Sans raison") == address


def test_protecting_hides_at_once_and_leads_to_the_new_sheet(desk: Desk) -> None:
    address = listed(desk, "À protéger vite")
    before = journal(desk, "actor_protected")
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = browser.post(f"{address}/proteger", data={"pourquoi": "menaces"})
    assert answer.status_code == 303
    now = url(desk, "À protéger vite")
    assert now != address
    assert answer.headers["location"].partition("?")[0] == now
    page = browser.get(answer.headers["location"]).text
    assert "L’acteur est protégé." in page
    assert "Ouvrir la fiche" in page
    assert journal(desk, "actor_protected") == before + 1


def test_an_old_address_says_where_to_look_in_the_words_of_the_desk(desk: Desk) -> None:
    address = listed(desk, "À l’ancienne adresse")
    browser = desk.signed_in()
    browser.post(f"{address}/proteger", data={"pourquoi": "menaces"})
    for path in (address, f"{address}/proteger", f"{address}/modifier"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "Cherchez dans Acteurs." in answer.text
        assert 'href="/gestion/acteurs"' in answer.text
        assert "carte de France" not in answer.text
    assert "carte de France" not in browser.get("/gestion/nulle-part").text


def test_who_shares_a_phone_is_counted_on_the_new_sheet(desk: Desk) -> None:
    for name in ("Voisin un", "Voisin deux"):
        line = f"{name};Association;{len(name)} rue Jumelle;93300;Aubervilliers;01 99 00 66 66;"
        run(desk.runtime, csv(line), source=name, territory=None)
    browser = desk.signed_in()
    answer = browser.post(f"{url(desk, 'Voisin un')}/proteger", data={"pourquoi": "menaces"})
    page = browser.get(answer.headers["location"]).text
    assert "1 acteur partage son adresse, son téléphone, son courriel ou son site" in " ".join(
        page.split()
    )


def test_who_may_not_see_it_any_more_is_led_elsewhere(desk: Desk) -> None:
    address = listed(desk, "Protégé par l’État")
    browser = desk.signed_in(Role.REFERENT_ETAT)
    answer = browser.post(f"{address}/proteger", data={"pourquoi": "menaces"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    assert "L’acteur est protégé" in page.text


def test_the_page_says_by_what_others_lose_their_address_as_well(desk: Desk) -> None:
    shelter(desk, "Foyer qui partage")
    page = desk.signed_in().get(f"{url(desk, 'Foyer qui partage')}/proteger").text
    assert "son adresse, un téléphone, un courriel ou un site" in page


def ask(desk: Desk, browser: Browser, name: str, **given: str) -> str:
    """Open an actor, and ask that it be published; return its sheet's address."""
    opened(desk, browser, name)
    address = url(desk, name)
    answer = browser.post(f"{address}/lever", data=CONSENT | given)
    assert answer.status_code == 303
    assert url(desk, name) == address
    return address


@pytest.mark.slow
def test_two_people_publish_what_is_hidden(desk: Desk) -> None:
    shelter(desk, "Foyer à lever")
    first, second = desk.signed_in(), desk.signed_in()
    address = ask(desk, first, "Foyer à lever")
    assert "Retirer ma demande" in first.get(address).text
    # What is asked already stands on the sheet, and no form asks for it again.
    asked_already = first.get(f"{address}/lever")
    assert (asked_already.status_code, asked_already.headers["location"]) == (303, address)
    assert first.post(f"{address}/lever/confirmer").status_code == 403
    # The other one reads the record first.
    assert second.post(f"{address}/lever/confirmer").status_code == 403
    assert "Confirmer et publier" in opened(desk, second, "Foyer à lever")
    answer = second.post(f"{address}/lever/confirmer")
    assert answer.status_code == 303
    assert url(desk, "Foyer à lever") != address
    address_now = url(desk, "Foyer à lever")
    page = second.get(address_now).text
    assert "Ouvrir la fiche" not in page
    for shown in (page, second.get(f"{address_now}/historique").text):
        assert "(demandé par Camille Exemple)" in shown
    assert second.post(f"{address}/lever/confirmer").status_code == 404


@pytest.mark.slow
def test_what_changed_since_it_was_asked_is_asked_anew(desk: Desk) -> None:
    shelter(desk, "Foyer qui change")
    first, second = desk.signed_in(), desk.signed_in()
    address = ask(desk, first, "Foyer qui change")
    line = "Foyer qui change;MECS;99 rue Nouvelle;93300;Aubervilliers;01 99 00 77 77;"
    run(desk.runtime, csv(line), source="Foyer qui change", territory=None)
    assert "La fiche a changé depuis" in opened(desk, second, "Foyer qui change")
    assert second.post(f"{address}/lever/confirmer").status_code == 409
    assert url(desk, "Foyer qui change") == address
    assert second.post(f"{address}/lever/refuser").status_code == 303
    ask(desk, first, "Foyer qui change")


def test_a_home_is_not_asked_for_without_its_accord(desk: Desk) -> None:
    shelter(desk, "Foyer sans accord")
    browser = desk.signed_in()
    opened(desk, browser, "Foyer sans accord")
    address = url(desk, "Foyer sans accord")
    tomorrow = f"{paris_day() + timedelta(days=1):%d/%m/%Y}"
    for accord, words in (
        *(("", "accord écrit"), ("31/12/2099", "dans l’avenir"), (tomorrow, "à venir")),
        *(("32/1/1", "pas lisible"), ("01/06/1926", "avant 1990")),
    ):
        answer = browser.post(f"{address}/lever", data={"accord": accord, "pourquoi": "vu"})
        assert answer.status_code in {400, 422}
        assert words in answer.text
    assert "Levée de la protection demandée" not in browser.get(address).text
    assert browser.post(f"{address}/lever/confirmer").status_code == 409


def test_the_day_given_as_an_example_is_one_that_is_taken(desk: Desk) -> None:
    shelter(desk, "Foyer à l’exemple")
    browser = desk.signed_in()
    opened(desk, browser, "Foyer à l’exemple")
    address = url(desk, "Foyer à l’exemple")
    wrong = browser.post(f"{address}/lever", data={"accord": "32/1/1", "pourquoi": "vu"})
    examples = set(re.findall(r"par exemple (\d\d/\d\d/\d{4})", wrong.text))
    assert len(examples) == 1
    given = {"accord": examples.pop(), "pourquoi": "vu"}
    assert browser.post(f"{address}/lever", data=given).status_code == 303


def test_a_year_of_two_digits_is_one_of_this_century(desk: Desk) -> None:
    shelter(desk, "Foyer au siècle près")
    browser = desk.signed_in()
    ask(desk, browser, "Foyer au siècle près", accord="01/06/26")
    page = opened(desk, desk.signed_in(), "Foyer au siècle près")
    assert re.search(r"Accord écrit de l’opérateur du [^.]*juin[^.]*2026", page)


def test_an_accord_older_than_the_decision_is_refused_with_its_day(desk: Desk) -> None:
    browser = desk.signed_in()
    browser.post(f"{listed(desk, 'Protégée après')}/proteger", data={"pourquoi": "menaces"})
    opened(desk, browser, "Protégée après")
    address = url(desk, "Protégée après")
    today = f"{paris_day():%d/%m/%Y}"
    assert "Il en faut un du" in browser.get(f"{address}/lever").text
    answer = browser.post(f"{address}/lever", data=CONSENT)
    assert answer.status_code == 422
    assert "Accord trop ancien" in answer.text
    assert f"la décision de le protéger, qui est du {today}" in answer.text
    assert "Levée de la protection demandée" not in browser.get(address).text
    given = CONSENT | {"accord": today}
    assert browser.post(f"{address}/lever", data=given).status_code == 303


def test_a_masked_one_is_not_published_unread(desk: Desk) -> None:
    shelter(desk, "Foyer non lu")
    address = url(desk, "Foyer non lu")
    assert desk.signed_in().post(f"{address}/lever", data=CONSENT).status_code == 403
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    opened(desk, referent, "Foyer non lu")
    assert referent.post(f"{address}/lever", data=CONSENT).status_code == 403


def test_where_one_person_is_enough_they_publish_alone(desk: Desk) -> None:
    shelter(desk, "Foyer d’une petite équipe")
    settings = desk.app.state.desk.settings
    alone = settings.model_copy(update={"four_eyes": False})
    desk.app.state.desk = replace(desk.app.state.desk, settings=alone)
    try:
        browser = desk.signed_in()
        opened(desk, browser, "Foyer d’une petite équipe")
        address = url(desk, "Foyer d’une petite équipe")
        assert browser.post(f"{address}/lever", data=CONSENT).status_code == 303
        assert url(desk, "Foyer d’une petite équipe") != address
    finally:
        desk.app.state.desk = replace(desk.app.state.desk, settings=settings)


@pytest.mark.parametrize(
    ("contact", "status"), [("01 99 00 55 55", 303), ("01 99 00 00 98", 400), ("x", 400)]
)
def test_one_number_is_given_to_the_public(desk: Desk, contact: str, status: int) -> None:
    name = f"Foyer joint {status} {len(contact)}"
    line = f"{name};MECS;{len(name)} rue Brève;93300;Aubervilliers;01 99 00 55 55;"
    run(desk.runtime, csv(line), source=name, territory=None)
    browser = desk.signed_in()
    opened(desk, browser, name)
    given = {"contact": contact, "pourquoi": "porte d’entrée"}
    assert browser.post(f"{url(desk, name)}/contact", data=given).status_code == status


def public_phones(desk: Desk, name: str) -> list[str]:
    with read(desk.databases.staff) as session:
        given = select(Actor.phones).where(Actor.public_id == desk.ids()[name])
        return list(session.scalars(given).one())


def with_a_number_shown(desk: Desk, browser: Browser, name: str) -> str:
    """A shelter with two numbers, one of which a person gave to the public."""
    line = f"{name};MECS;{len(name)} rue Double;93300;Aubervilliers;01 99 00 66 0{len(name) % 10};"
    run(desk.runtime, csv(line), source=name, territory=None)
    opened(desk, browser, name)
    number = f"+3319900660{len(name) % 10}"
    shown = {"contact": number, "pourquoi": "porte d’entrée"}
    assert browser.post(f"{url(desk, name)}/contact", data=shown).status_code == 303
    assert public_phones(desk, name) == [number]
    return number


def test_a_number_that_was_given_to_the_public_is_taken_back(desk: Desk) -> None:
    browser = desk.signed_in()
    number = with_a_number_shown(desk, browser, "Foyer repris")
    page = browser.get(url(desk, "Foyer repris")).text
    assert "Ne plus publier" in page
    taken = {"contact": number}
    address = f"{url(desk, 'Foyer repris')}/contact/retirer"
    assert browser.post(address, data=taken).status_code == 303
    assert public_phones(desk, "Foyer repris") == []
    page = browser.get(url(desk, "Foyer repris")).text
    assert "Ne plus publier" not in page
    assert "Rendre public" in page
    assert browser.post(address, data=taken).status_code == 400


def test_what_a_form_says_is_not_public_is_so_over_whoever_showed_it(desk: Desk) -> None:
    browser = desk.signed_in()
    number = with_a_number_shown(desk, browser, "Foyer de jour")
    answer = correct(browser, desk.ids()["Foyer de jour"], phones="", withheld=number)
    assert answer.status_code == 303
    assert public_phones(desk, "Foyer de jour") == []


def test_a_sheet_says_which_contacts_are_public(desk: Desk) -> None:
    browser = desk.signed_in()
    number = with_a_number_shown(desk, browser, "Foyer bis partagé")
    correct(browser, desk.ids()["Foyer bis partagé"], phones=f"{number}\n01 99 00 66 88")
    page = browser.get(url(desk, "Foyer bis partagé")).text
    said = {
        label: re.search(r'class="desk-(?:yes|no)">([^<]+)', page.partition(f"{label}</")[2])
        for label in ("Téléphones", "Contacts rendus publics")
    }
    assert {label: each and each[1] for label, each in said.items()} == {
        "Téléphones": "en partie",
        "Contacts rendus publics": "public",
    }
