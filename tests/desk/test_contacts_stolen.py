"""A copied session, a link that is passed on, what is left after signing out: who reads what."""

import pytest

from app.models import Role
from tests.desk.bureau import Browser, Bureau
from tests.desk.contacts import MOTIVE, asked, choose, page_of, tells
from tests.desk.home import Home


@pytest.fixture
def reader(bureau: Bureau, place: Home) -> Browser:
    """A professional who reads the telephone of a place."""
    choose(bureau, place)
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    assert tells(place, asked(place, browser)) == {"phone"}
    return browser


def copied(bureau: Bureau, reader: Browser) -> Browser:
    thief = bureau.browser("198.51.100.7")
    thief.cookies = dict(reader.cookies)
    return thief


def test_a_stolen_session_reads_as_its_owner_by_name_until_they_sign_out(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    thief = copied(bureau, reader)
    page = thief.get(page_of(place)).text
    assert tells(place, page) == {"phone"}
    # Whatever is photographed of it has the name and the number under it.
    assert page.count('data-mark="Camille Exemple · M23-') == 12
    assert reader.post("/connexion/sortir").status_code == 303
    for path in (page_of(place), "/pro", "/gestion/compte"):
        answer = thief.get(path)
        assert answer.status_code == 303
        assert tells(place, answer.text) == set()
    assert thief.post(f"{page_of(place)}/contact", MOTIVE).status_code != 200


def test_a_stolen_session_is_out_as_its_owner_ends_it_elsewhere(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    thief = copied(bureau, reader)
    account = reader.get("/gestion/compte")
    assert account.status_code == 200
    # To end all is offered to whoever changes a factor; one by one from any browser of theirs.
    session = account.text.split("/gestion/compte/sessions/")[1].split("/")[0]
    assert reader.post(f"/gestion/compte/sessions/{session}/fermer").status_code == 303
    assert tells(place, thief.get(page_of(place)).text) == set()


@pytest.mark.slow
def test_a_link_that_is_passed_on_tells_nobody_else(
    bureau: Bureau, place: Home, reader: Browser
) -> None:
    link = page_of(place)
    other = bureau.signed_in(Role.PROFESSIONNEL)
    assert tells(place, other.get(link).text) == set()
    for role in (Role.CURATEUR, Role.ADMINISTRATEUR, Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT):
        answer = bureau.signed_in(role).get(link)
        assert (answer.status_code, tells(place, answer.text)) == (403, set())
    nobody = bureau.browser().get(link)
    assert nobody.status_code == 303
    # Nor what its own reader is sent is kept by anything on its way.
    own = reader.get(link)
    assert own.headers["cache-control"] == "no-store"
    assert "etag" not in own.headers
