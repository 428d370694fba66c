"""Whom a record names is read by few: that somebody reads it stands in the journal first."""

import re

import pytest
from sqlalchemy import text

from app.platform.database.sessions import read
from tests.desk.actors.conftest import Desk
from tests.short_lists import csv, run


def url(desk: Desk, name: str) -> str:
    return f"/gestion/acteurs/{desk.ids()[name]}"


def journal(desk: Desk, action: str) -> int:
    with read(desk.databases.staff) as session:
        asked = text("SELECT count(*) FROM audit_entry WHERE action = :action")
        return int(session.scalar(asked, {"action": action}) or 0)


NAMED = "Service nommé;ASE;4 rue Ouverte;93000;Bobigny;01 99 00 00 40;camille.exemple@example.org"


@pytest.mark.slow
def test_who_is_named_is_noted_before_it_is_read_once_in_a_quarter_of_an_hour(desk: Desk) -> None:
    run(desk.runtime, csv(NAMED), name="nommes.csv")
    browser, address = desk.signed_in(), url(desk, "Service nommé")
    before, opened_before = journal(desk, "persons_read"), journal(desk, "actor_opened")
    page = browser.get(address).text
    assert "camille.exemple@example.org" in page
    assert journal(desk, "persons_read") == before + 1
    for path in (address, f"{address}/modifier", address):
        assert browser.get(path).status_code == 200
    assert journal(desk, "persons_read") == before + 1
    desk.signed_in().get(address)
    assert journal(desk, "persons_read") == before + 2
    assert journal(desk, "actor_opened") == opened_before


def test_a_received_line_may_name_anybody_and_is_noted(desk: Desk) -> None:
    browser, address = desk.signed_in(), url(desk, "CRIP d'exemple")
    before = journal(desk, "persons_read")
    link = re.search(r'href="(/gestion/acteurs/\w+/recu\?[^"]+)"', browser.get(address).text)
    assert link
    # It names nobody, and neither does the list of a protected one, whose opening is noted.
    assert journal(desk, "persons_read") == before
    browser.get(link[1].replace("&amp;", "&"))
    assert journal(desk, "persons_read") == before + 1
    shelter = url(desk, "Foyer fictif")
    browser.post(f"{shelter}/ouvrir")
    assert "10 rue Cachée" in browser.get(shelter).text
    assert journal(desk, "persons_read") == before + 1


def test_who_is_named_in_a_form_that_comes_back_is_noted(desk: Desk) -> None:
    run(desk.runtime, csv(NAMED.replace("nommé", "renvoyé")), name="renvoyes.csv")
    browser, address = desk.signed_in(), f"{url(desk, 'Service renvoyé')}/modifier"
    before = journal(desk, "persons_read")
    sent = browser.post(address, data={"based_on": "999", "name": "Service"})
    assert sent.status_code == 409
    assert journal(desk, "persons_read") == before + 1
