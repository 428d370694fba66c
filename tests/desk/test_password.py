"""Somebody changes their password by giving the current one; all other sessions end."""

import pytest
from sqlalchemy import text

from app.models import Role
from app.platform.database.sessions import write
from tests.desk.bureau import PASSWORD, Browser, Bureau, Person

OTHER = "tambour nuage sifflet verger"
PATH = "/gestion/compte/mot-de-passe"


def change(browser: Browser, current: str = PASSWORD, chosen: str = OTHER) -> int:
    return browser.post(PATH, data={"actuel": current, "nouveau": chosen}).status_code


def comes_in(bureau: Bureau, person: Person, password: str, address: str) -> bool:
    bureau.clock.pass_by(seconds=31)
    data = {"mail": person.mail, "password": password, "code": bureau.code(person)}
    return bureau.browser(address).post("/connexion", data=data).status_code == 303


@pytest.mark.slow
def test_another_password_takes_the_place_of_the_current_one(bureau: Bureau) -> None:
    person, here, there = bureau.enrolled(), bureau.browser(), bureau.browser("192.0.2.61")
    bureau.try_door(here, person)
    bureau.clock.pass_by(seconds=31)
    bureau.try_door(there, person)
    assert change(here) == 303
    assert here.get("/gestion").status_code == 200
    assert there.get("/gestion").status_code == 303
    assert not comes_in(bureau, person, PASSWORD, "192.0.2.62")
    assert comes_in(bureau, person, OTHER, "192.0.2.63")
    journal = bureau.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?qui={person.id}").text
    assert "Mot de passe changé" in journal


@pytest.mark.slow
@pytest.mark.parametrize(
    ("current", "chosen", "said"),
    [
        ("tout autre chose encore", OTHER, "Mot de passe inexact"),
        ("", OTHER, "Mot de passe inexact"),
        (PASSWORD, "court", "Mot de passe à changer"),
        (PASSWORD, "motdepasse12", "Mot de passe à changer"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(
    bureau: Bureau, current: str, chosen: str, said: str
) -> None:
    person, browser = bureau.enrolled(), bureau.browser()
    bureau.try_door(browser, person)
    answer = browser.post(PATH, data={"actuel": current, "nouveau": chosen})
    assert answer.status_code == 422
    assert said in answer.text
    assert comes_in(bureau, person, PASSWORD, "192.0.2.64")


@pytest.mark.slow
def test_whoever_found_a_session_open_cannot_guess_the_password(bureau: Bureau) -> None:
    person, browser = bureau.enrolled(), bureau.browser()
    bureau.try_door(browser, person)
    for _ in range(3):
        assert change(browser, "un essai parmi beaucoup") == 422
    assert change(browser) == 429
    # Its codes and its door wait for nothing.
    assert comes_in(bureau, person, PASSWORD, "192.0.2.65")
    bureau.clock.pass_by(seconds=5)
    assert change(browser) == 303


def test_an_account_without_a_password_has_none_to_change(bureau: Bureau) -> None:
    person = bureau.enrolled()
    browser = bureau.browser()
    bureau.try_door(browser, person)
    with write(bureau.databases.staff) as session:
        session.execute(
            text("UPDATE account SET password = NULL, totp = NULL WHERE id = :id"),
            {"id": person.id},
        )
    assert change(browser, "") == 422
