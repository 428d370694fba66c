"""The door by password and code: who comes in, what a stranger learns, and how long one waits."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from app.accounts import attempts
from app.accounts.attempts import FREE, FREE_OF_ADDRESS, NOTABLE
from app.desk.shell.gate import COOKIE
from app.models import Role
from app.platform.database.sessions import write
from tests.desk.bureau import PASSWORD, Bureau, Person


def test_somebody_signs_in_and_reads_today(bureau: Bureau) -> None:
    browser = bureau.browser()
    assert bureau.try_door(browser, bureau.enrolled()).status_code == 303
    page = browser.get("/gestion")
    assert page.status_code == 200
    assert "Aujourd’hui" in page.text
    assert "Camille Exemple" in page.text


def test_the_cookie_is_for_this_host_and_no_script(bureau: Bureau) -> None:
    answer = bureau.try_door(bureau.browser(), bureau.enrolled())
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-mesure23=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "httponly", "path=/", "samesite=lax", "secure",
    }  # fmt: skip


def test_a_page_leads_to_the_door_and_back(bureau: Bureau) -> None:
    browser = bureau.browser()
    answer = browser.get("/gestion/compte?fait=cle-ajoutee")
    assert answer.headers["location"] == "/connexion?suite=/gestion/compte%3Ffait%3Dcle-ajoutee"
    way = "/gestion/compte?fait=cle-ajoutee"
    assert bureau.try_door(browser, bureau.enrolled(), suite=way).headers["location"] == way


@pytest.mark.slow
def test_the_door_leads_nowhere_else(bureau: Bureau) -> None:
    person = bureau.enrolled()
    out = ("/gestion/../carte", "/gestion/%2e%2E//example.net", "/gestion/.%2e/carte")
    elsewhere = ("https://example.net/", "//example.net/gestion", "/gestion\\@x", "/gestionx", "x")
    for way in (*elsewhere, *out):
        answer = bureau.try_door(bureau.browser(), person, suite=way)
        assert answer.headers["location"] == "/gestion", way
        bureau.clock.pass_by(seconds=61)


def test_unknown_wrong_and_disabled_are_answered_alike(bureau: Bureau) -> None:
    person, nobody = (
        bureau.enrolled(),
        Person(bureau.enrolled().id, "personne@example.org", Role.CURATEUR),
    )
    nobody.secret = person.secret
    off = bureau.enrolled()
    with write(bureau.databases.staff) as session:
        disable = text("UPDATE account SET disabled_at = now() WHERE id = :id")
        session.execute(disable, {"id": off.id})
    answers = [
        bureau.try_door(bureau.browser("192.0.2.21"), nobody),
        bureau.try_door(bureau.browser("192.0.2.22"), person, password="faux mot de passe"),
        bureau.try_door(bureau.browser("192.0.2.23"), person, code="000000"),
        bureau.try_door(bureau.browser("192.0.2.24"), off),
    ]
    assert {answer.status_code for answer in answers} == {422}
    said = {
        answer.text.replace(each.mail, "")
        for answer, each in zip(answers, (nobody, person, person, off), strict=True)
    }
    assert len(said) == 1
    assert all(COOKIE not in answer.cookies for answer in answers)


def test_the_address_is_known_whatever_its_case(bureau: Bureau) -> None:
    person = bureau.enrolled()
    answer = bureau.try_door(bureau.browser(), person, mail=f" {person.mail.upper()} ")
    assert answer.status_code == 303


def test_a_code_works_once(bureau: Bureau) -> None:
    person = bureau.enrolled()
    code = bureau.code(person)
    assert bureau.try_door(bureau.browser(), person, code).status_code == 303
    assert bureau.try_door(bureau.browser(), person, code).status_code == 422


def test_an_older_code_is_of_no_use_after_a_newer_one(bureau: Bureau) -> None:
    person = bureau.enrolled()
    older = bureau.code(person)
    bureau.clock.pass_by(seconds=30)
    assert bureau.try_door(bureau.browser(), person).status_code == 303
    assert bureau.try_door(bureau.browser(), person, older).status_code == 422


def test_a_code_on_paper_stands_once_for_the_application(bureau: Bureau) -> None:
    person = bureau.enrolled()
    assert len(person.codes) == 10
    spelt = person.codes[0].upper().replace("-", " ")
    assert bureau.try_door(bureau.browser(), person, spelt).status_code == 303
    assert bureau.try_door(bureau.browser(), person, person.codes[0]).status_code == 422
    assert bureau.try_door(bureau.browser(), person, person.codes[1]).status_code == 303


def test_a_code_on_paper_is_of_its_account_alone(bureau: Bureau) -> None:
    one, other = bureau.enrolled(), bureau.enrolled()
    assert bureau.try_door(bureau.browser(), one, other.codes[0]).status_code == 422


def test_wrong_tries_wait_longer_and_longer_where_they_come_from(bureau: Bureau) -> None:
    person = bureau.enrolled()
    stranger = bureau.browser("198.51.100.1")
    for _ in range(FREE):
        assert bureau.try_door(stranger, person, password="faux").status_code == 422
    waited = bureau.try_door(stranger, person)
    assert waited.status_code == 429
    assert "secondes" in waited.text
    # Whoever tries from elsewhere, its owner for one, does not wait.
    assert bureau.try_door(bureau.browser("198.51.100.2"), person).status_code == 303
    bureau.clock.pass_by(seconds=3)
    assert bureau.try_door(stranger, person, password="faux").status_code == 422
    bureau.clock.pass_by(seconds=3)
    assert bureau.try_door(stranger, person, password="faux").status_code == 429
    bureau.clock.pass_by(seconds=60)
    assert bureau.try_door(stranger, person).status_code == 303


def test_the_codes_of_an_account_wait_wherever_they_come_from(bureau: Bureau) -> None:
    person = bureau.enrolled()
    said = set()
    for each in range(FREE):
        thief = bureau.browser(f"198.51.100.{10 + each}")
        said.add(bureau.try_door(thief, person, code="000000").text)
    # Not judged, and answered as a wrong one: a 429 would tell that the password is right.
    right = bureau.try_door(bureau.browser("198.51.100.30"), person)
    assert right.status_code == 422
    assert said == {right.text}
    bureau.clock.pass_by(seconds=3)
    assert bureau.try_door(bureau.browser("198.51.100.31"), person).status_code == 303


@pytest.mark.slow
def test_nobody_without_the_password_makes_the_codes_of_an_account_wait(bureau: Bureau) -> None:
    person = bureau.enrolled()
    for each in range(3 * FREE):
        stranger = bureau.browser(f"198.51.100.{40 + each}")
        bureau.try_door(stranger, person, code="000000", password="faux")
    assert bureau.try_door(bureau.browser("198.51.100.60"), person).status_code == 303


@pytest.mark.slow
def test_many_wrong_codes_beside_a_right_password_stand_in_the_journal(bureau: Bureau) -> None:
    person = bureau.enrolled()
    for each in range(NOTABLE):
        browser = bureau.browser(f"198.51.100.{120 + each}")
        bureau.try_door(browser, person, code="000000")
        bureau.clock.pass_by(minutes=16)
    page = bureau.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?objet={person.id}")
    assert "codes inexacts après le bon mot de passe : 10" in page.text


def test_an_address_that_tries_many_accounts_waits(bureau: Bureau) -> None:
    browser = bureau.browser("198.51.100.77")
    login = b"n" * 32
    with write(bureau.databases.staff) as session:
        network = attempts.network_of(session, bureau.vault, "198.51.100.77/32")
        for each in range(FREE_OF_ADDRESS - 1):
            attempts.admit(session, login + bytes([each]), network, bureau.clock.at)
    nobody = Person(uuid4(), "personne@example.org", Role.CURATEUR, "A" * 32)
    assert bureau.try_door(browser, nobody).status_code == 422
    nobody.mail = "encore@example.org"
    assert bureau.try_door(browser, nobody).status_code == 429


def test_an_account_that_nobody_used_for_six_months_lets_nobody_in(bureau: Bureau) -> None:
    person = bureau.enrolled()
    with write(bureau.databases.staff) as session:
        former = text("UPDATE account SET used_at = now() - interval '190 days' WHERE id = :id")
        session.execute(former, {"id": person.id})
    assert bureau.try_door(bureau.browser(), person).status_code == 422


def test_nothing_of_a_person_stands_in_clear(bureau: Bureau) -> None:
    person = bureau.enrolled()
    bureau.try_door(bureau.browser(), person)
    tables = ("account", "passkey", "recovery_code", "invitation", "staff_session",
              "sign_in_attempt", "audit_entry")  # fmt: skip
    with write(bureau.databases.staff) as session:
        for table in tables:
            rows = session.execute(text(f"SELECT t::text FROM {table} t")).scalars().all()
            whole = "\n".join(rows)
            for secret in (person.mail, "Camille", PASSWORD, person.secret, person.codes[0]):
                assert secret not in whole, (table, secret)
                assert secret.encode().hex() not in whole, (table, secret)


def test_a_long_or_strange_input_is_refused_and_not_crashed_on(bureau: Bureau) -> None:
    person = bureau.enrolled()
    for strange in ("\x00", "é" * 900, "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")):
        answer = bureau.try_door(bureau.browser("192.0.2.99"), person, password=strange)
        assert answer.status_code in {422, 429}
    assert bureau.browser().post("/connexion", data={}).status_code == 422
