"""Where somebody is led who cannot go on: to what they have to do first, or back to their form."""

from urllib.parse import quote

import pytest

from tests.desk.actors.conftest import Desk
from tests.desk.actors.test_sheet import opened, url
from tests.desk.bureau import ORIGIN

SHELTER, OPEN = "Foyer fictif", "CRIP d'exemple"


@pytest.mark.parametrize("part", ["modifier", "lever", "comparer?de=1&a=1"])
def test_who_has_to_open_a_record_first_is_told_so(desk: Desk, part: str) -> None:
    browser = desk.signed_in()
    answer = browser.get(f"{url(desk, SHELTER)}/{part}")
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"]).text
    assert "Ouvrez d’abord la fiche" in page
    assert "Ouvrir la fiche</button>" in page
    opened(desk, browser, SHELTER)
    assert "Ouvrez d’abord" not in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize("part", ["situer", "apercu"])
@pytest.mark.parametrize("name", [OPEN, ""])
def test_a_form_that_was_looked_at_is_found_again_after_signing_in(
    desk: Desk, part: str, name: str
) -> None:
    address = url(desk, name) if name else "/gestion/acteurs/nouveau"
    headers = {"Origin": ORIGIN, "Referer": f"{ORIGIN}{address}/{part}"}
    ended = desk.browser().post(f"{address}/{part}", {"name": "Autre"}, headers=headers)
    assert ended.status_code == 401
    assert f'href="/connexion?suite={quote(f"{address}/{part}")}"' in ended.text
    browser = desk.signed_in()
    answer = browser.get(f"{address}/{part}")
    assert answer.status_code == 303
    assert answer.headers["location"] == (f"{address}/modifier" if name else address)
    assert browser.get(answer.headers["location"]).status_code == 200


def test_an_address_of_a_form_leads_nowhere_else(desk: Desk) -> None:
    answer = desk.signed_in().get("/gestion/acteurs/%2F%2Fexample.org/apercu")
    assert answer.headers.get("location", "/gestion/").startswith("/gestion/")
