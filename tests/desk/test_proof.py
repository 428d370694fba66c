"""A grave deed asks for a factor shown a moment ago, and loses nothing of what was written."""

import html
import re
from typing import Any

import pytest

from app.models import Role
from tests.desk.bureau import ORIGIN, Browser, Bureau

ADMIN = Role.ADMINISTRATEUR


def invite(browser: Browser, **given: str) -> Any:
    return browser.post("/gestion/comptes", data={"role": "curateur", **given})


@pytest.mark.slow
def test_a_grave_deed_asks_for_a_fresh_proof(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    bureau.clock.pass_by(minutes=6)
    headers = {"Origin": "https://bureau.example.org",
               "Referer": "https://bureau.example.org/gestion/comptes"}  # fmt: skip
    answer = browser.post(
        "/gestion/comptes", data={"mail": "a@example.org", "name": "A", "role": "curateur"},
        headers=headers,
    )  # fmt: skip
    assert answer.status_code == 403
    assert "Rien n’a été fait" in answer.text
    page = browser.get("/gestion/comptes").text
    assert "Confirmer mon identité" in page
    assert 'method="post" action="/gestion/comptes' not in page
    wrong = browser.post("/connexion/confirmer", data={"code": "000000"})
    assert wrong.status_code == 422
    data = {"code": bureau.code(person), "suite": "/gestion/comptes"}
    assert browser.post("/connexion/confirmer", data=data).headers["location"] == "/gestion/comptes"
    assert invite(browser, mail="a@example.org", name="A").status_code == 200


def carried(page: str) -> dict[str, str]:
    """What the form of the proof carries along."""
    form = page.split('action="/connexion/confirmer"')[1].split("</form>")[0]
    found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


def test_what_was_written_survives_the_proof(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    bureau.clock.pass_by(minutes=6)
    name = 'Alix "Exemple" <b>'
    page = invite(browser, mail="long@example.org", name=name).text
    assert "ce que vous aviez écrit" in page
    data = carried(page)
    assert data["geste"] == "/gestion/comptes"
    assert data["name"] == name
    # Even where the code was wrong first.
    wrong = browser.post("/connexion/confirmer", data={**data, "code": "000000"})
    assert wrong.status_code == 422
    assert carried(wrong.text) == data
    data = carried(wrong.text) | {"code": bureau.code(person)}
    former = dict(browser.cookies)
    answer = browser.post("/connexion/confirmer", data=data)
    assert (answer.status_code, answer.headers["location"]) == (307, "/gestion/comptes")
    assert browser.cookies != former
    # As a browser does by 307.
    done = browser.post(answer.headers["location"], data=data)
    assert "Invitation prête" in done.text
    assert html.escape(name, quote=False) in done.text.replace("&#34;", '"')


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["https://example.net/gestion", "//example.net", "/connexion/sortir", "/gestion\\x", "/autre"],
)
def test_no_form_is_carried_out_of_the_desk(bureau: Bureau, path: str) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    bureau.clock.pass_by(seconds=31)
    data = {"code": bureau.code(person), "geste": path, "suite": "/gestion/compte"}
    answer = browser.post("/connexion/confirmer", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/gestion/compte")


def test_a_body_that_is_no_form_is_carried_nowhere(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    bureau.clock.pass_by(minutes=6)
    for media in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        headers = {"Origin": ORIGIN, "Content-Type": media}
        path = f"/gestion/comptes/{person.id}/desactiver"
        answer = browser.ask("POST", path, headers, content=b"--x\r\nContent")
        assert 400 <= answer.status_code < 500, media


def test_who_signed_out_meanwhile_carries_nothing(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    bureau.clock.pass_by(minutes=31)
    answer = invite(browser, mail="late@example.org", name="Alix Exemple")
    assert answer.status_code == 401
    assert "late@example.org" not in answer.text
