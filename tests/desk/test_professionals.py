"""A professional signs in as staff do, and nothing of the desk opens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.accounts import ending, people, professionals
from app.accounts.errors import MailTaken, PracticeMissing, RoleByApproval, TerritoriesWrong
from app.accounts.professionals import Practice
from app.desk.shell.gate import home_of, own_way
from app.models import Account, Role
from app.models.account import CONFIRMED_FOR
from app.platform.database.sessions import read, write
from app.platform.web.permissions import STAFF
from app.records import acts
from tests.desk.asked import runtime
from tests.desk.bureau import Bureau, Person, account_of
from tests.makers import decide
from tests.short_lists import CRIP, SHELTER, csv, ids, run

PRO = "/pro"


def bare(page: str) -> str:
    """What a page says, whatever the case."""
    return page.casefold()


def test_who_signs_in_comes_to_their_own_space(bureau: Bureau) -> None:
    for suite in ("", "/gestion", "/gestion/acteurs", PRO):
        browser, person = bureau.browser(), bureau.enrolled(Role.PROFESSIONNEL)
        assert bureau.try_door(browser, person, suite=suite).headers["location"] == PRO
    page = browser.get(PRO)
    assert page.status_code == 200
    for said in ("Camille Exemple", person.mail, "Association d’exemple", "Éducatrice",
                 "SIRET 11000001500014", "Seine-Saint-Denis", 'href="tel:119"',
                 "Le contact d’un lieu protégé"):  # fmt: skip
        assert said in page.text
    assert "bureau" not in bare(page.text)
    assert 'class="desk-rail"' not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert browser.get("/connexion").headers["location"] == PRO


def test_who_is_not_signed_in_is_led_to_the_door_and_back(bureau: Bureau) -> None:
    answer = bureau.browser().get(PRO)
    assert answer.headers["location"] == "/connexion?suite=/pro"
    person = bureau.enrolled(Role.CURATEUR)
    assert bureau.try_door(bureau.browser(), person, suite=PRO).headers["location"] == "/gestion"


def test_who_comes_for_a_place_without_an_account_reads_whom_to_call(bureau: Bureau) -> None:
    browser = bureau.browser()
    urgent = [browser.get(f"/connexion?suite=/pro/acteurs/{each}").text for each in ("a", "b")]
    assert {'href="tel:119"' in page for page in urgent} == {True}
    # Whatever the place is, they read the same.
    assert urgent[0].replace("acteurs/a", "acteurs/b") == urgent[1]
    assert 'href="tel:119"' not in browser.get("/connexion").text
    # And the CRIP of the place's own département, as its public sheet names it.
    given = runtime(bureau)
    run(given, csv(CRIP, SHELTER))
    neutral = ids(given)["Lieu d'accueil – Seine-Saint-Denis"]
    page = browser.get(f"/connexion?suite=/pro/acteurs/{neutral}").text
    assert 'href="tel:+33199000001"' in page
    assert "CRIP, Seine-Saint-Denis" in page
    decide(given, acts.protect, neutral, who="essai", why="menaces", secret=True)
    assert "CRIP, Seine" not in browser.get(f"/connexion?suite=/pro/acteurs/{neutral}").text


@pytest.mark.parametrize("path", ["/gestion", "/gestion/acteurs", "/gestion/statistiques"])
def test_a_page_of_the_staff_leads_back_to_their_space(bureau: Bureau, path: str) -> None:
    answer = bureau.signed_in(Role.PROFESSIONNEL).get(path)
    assert answer.status_code == 403
    assert "réservée à l’équipe" in answer.text
    assert f'href="{PRO}"' in answer.text
    assert "bureau" not in bare(answer.text)


@pytest.mark.parametrize("path", ["/pro/rien", "/gestion/rien", "/connexion/sorti/rien"])
def test_an_error_says_nothing_of_the_desk(bureau: Bureau, path: str) -> None:
    browser = bureau.signed_in(Role.PROFESSIONNEL)
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "bureau" not in bare(answer.text)
    assert 'href="/connexion"' in answer.text


@pytest.mark.parametrize("role", sorted(STAFF))
def test_the_staff_do_not_read_the_space_of_a_professional(bureau: Bureau, role: Role) -> None:
    assert bureau.signed_in(role).get(PRO).status_code == 403


def test_an_invitation_is_enrolled_with_two_factors_and_leads_there(bureau: Bureau) -> None:
    person, token = bureau.invited(Role.PROFESSIONNEL)
    path, browser = f"/connexion/invitation/{token}", bureau.browser()
    assert "bureau" not in bare(browser.get(path).text)
    page = browser.post(path, bureau.shown(person, path))
    assert f'href="{PRO}"' in page.text
    assert "bureau" not in bare(page.text)
    assert browser.get(PRO).status_code == 200
    for each in ("/gestion/compte", "/connexion/confirmer"):
        own = browser.get(each)
        assert own.status_code == 200
        assert "bureau" not in bare(own.text)
    assert bureau.try_door(bureau.browser(), person, "000000").status_code == 422


def disabled(bureau: Bureau, person: Person) -> None:
    with write(bureau.databases.staff) as session:
        ending.disable(session, people.get(session, person.id), bureau.clock.at)


def not_confirmed(bureau: Bureau, person: Person) -> None:
    """Nobody confirmed it for a year, whatever the night does."""
    at = bureau.clock.at - CONFIRMED_FOR
    with write(bureau.databases.staff) as session:
        people.get(session, person.id).confirmed_at = at


@pytest.mark.parametrize("end", [disabled, not_confirmed])
def test_a_session_ends_at_once(bureau: Bureau, end: Callable[[Bureau, Person], None]) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    browser = bureau.signed_in_as(person)
    assert browser.get(PRO).status_code == 200
    end(bureau, person)
    assert browser.get(PRO).headers["location"] == "/connexion?suite=/pro"
    refused = bureau.try_door(bureau.browser(), person)
    assert refused.status_code == 422
    assert "bureau" not in bare(refused.text)


def test_what_is_held_on_them_is_handed_out_and_deleted(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    said = bureau.signed_in_as(person).post("/gestion/compte/donnees").json()["compte"]
    assert said["organisation"] == "Association d’exemple"
    assert said["siret"] == "11000001500014"
    assert said["fonction"] == "Éducatrice"
    assert said["motif_de_l_approbation"] == "Connue de la CRIP."
    administrator = bureau.signed_in(Role.ADMINISTRATEUR)
    listed = administrator.get("/gestion/comptes").text
    assert "Éducatrice, Association d’exemple" in listed
    assert f"/gestion/comptes/{person.id}/role" not in listed
    assert administrator.post(f"/gestion/comptes/{person.id}/supprimer").status_code == 303
    with read(bureau.databases.staff) as session:
        assert session.get(Account, person.id) is None


def test_what_names_them_or_their_employer_is_sealed(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    with read(bureau.databases.staff) as session:
        row = session.execute(
            text("SELECT account::text, encode(person, 'escape'), encode(reason, 'escape')"
                 " FROM account WHERE id = :id"), {"id": person.id},
        ).one()  # fmt: skip
    for secret in ("Camille", "Association", "11000001500014", "ducatrice", "CRIP"):
        assert not any(secret in each for each in row)


def test_no_form_of_the_staff_makes_one_or_changes_its_role(bureau: Bureau) -> None:
    administrator = bureau.signed_in(Role.ADMINISTRATEUR)
    assert 'value="professionnel"' not in administrator.get("/gestion/comptes").text
    given = {"mail": "x@example.org", "name": "X", "role": "professionnel", "territories": "93"}
    answer = administrator.post("/gestion/comptes", data=given)
    assert answer.status_code == 422
    assert "approbation" in answer.text
    for role, other in ((Role.PROFESSIONNEL, "curateur"), (Role.REFERENT_ETAT, "professionnel")):
        path = f"/gestion/comptes/{bureau.enrolled(role).id}/role"
        answer = administrator.post(path, data={"role": other, "territories": "93"})
        assert answer.status_code == 422


def test_an_account_says_what_it_lacks(bureau: Bureau) -> None:
    practice = Practice("O", "F", "R")
    given: dict[str, Any] = {"mail": "p@example.org", "name": "P", "practice": practice}
    given |= {"territories": ["93"], "by": "os:test", "now": bureau.clock.at}
    for name, value, error in (
        ("practice", replace(practice, organisation=" "), PracticeMissing),
        ("practice", replace(practice, function="x" * 121), PracticeMissing),
        ("practice", replace(practice, reason="\x00"), PracticeMissing),
        ("territories", [], TerritoriesWrong),
    ):
        with pytest.raises(error), write(bureau.databases.staff) as session:
            professionals.create(session, bureau.vault, **{**given, name: value})
    with pytest.raises(RoleByApproval), write(bureau.databases.staff) as session:
        people.create(
            session, bureau.vault, mail="p@example.org", name="P", role=Role.PROFESSIONNEL,
            territories=["93"], by="os:test",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("110 000 015 00014", "11000001500014"),
        ("", ""),
        ("00000000000000", "00000000000000"),
        ("1234", ""),
        ("١١٠٠٠٠٠١٥٠٠٠١٤", ""),
    ],
)
def test_a_siret_that_is_none_refuses_nobody(given: str, found: str) -> None:
    assert professionals.siret_of(given) == found


@pytest.mark.parametrize(
    ("role", "change"),
    [
        (Role.PROFESSIONNEL, "reason = NULL"),
        (Role.PROFESSIONNEL, "territories = '{}'"),
        (Role.PROFESSIONNEL, "role = 'curateur'"),
        (Role.CURATEUR, "role = 'professionnel'"),
        (Role.CURATEUR, "approved_by = 'os:test'"),
        (Role.CURATEUR, "role = 'visiteur'"),
    ],
)
def test_the_database_refuses_one_that_nobody_approved(
    bureau: Bureau, role: Role, change: str
) -> None:
    person = bureau.enrolled(role)
    with pytest.raises(IntegrityError), write(bureau.databases.staff) as session:
        session.execute(text(f"UPDATE account SET {change} WHERE id = :id"), {"id": person.id})


def test_a_way_is_one_of_whoever_goes_it() -> None:
    for way in (PRO, "/pro/demande", "/gestion/compte", "/gestion/compte?fait=x"):
        assert own_way(way, Role.PROFESSIONNEL) == way
    for way in ("/gestion", "/gestion/comptes", "/gestion/acteurs", "/prophete", "//pro", ""):
        assert own_way(way, Role.PROFESSIONNEL) == PRO
    for role in STAFF:
        assert own_way(PRO, role) == home_of(role) == "/gestion"
    assert own_way(PRO) == PRO


def test_a_second_account_of_one_address_is_refused(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.PROFESSIONNEL)
    with pytest.raises(MailTaken), write(bureau.databases.staff) as session:
        account_of(session, bureau.vault, Role.CURATEUR, person.mail, ())
