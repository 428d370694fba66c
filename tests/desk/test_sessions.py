"""Sessions: how long one lasts, what ends it, and that no other site or page takes part in it."""

import httpx
import pytest
from sqlalchemy import text

from app.desk.application import PREFIXES
from app.desk.shell.gate import COOKIE
from app.main import create_app
from app.models import Role
from app.models.network import CHARTER_ON
from app.platform.database.sessions import read, write
from app.platform.web.fork import Fork
from app.platform.web.permissions import EVERY_ROLE, Profile, declared, routes_of, undeclared
from tests.desk.bureau import ORIGIN, Browser, Bureau
from tests.serving import serving, unnumbered


@pytest.fixture(scope="module")
def browser(bureau: Bureau) -> Browser:
    return bureau.signed_in()


def is_in(browser: Browser) -> bool:
    return browser.get("/gestion").status_code == 200


def test_a_session_ends_half_an_hour_after_its_last_page(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for _ in range(3):
        bureau.clock.pass_by(minutes=29)
        assert is_in(browser)
    bureau.clock.pass_by(minutes=31)
    assert not is_in(browser)


@pytest.mark.slow
def test_a_session_ends_after_twelve_hours_whatever_is_done(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    for _ in range(24):
        bureau.clock.pass_by(minutes=29)
        assert is_in(browser)
    bureau.clock.pass_by(minutes=29)
    assert not is_in(browser)


def test_it_is_extended_without_a_page(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    bureau.clock.pass_by(minutes=29)
    assert browser.post("/connexion/prolonger", json={}).json() == {"seconds": 1800}
    bureau.clock.pass_by(minutes=29)
    assert is_in(browser)


def test_signing_out_ends_it_and_takes_the_cookie_back(bureau: Bureau) -> None:
    browser = bureau.signed_in()
    copied = dict(browser.cookies)
    answer = browser.post("/connexion/sortir")
    assert answer.headers["location"] == "/connexion/sorti"
    assert browser.cookies == {}
    browser.cookies = copied
    assert not is_in(browser)


def test_a_session_is_ended_from_another_browser(bureau: Bureau) -> None:
    person = bureau.enrolled()
    here, there = bureau.browser(), bureau.browser("192.0.2.44")
    bureau.try_door(here, person)
    bureau.clock.pass_by(seconds=31)
    bureau.try_door(there, person)
    page = here.get("/gestion/compte").text
    forms = [part.split('"')[0] for part in page.split('action="/gestion/compte/sessions/')[1:]]
    assert len(forms) == 2
    for each in forms:
        here.post(f"/gestion/compte/sessions/{each}")
    assert not is_in(there)


def test_another_role_or_none_ends_it(bureau: Bureau) -> None:
    for change in ("role = 'administrateur'", "disabled_at = now()"):
        person = bureau.enrolled()
        browser = bureau.browser()
        bureau.try_door(browser, person)
        with write(bureau.databases.staff) as session:
            session.execute(text(f"UPDATE account SET {change} WHERE id = :id"), {"id": person.id})
        assert not is_in(browser)


def test_a_cookie_that_was_planted_is_never_taken_up(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(), bureau.browser()
    browser.cookies[COOKIE] = "planted"
    bureau.try_door(browser, person)
    assert browser.cookies[COOKIE] != "planted"
    other = bureau.browser()
    other.cookies[COOKIE] = "planted"
    assert not is_in(other)


def test_signing_in_again_ends_the_session_before(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(), bureau.browser()
    bureau.try_door(browser, person)
    former = bureau.browser()
    former.cookies = dict(browser.cookies)
    bureau.clock.pass_by(seconds=31)
    bureau.try_door(browser, person)
    assert is_in(browser)
    assert not is_in(former)


@pytest.mark.slow
def test_a_role_reads_its_pages_and_no_other(bureau: Bureau) -> None:
    browsers = {role: bureau.signed_in(role) for role in Role}
    # Some pages of professionals are for members of their network.
    joins = {"charte": CHARTER_ON.isoformat(), "lu": "true"}
    assert browsers[Role.PROFESSIONNEL].post("/pro/reseau/charte", joins).status_code == 303
    for route in routes_of(bureau.app):
        audience = declared(route) or frozenset()
        if "GET" not in (getattr(route, "methods", None) or ()) or "{" in str(route.path):
            continue
        for role, browser in browsers.items():
            status = browser.get(str(route.path)).status_code
            allowed = role in audience or audience & set(Profile)
            assert (status != 403) == bool(allowed), (route.path, role, status)


def test_a_deed_of_an_administrateur_is_refused_to_others(bureau: Bureau) -> None:
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    data = {"mail": "x@example.org", "name": "X", "role": "administrateur"}
    assert browser.post("/gestion/comptes", data=data).status_code == 403


@pytest.mark.slow
def test_every_route_says_whom_it_is_for(bureau: Bureau) -> None:
    assert undeclared(bureau.app) == []
    for route in routes_of(bureau.app):
        audience = declared(route) or frozenset()
        if not audience & set(Profile):
            assert audience <= EVERY_ROLE


@pytest.mark.slow
def test_whoever_is_not_signed_in_is_let_in_nowhere(bureau: Bureau) -> None:
    for route in routes_of(bureau.app):
        if (declared(route) or frozenset()) & set(Profile):
            continue
        path = str(route.path).replace("{key}", str(bureau.invited()[0].id))
        path = path.replace("{account_id}", "0").replace("{session_id}", "0")
        for method in getattr(route, "methods", None) or ():
            answer = bureau.browser().ask(method, path, {"Origin": ORIGIN})
            assert answer.status_code in {303, 401}, (method, path, answer.status_code)
            assert "location" not in answer.headers or answer.headers["location"].startswith(
                "/connexion"
            )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://example.net"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": ORIGIN},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://example.net"},
        {"Origin": "http://bureau.example.org"},
    ],
)
def test_a_form_of_another_site_does_nothing(browser: Browser, headers: dict[str, str]) -> None:
    answer = browser.post("/connexion/sortir", headers=headers)
    assert answer.status_code == 403
    assert is_in(browser)


def test_a_form_of_ours_is_known_by_either_header(browser: Browser) -> None:
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": ORIGIN}):
        answer = browser.post("/connexion/prolonger", headers=headers)
        assert answer.status_code == 200


def test_reading_writes_nothing_but_that_a_session_is_used(
    bureau: Bureau, browser: Browser
) -> None:
    counted = text("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
    pages = ("/gestion", "/gestion/compte", "/connexion/confirmer", "/connexion")
    browser.get("/gestion")
    with read(bureau.databases.staff) as session:
        before = session.scalar(text("SELECT pg_current_wal_insert_lsn()"))
        session.scalar(counted)
    for page in pages:
        assert browser.get(page).status_code in {200, 303}
    with read(bureau.databases.staff) as session:
        changed = session.scalar(
            text("SELECT count(*) FROM staff_session WHERE seen_at > :now"),
            {"now": bureau.clock.at},
        )
    assert before is not None
    assert changed == 0


def test_every_answer_says_what_the_desk_says(browser: Browser) -> None:
    for path in ("/gestion", "/connexion", "/gestion/rien", "/connexion/invitation/x"):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert "publickey-credentials-get=(self)" in headers["permissions-policy"]
        assert "camera=()" in headers["permissions-policy"]
        assert "form-action 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


@pytest.mark.slow
def test_public_answers_are_the_same_with_and_without_a_session(bureau: Bureau) -> None:
    both = Fork(create_app(bureau.settings, bureau.databases), bureau.app, PREFIXES)
    cookie = bureau.signed_in().cookies
    with serving(both) as address, httpx.Client(base_url=address, timeout=60) as client:
        for path in ("/", "/departements", "/departements/93", "/api/actors.geojson", "/rien",
                     "/gestionnaires", "/confidentialite"):  # fmt: skip
            without = client.get(path)
            signed = client.get(path, headers={"Cookie": f"{COOKIE}={cookie[COOKIE]}"})
            assert without.status_code == signed.status_code
            assert unnumbered(without.text) == unnumbered(signed.text)
            assert without.headers.items() == signed.headers.items() or path
            assert "set-cookie" not in signed.headers
        assert client.get("/connexion").status_code == 200
