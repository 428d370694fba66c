"""Accounts: invited once, by somebody else, after a fresh proof, and never the last one gone."""

import email
from email import policy
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.accounts.people import everybody
from app.audit.actions import Action
from app.audit.journal import Author, note
from app.models import Role
from app.platform.database.sessions import read, write
from tests.desk.bureau import ORIGIN, Browser, Bureau, Person

ADMIN = Role.ADMINISTRATEUR


@pytest.fixture
def administrator(bureau: Bureau) -> Browser:
    return bureau.signed_in(ADMIN)


def invite(browser: Browser, **other: str) -> Any:
    given = {"mail": "nouveau@example.org", "name": "Sacha Exemple", "role": "curateur"}
    return browser.post("/gestion/comptes", data={**given, **other})


def mailed(bureau: Bureau) -> tuple[str, str]:
    """Whom the last mail is for, and the path of its link; nobody but its owner may read it."""
    newest = max((bureau.settings.data_dir / "mail").glob("*.eml"))
    assert newest.stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(newest.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    link = next(line for line in body.get_content().split() if line.startswith("https://"))
    assert link.startswith(f"{ORIGIN}/connexion/invitation/")
    return message["To"], link.removeprefix(ORIGIN)


def test_somebody_is_invited_by_mail_and_comes_in(bureau: Bureau, administrator: Browser) -> None:
    assert "Invitation prête" in invite(administrator).text
    to, path = mailed(bureau)
    assert to == "nouveau@example.org"
    assert "Sacha Exemple" in bureau.browser().get(path).text


def test_an_invitation_works_once_and_for_three_days(bureau: Bureau) -> None:
    person, token = bureau.invited()
    path = f"/connexion/invitation/{token}"
    data = bureau.shown(person, path)
    assert bureau.browser().post(path, data=data).status_code == 200
    assert bureau.browser().post(path, data=data).status_code == 410
    assert bureau.browser().get(path).status_code == 410
    _, late = bureau.invited()
    bureau.clock.pass_by(hours=73)
    assert bureau.browser().get(f"/connexion/invitation/{late}").status_code == 410


def test_a_new_invitation_ends_the_one_before_and_all_that_one_had(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled()
    browser = bureau.browser()
    bureau.try_door(browser, person)
    assert administrator.post(f"/gestion/comptes/{person.id}/inviter").status_code == 200
    to, path = mailed(bureau)
    assert to == person.mail
    again = Person(person.id, person.mail, person.role)
    data = bureau.shown(again, path) | {"password": "tout autre chose encore"}
    answer = bureau.browser().post(path, data=data)
    assert answer.status_code == 200
    assert browser.get("/gestion").status_code == 303
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser(), person).status_code == 422
    assert bureau.try_door(bureau.browser("192.0.2.71"), person, person.codes[0]).status_code == 422


@pytest.mark.parametrize(
    "password",
    [
        *("court", "motdepasse12", "Anniversaire2026!", "aaaaaaaaaaaaaaaa", "123456789012"),
        *("abcabcabcabc", "camille-2026", "CamilleExemple"),
    ],
)
def test_a_password_that_many_use_is_refused(bureau: Bureau, password: str) -> None:
    person, token = bureau.invited()
    path = f"/connexion/invitation/{token}"
    data = bureau.shown(person, path) | {"password": password}
    answer = bureau.browser().post(path, data=data)
    assert answer.status_code == 422
    assert "Mot de passe à changer" in answer.text
    assert bureau.browser().get(path).status_code == 200


def test_nobody_gives_themselves_another_role_or_a_new_invitation(
    bureau: Bureau,
) -> None:
    person, browser = bureau.enrolled(ADMIN), bureau.browser()
    bureau.try_door(browser, person)
    for deed in ("inviter", "desactiver", "confirmer", "role"):
        data = {"role": "curateur"}
        answer = browser.post(f"/gestion/comptes/{person.id}/{deed}", data=data)
        assert answer.status_code == 403, deed
        assert "autre administrateur" in answer.text


def test_a_change_of_role_or_the_end_of_an_account_ends_its_sessions(
    bureau: Bureau, administrator: Browser
) -> None:
    for deed, data in (("role", {"role": "referent_etat", "territories": "93, 75"}),
                       ("desactiver", {})):  # fmt: skip
        person, browser = bureau.enrolled(), bureau.browser()
        bureau.try_door(browser, person)
        answer = administrator.post(f"/gestion/comptes/{person.id}/{deed}", data=data)
        assert answer.status_code == 303, answer.text
        assert browser.get("/gestion").status_code == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mail": "pas une adresse"}, "ne peut pas exister"),
        ({"name": "  "}, "prénom"),
        ({"role": "referent_etat"}, "au moins un territoire"),
        ({"role": "referent_etat", "territories": "93 999"}, "999"),
        ({"role": "curateur", "territories": "93"}, "toute la France"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    administrator: Browser, given: dict[str, str], said: str
) -> None:
    answer = invite(administrator, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{given.get("mail", "nouveau@example.org")}"' in answer.text


def others(bureau: Bureau, name: str) -> list[Any]:
    """Mails to administrateurs that name somebody, the last one last."""
    found = []
    for file in sorted((bureau.settings.data_dir / "mail").glob("*.eml")):
        message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        if body and name in body.get_content() and "/invitation/" not in body.get_content():
            found.append((message["To"], body.get_content()))
    return found


def test_the_other_administrateurs_read_who_was_invited_and_whose_role_changed(
    bureau: Bureau,
) -> None:
    one, other, gone = (bureau.enrolled(ADMIN) for _ in range(3))
    browser = bureau.browser()
    bureau.try_door(browser, one)
    browser.post(f"/gestion/comptes/{gone.id}/desactiver")
    invite(browser, mail="dominique@example.org", name="Dominique Exemple", role="administrateur")
    with read(bureau.databases.staff) as session:
        people = everybody(session, bureau.vault)
        account = next(each.id for each in people if each.mail == "dominique@example.org")
    data = {"role": "referent_etat", "territories": "93"}
    assert browser.post(f"/gestion/comptes/{account}/role", data=data).status_code == 303
    (to, invited), (_, changed) = others(bureau, "Dominique Exemple")
    assert other.mail in to
    assert not [each for each in (one, gone) if each.mail in to]
    assert "dominique@example.org" not in to
    assert "Invitation envoyée" in invited
    assert "Par : Camille Exemple" in invited
    assert "Rôle changé" in changed
    assert "Référent de l’État" in changed


def test_the_journal_offers_who_typed_commands_and_links_to_no_record(
    bureau: Bureau, administrator: Browser
) -> None:
    actor = str(uuid4())
    who = Author("os:exemple")
    note(bureau.databases.staff, bureau.vault, who, Action.PROTECTED, actor)
    page = administrator.get("/gestion/journal?qui=os:exemple").text
    assert '<option value="os:exemple" selected>exemple, en ligne de commande</option>' in page
    # An administrateur opens no record.
    assert f"<td>{actor}</td>" in page


def test_an_address_has_one_account(bureau: Bureau, administrator: Browser) -> None:
    person = bureau.enrolled()
    answer = invite(administrator, mail=person.mail.upper())
    assert answer.status_code == 422
    assert "existe déjà" in answer.text


def test_the_last_administrateur_stays(bureau: Bureau) -> None:
    one, other = bureau.enrolled(ADMIN), bureau.enrolled(ADMIN)
    browser = bureau.browser()
    bureau.try_door(browser, one)
    with write(bureau.databases.staff) as session:
        session.execute(
            text("UPDATE account SET disabled_at = now() WHERE role = 'administrateur'"
                 " AND id NOT IN (:one, :other)"), {"one": one.id, "other": other.id},
        )  # fmt: skip
    assert browser.post(f"/gestion/comptes/{other.id}/desactiver").status_code == 303
    with read(bureau.databases.staff) as session:
        left = session.scalar(
            text("SELECT count(*) FROM account WHERE role = 'administrateur'"
                 " AND disabled_at IS NULL")
        )  # fmt: skip
    assert left == 1


@pytest.mark.slow
def test_what_was_done_stands_in_the_journal(bureau: Bureau, administrator: Browser) -> None:
    invite(administrator, mail="journal@example.org", name="Alix Exemple")
    page = administrator.get("/gestion/journal").text
    assert "Invitation envoyée" in page
    assert "Alix Exemple" in page
    assert "Connexion" in administrator.get("/gestion/journal?geste=signed_in").text
    assert "Aucune entrée" in administrator.get("/gestion/journal?objet=rien").text
    assert "Aucune entrée" in administrator.get("/gestion/journal?jour=2001-01-01").text


def test_a_disabled_account_that_is_invited_again_opens_by_the_link_alone(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled()
    administrator.post(f"/gestion/comptes/{person.id}/desactiver")
    administrator.post(f"/gestion/comptes/{person.id}/inviter")
    assert bureau.try_door(bureau.browser("203.0.113.1"), person).status_code == 422
    _, path = mailed(bureau)
    again = Person(person.id, person.mail, person.role)
    data = bureau.shown(again, path)
    assert bureau.browser().post(path, data=data).status_code == 200
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser("203.0.113.2"), again).status_code == 303


def test_whoever_looked_at_a_link_knows_nothing_of_what_is_chosen_later(bureau: Bureau) -> None:
    person, token = bureau.invited()
    path = f"/connexion/invitation/{token}"
    seen = Person(person.id, person.mail, person.role)
    earlier = bureau.shown(seen, path)
    assert bureau.browser().post(path, data=bureau.shown(person, path)).status_code == 200
    assert person.secret != seen.secret
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser("203.0.113.3"), seen).status_code == 422
    _, other = bureau.invited()
    answer = bureau.browser().post(f"/connexion/invitation/{other}", data=earlier)
    assert answer.status_code == 422


def test_a_deed_that_was_not_done_stands_in_no_journal(
    bureau: Bureau, administrator: Browser
) -> None:
    curator = bureau.signed_in()
    answer = curator.post(f"/gestion/compte/sessions/{uuid4()}/fermer")
    assert "Rien à fermer" in curator.get(answer.headers["location"]).text
    person, token = bureau.invited()
    bureau.browser().post(
        f"/connexion/invitation/{token}/cle", json={"credential": {"rawId": "AA"}}
    )
    page = administrator.get(f"/gestion/journal?qui={person.id}").text
    assert "Aucune entrée" in page
    assert "Aucune entrée" in administrator.get("/gestion/journal?geste=session_ended").text


@pytest.mark.parametrize("query", ["qui=a%00b", "objet=%00", "jour=9999-12-31", "avant=1"])
def test_a_strange_search_of_the_journal_is_answered(administrator: Browser, query: str) -> None:
    assert administrator.get(f"/gestion/journal?{query}").status_code == 200


def test_a_strange_territory_is_refused(administrator: Browser) -> None:
    answer = invite(administrator, role="referent_etat", territories="93\x00")
    assert answer.status_code == 422
