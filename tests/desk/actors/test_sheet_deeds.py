"""The sheet of an actor offers what the list does to several, as far as its reader may do it."""

import re

import httpx
import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_protecting import ask, shelter
from tests.desk.actors.test_sheet import journal, opened, url
from tests.desk.actors.test_undo import listed, record, seen, sheet, undo
from tests.desk.bureau import Browser

DEED = re.compile(r'name="geste" value="(\w+)"')
VERIFY, ARCHIVE, PUBLISH = "verifier", "archiver", "publier"


def offered(desk: Desk, browser: Browser, name: str) -> list[str]:
    return DEED.findall(browser.get(url(desk, name)).text)


def do(desk: Desk, browser: Browser, name: str, deed: str) -> httpx.Response:
    return browser.post(f"{url(desk, name)}/geste", data={"geste": deed})


@pytest.mark.slow
def test_a_public_actor_is_verified_and_that_is_taken_back(desk: Desk) -> None:
    public_id = listed(desk, "Service à vérifier")
    browser = desk.signed_in()
    assert offered(desk, browser, "Service à vérifier") == [VERIFY, ARCHIVE]
    before = journal(desk, "actor_verified")
    page = sheet(browser, do(desk, browser, "Service à vérifier", VERIFY))
    assert "C’est noté : vérifié aujourd’hui." in page
    assert record(desk, "Service à vérifier").verified_on
    assert journal(desk, "actor_verified") == before + 1
    assert DEED.findall(page) == [ARCHIVE]
    assert "plusieurs à la fois" not in page
    again = sheet(browser, do(desk, browser, "Service à vérifier", VERIFY))
    assert "Rien n’a été fait : déjà ainsi." in again
    (lot,) = re.findall(r'/annuler"><input type="hidden" name="lot" value="([0-9a-f-]{36})">', page)
    assert "C’est annulé" in sheet(browser, undo(browser, public_id, lot))
    assert record(desk, "Service à vérifier").verified_on is None


def test_an_actor_is_archived_and_offers_nothing_then(desk: Desk) -> None:
    listed(desk, "Service à archiver")
    browser = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    page = sheet(browser, do(desk, browser, "Service à archiver", ARCHIVE))
    assert "L’acteur est archivé" in page
    assert DEED.findall(page) == []
    assert desk.status(desk.ids()["Service à archiver"]) == "archived"


def test_a_draft_that_nothing_hides_is_published(desk: Desk) -> None:
    listed(desk, "Brouillon à publier", draft=True)
    browser = desk.signed_in()
    assert offered(desk, browser, "Brouillon à publier") == [VERIFY, ARCHIVE, PUBLISH]
    assert "L’acteur est publié." in sheet(
        browser, do(desk, browser, "Brouillon à publier", PUBLISH)
    )
    assert desk.status(desk.ids()["Brouillon à publier"]) == "published"
    assert PUBLISH not in offered(desk, browser, "Brouillon à publier")


@pytest.mark.slow
def test_what_is_hidden_is_published_by_two_people_alone(desk: Desk) -> None:
    shelter(desk, "Foyer à deux")
    browser = desk.signed_in()
    # Whoever has not read it does nothing to it.
    assert offered(desk, browser, "Foyer à deux") == []
    masked = sheet(browser, do(desk, browser, "Foyer à deux", VERIFY))
    assert "Ouvrez d’abord la fiche" in masked
    assert record(desk, "Foyer à deux").verified_on is None
    assert DEED.findall(opened(desk, browser, "Foyer à deux")) == [VERIFY, ARCHIVE]
    for _ in range(2):
        refused = sheet(browser, do(desk, browser, "Foyer à deux", PUBLISH))
        assert "Rien n’a été fait : caché" in refused
        assert seen(desk, "Foyer à deux").level == "neutral"
        ask(desk, browser, "Foyer à deux")
        browser.post(f"{url(desk, 'Foyer à deux')}/lever/refuser")


@pytest.mark.slow
@pytest.mark.parametrize("deed", [VERIFY, ARCHIVE, PUBLISH])
def test_nobody_does_what_is_not_theirs(desk: Desk, deed: str) -> None:
    state = desk.signed_in(Role.REFERENT_ETAT)
    assert offered(desk, state, "CRIP d'exemple") == []
    before = record(desk, "CRIP d'exemple")
    for name in ("CRIP d'exemple", "Foyer fictif"):
        assert do(desk, state, name, deed).status_code == 404
    referent = desk.signed_in(Role.REFERENT_DEPARTEMENT)
    assert do(desk, referent, "Foyer de Lille", deed).status_code == 404
    assert do(desk, desk.signed_in(Role.ADMINISTRATEUR), "CRIP d'exemple", deed).status_code == 403
    assert do(desk, desk.browser(), "CRIP d'exemple", deed).status_code == 401
    assert record(desk, "CRIP d'exemple") == before


def test_there_is_no_other_deed(desk: Desk) -> None:
    assert do(desk, desk.signed_in(), "CRIP d'exemple", "unprotect").status_code == 422
