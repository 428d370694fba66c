"""Passkeys: in by one that is known, and by none that was made elsewhere, used before or copied."""

from typing import Any

import pytest

from app.models import Role
from tests.desk.authenticator import Authenticator
from tests.desk.bureau import ORIGIN, Browser, Bureau

HOST = "bureau.example.org"


def new_key() -> Authenticator:
    return Authenticator(ORIGIN, HOST)


def enrol(bureau: Bureau, key: Authenticator, role: Role = Role.CURATEUR) -> Browser:
    """Somebody new who chose a passkey, in the browser where they did."""
    _, token = bureau.invited(role)
    browser = bureau.browser()
    asked = browser.post(f"/connexion/invitation/{token}/cle/defi", json={}).json()
    answer = browser.post(f"/connexion/invitation/{token}/cle", json=key.create(asked))
    assert answer.status_code == 200, answer.text
    return browser


def asked(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = browser.post("/connexion/cle/defi", json={}).json()
    return found


def test_a_passkey_alone_signs_in(bureau: Bureau) -> None:
    key = new_key()
    assert enrol(bureau, key).get("/gestion").status_code == 200
    browser = bureau.browser()
    answer = browser.post(
        "/connexion/cle", json={**key.get(asked(browser)), "suite": "/gestion/compte"}
    )
    assert answer.json() == {"suite": "/gestion/compte"}
    assert browser.get("/gestion").status_code == 200


def test_what_is_asked_names_the_desk_and_wants_the_person(bureau: Bureau) -> None:
    options = asked(bureau.browser())["options"]
    assert (options["rpId"], options["userVerification"]) == (HOST, "required")
    assert options["allowCredentials"] == []


def test_an_answer_works_once(bureau: Bureau) -> None:
    key, browser = new_key(), bureau.browser()
    enrol(bureau, key)
    answer = key.get(asked(browser))
    assert browser.post("/connexion/cle", json=answer).status_code == 200
    assert bureau.browser().post("/connexion/cle", json=answer).status_code == 422


def test_a_wrong_answer_uses_the_question_up(bureau: Bureau) -> None:
    key, browser = new_key(), bureau.browser()
    enrol(bureau, key)
    question = asked(browser)
    stranger = new_key()
    stranger.credential, stranger.handle = key.credential, key.handle
    assert browser.post("/connexion/cle", json=stranger.get(question)).status_code == 422
    assert browser.post("/connexion/cle", json=key.get(question)).status_code == 422


def test_a_question_of_five_minutes_ago_is_over(bureau: Bureau) -> None:
    key, browser = new_key(), bureau.browser()
    enrol(bureau, key)
    answer = key.get(asked(browser))
    bureau.clock.pass_by(minutes=6)
    assert browser.post("/connexion/cle", json=answer).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://bureau-example.org"},
        {"origin": "http://bureau.example.org"},
        {"host": "example.net"},
        {"verifies": False},
        {"count": -1},
    ],
)
def test_an_answer_from_elsewhere_or_without_the_person_is_refused(
    bureau: Bureau, change: dict[str, Any]
) -> None:
    key, browser = new_key(), bureau.browser()
    key.count = 5
    enrol(bureau, key)
    for name, value in change.items():
        setattr(key, name, value)
    answer = browser.post("/connexion/cle", json=key.get(asked(browser)))
    assert answer.status_code == 422
    assert browser.cookies == {}


def test_a_key_answers_for_its_own_account_alone(bureau: Bureau) -> None:
    one, other = new_key(), new_key()
    enrol(bureau, one)
    enrol(bureau, other)
    one.handle = other.handle
    browser = bureau.browser()
    assert browser.post("/connexion/cle", json=one.get(asked(browser))).status_code == 422


def test_a_question_of_an_invitation_signs_nobody_in(bureau: Bureau) -> None:
    key = new_key()
    enrol(bureau, key)
    _, token = bureau.invited()
    browser = bureau.browser()
    question = browser.post(f"/connexion/invitation/{token}/cle/defi", json={}).json()
    assert browser.post("/connexion/cle", json=key.get(question)).status_code == 422


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"challenge_id": "x", "credential": None},
        {"challenge_id": [], "credential": {"rawId": "é"}},
        {"challenge_id": "00000000-0000-0000-0000-000000000000", "credential": {"rawId": "AA"}},
    ],
)
def test_a_broken_answer_is_refused(bureau: Bureau, answer: dict[str, Any]) -> None:
    said = bureau.browser().post("/connexion/cle", json=answer)
    assert said.status_code == 422
    assert said.headers["content-type"] == "application/problem+json"


def test_one_more_passkey_is_added_after_a_fresh_proof(bureau: Bureau) -> None:
    key, second = new_key(), new_key()
    browser = enrol(bureau, key)
    bureau.clock.pass_by(minutes=6)
    refused = browser.post("/gestion/compte/cles/defi", json={})
    assert (refused.status_code, refused.json()["title"]) == (403, "Identité à confirmer")
    question = browser.post("/connexion/confirmer/cle/defi", json={}).json()
    former = dict(browser.cookies)
    assert browser.post("/connexion/confirmer/cle", json=key.get(question)).status_code == 200
    assert browser.cookies != former
    question = browser.post("/gestion/compte/cles/defi", json={}).json()
    assert browser.post("/gestion/compte/cles", json=second.create(question)).status_code == 200
    other = bureau.browser()
    assert other.post("/connexion/cle", json=second.get(asked(other))).status_code == 200
    page = browser.get("/gestion/compte").text
    assert page.count("Retirer") == 2


def test_the_last_way_in_stays(bureau: Bureau) -> None:
    browser = enrol(bureau, new_key())
    page = browser.get("/gestion/compte").text
    path = page.split('action="/gestion/compte/cles/')[1].split('"')[0]
    answer = browser.post(f"/gestion/compte/cles/{path}")
    assert answer.status_code == 422
    assert "dernier moyen" in answer.text


def test_somebody_elses_key_cannot_be_taken_away(bureau: Bureau) -> None:
    owner, other = enrol(bureau, new_key()), enrol(bureau, new_key())
    path = owner.get("/gestion/compte").text.split('action="/gestion/compte/cles/')[1].split('"')[0]
    assert other.post(f"/gestion/compte/cles/{path}").status_code == 422
    assert "Retirer" in owner.get("/gestion/compte").text
