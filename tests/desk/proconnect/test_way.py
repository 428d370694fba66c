"""The way to ProConnect and back: once, in the browser that left, and to our own pages alone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from app.accounts import attempts
from app.accounts.flows import LASTS
from app.audit.actions import Action
from app.desk.door.proconnect_routes import COOKIE
from app.desk.door.routes import PROVIDER_COOKIE
from app.desk.shell.gate import COOKIE as SESSION
from app.models import Role
from app.platform.oidc.provider import Provider
from tests.desk.bureau import Bureau
from tests.desk.proconnect.agents import Agent, notes, refused

pytestmark = pytest.mark.slow


def test_its_cookies_are_of_this_host_sealed_and_short(agent: Agent) -> None:
    browser = agent.bureau.browser()
    answer = browser.get("/connexion/proconnect")
    cookie = answer.headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    assert name == COOKIE
    assert name.startswith("__Host-")
    said = {part.strip().lower() for part in rest.split(";")[1:]}
    assert said == {"httponly", "max-age=600", "path=/", "samesite=lax", "secure"}
    state = answer.headers["location"].split("state=")[1].split("&")[0]
    assert state not in cookie
    assert len(state) == 32
    assert answer.headers["cache-control"] == "no-store"


def test_whoever_comes_back_is_who_left(agent: Agent) -> None:
    agent.linked()
    left, other = agent.bureau.browser(), agent.bureau.browser()
    back = agent.leaves(left, "/connexion/proconnect")
    # Somebody sends another one their own link, with no sign-in of theirs and with one.
    refused(other.get(back), "Identification à recommencer")
    other.get("/connexion/proconnect")
    refused(other.get(back), "Identification à recommencer")
    assert other.cookies[COOKIE], "their own goes on"
    # A cookie that was changed, of another kind or of nobody.
    for held in ("", "x", f"{left.cookies[COOKIE][:-9]}AAAAAAAAA", "0" * 32 + ".AAAA", "%C3%A9.x"):
        other.cookies[COOKIE] = held
        refused(other.get(back), "Identification à recommencer")
    assert left.get(back).status_code == 303


def test_a_sign_in_works_once_though_its_cookie_was_copied(agent: Agent) -> None:
    agent.linked()
    browser = agent.bureau.browser()
    back = agent.leaves(browser, "/connexion/proconnect")
    copied = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    other = agent.bureau.browser()
    other.cookies = dict(copied)
    refused(other.get(back), "Identification à recommencer")
    # Nor does whoever answers a passkey's challenge by its number.
    number = str(UUID(hex=copied[COOKIE].partition(".")[0]))
    other.post("/connexion/cle", json={"challenge_id": number, "credential": {}})
    other.cookies = dict(copied)
    refused(other.get(back), "Identification à recommencer")
    # Back, in the browser that is signed in: it goes on, and nothing is asked again.
    assert browser.get(back).headers["location"] == "/pro"
    assert browser.get("/pro").status_code == 200


def test_of_two_who_come_back_at_once_one_is_let_in(agent: Agent) -> None:
    agent.linked()
    browser = agent.bureau.browser()
    back = agent.leaves(browser, "/connexion/proconnect")
    several = [replace(browser, cookies=dict(browser.cookies)) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda each: each.get(back), several))
    assert sorted(each.status_code for each in answers) == [303, 422, 422, 422]


def test_it_is_over_after_ten_minutes(agent: Agent) -> None:
    agent.linked()
    browser = agent.bureau.browser()
    back = agent.leaves(browser, "/connexion/proconnect")
    agent.bureau.clock.pass_by(seconds=LASTS.total_seconds())
    refused(browser.get(back), "Identification à recommencer")
    agent.bureau.clock.pass_by(seconds=-LASTS.total_seconds())


def test_of_two_tabs_the_last_one_goes_on_and_the_other_is_led_home(agent: Agent) -> None:
    agent.linked()
    browser = agent.bureau.browser()
    first = agent.leaves(browser, "/connexion/proconnect?suite=/pro/acteurs/a")
    second = agent.leaves(browser, "/connexion/proconnect?suite=/pro/acteurs/b")
    refused(browser.get(first), "Identification à recommencer")
    assert browser.get(second).headers["location"] == "/pro/acteurs/b"
    assert browser.get(first).headers["location"] == "/pro"


def test_a_session_is_new_and_the_one_before_is_over(agent: Agent) -> None:
    agent.linked()
    browser = agent.bureau.signed_in_as(agent.bureau.enrolled(Role.PROFESSIONNEL))
    before = browser.cookies[SESSION]
    agent.comes(browser)
    assert browser.cookies[SESSION] != before
    browser.cookies[SESSION] = before
    assert browser.get("/pro").headers["location"].startswith("/connexion")


def test_it_leads_nowhere_but_to_pages_of_the_desk(agent: Agent) -> None:
    agent.linked()
    for way in ("https://example.net/", "//example.net/pro", "/pro/../carte", "/pro\\@x", "x:y"):
        answer = agent.comes(agent.bureau.browser(), f"/connexion/proconnect?suite={way}")
        assert answer.headers["location"] == "/pro", way


def test_no_other_site_begins_it(agent: Agent) -> None:
    browser = agent.bureau.browser()
    for site in ("cross-site", "same-site"):
        answer = browser.get("/connexion/proconnect", **{"Sec-Fetch-Site": site})
        assert answer.headers["location"].startswith("/connexion?suite=")
        assert COOKIE not in browser.cookies
    for site in ("same-origin", "none"):
        assert (
            "state="
            in browser.get("/connexion/proconnect", **{"Sec-Fetch-Site": site}).headers["location"]
        )


def test_a_form_of_another_site_gives_no_code(agent: Agent) -> None:
    foreign = {"Origin": "https://example.net", "Sec-Fetch-Site": "cross-site"}
    browser = agent.bureau.browser()
    answer = browser.post("/connexion/proconnect/code", {"code": "1"}, headers=foreign)
    assert answer.status_code == 403


def test_signing_out_leads_to_the_end_of_the_session_there(agent: Agent, bureau: Bureau) -> None:
    agent.linked()
    browser = bureau.browser()
    landed = agent.comes(browser)
    hint = next(
        each for each in landed.headers.get_list("set-cookie") if each.startswith(PROVIDER_COOKIE)
    )
    assert "path=/connexion/sortir" in hint.lower()
    assert "eyj" not in hint.lower()
    answer = browser.post("/connexion/sortir")
    assert answer.status_code == 200
    link = answer.text.split("Votre session ProConnect")[1].split('href="')[1].split('"')[0]
    assert link.startswith(f"{agent.peer.address}/session/end?id_token_hint=")
    assert PROVIDER_COOKIE not in browser.cookies
    assert browser.get("/pro").headers["location"].startswith("/connexion")
    there = httpx.get(link.replace("&amp;", "&"))
    assert there.status_code == 200
    # One that is another account's leads nowhere.
    other = bureau.signed_in_as(bureau.enrolled(Role.PROFESSIONNEL))
    other.cookies[PROVIDER_COOKIE] = hint.partition("=")[2].partition(";")[0]
    assert "id_token_hint" not in other.post("/connexion/sortir").text


def test_what_is_wrong_with_an_answer_is_in_the_journal_and_on_no_page(
    agent: Agent, bureau: Bureau
) -> None:
    agent.linked()
    desk = bureau.app.state.desk
    wrong = Provider(replace(agent.peer.registered(), secret=SecretStr("another one of as many")))
    before = len(notes(bureau, Action.REFUSED, ""))
    browser = bureau.browser("192.0.2.77")
    try:
        bureau.app.state.desk = replace(desk, provider=wrong)
        answer = agent.comes(browser)
    finally:
        bureau.app.state.desk = desk
    refused(answer, "Identification refusée")
    assert "code refusé" not in answer.text
    said = notes(bureau, Action.REFUSED, "")[before:]
    assert len(said) == 1
    assert "code refusé par le fournisseur" in said[0]


def test_who_tries_and_tries_has_to_wait(
    agent: Agent, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "FREE_OF_ADDRESS", 4)
    agent.linked()
    desk = bureau.app.state.desk
    wrong = Provider(replace(agent.peer.registered(), secret=SecretStr("another one of as many")))
    try:
        bureau.app.state.desk = replace(desk, provider=wrong)
        browser = bureau.browser("192.0.2.78")
        for _ in range(4):
            refused(agent.comes(browser), "Identification refusée")
        refused(agent.comes(browser), "Connexion à retarder")
        # Nobody beside them: a provider that fails stands in no other way.
        person = bureau.enrolled(Role.PROFESSIONNEL)
        assert bureau.try_door(browser, person).headers["location"] == "/pro"
    finally:
        bureau.app.state.desk = desk


def test_an_office_waits_for_no_fault_of_its_provider_nor_for_who_came_by_one_factor(
    agent: Agent, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "FREE_OF_ADDRESS", 2)
    agent.linked()
    desk, browser = bureau.app.state.desk, bureau.browser("192.0.2.79")
    silent = Provider(replace(agent.peer.registered(), issuer="http://127.0.0.1:9"))
    for _ in range(3):
        back = agent.leaves(browser, "/connexion/proconnect")
        try:
            bureau.app.state.desk = replace(desk, provider=silent)
            refused(browser.get(back), "Identification momentanément impossible")
        finally:
            bureau.app.state.desk = desk
    agent.says(acr="eidas1")
    for _ in range(3):
        # What was asked of the provider was taken out of the address on its way.
        parts = urlsplit(browser.get("/connexion/proconnect").headers["location"])
        query = {name: each[0] for name, each in parse_qs(parts.query).items() if name != "claims"}
        back = agent.peer.sign_in(parts._replace(query=urlencode(query)).geturl())
        refused(browser.get(back), "Second facteur à donner")
    agent.says()
    assert agent.comes(browser).headers["location"] == "/pro"


def test_it_is_not_there_where_it_is_not_set(agent: Agent, bureau: Bureau) -> None:
    desk = bureau.app.state.desk
    browser = bureau.browser()
    try:
        bureau.app.state.desk = replace(desk, provider=None)
        assert "ProConnect" not in browser.get("/connexion").text
        assert "ProConnect" not in browser.get(agent.invitation).text
        for path in ("", "/retour", "/code"):
            assert browser.get(f"/connexion/proconnect{path}").status_code == 404
        assert browser.get(f"{agent.invitation}/proconnect").status_code == 404
    finally:
        bureau.app.state.desk = desk


def test_while_it_is_silent_every_other_way_is_open(agent: Agent, bureau: Bureau) -> None:
    agent.linked()
    silent = replace(agent.peer.registered(), issuer="http://127.0.0.1:9")
    desk = bureau.app.state.desk
    try:
        bureau.app.state.desk = replace(desk, provider=Provider(silent))
        answer = bureau.browser().get("/connexion/proconnect?suite=/pro/acteurs/x")
        refused(answer, "Identification momentanément impossible")
        assert "tel:119" in answer.text
        person = bureau.enrolled(Role.PROFESSIONNEL)
        assert bureau.try_door(bureau.browser(), person).headers["location"] == "/pro"
    finally:
        bureau.app.state.desk = desk
