"""Each year somebody's chief, or an administrateur, says that they still have their office."""

import email
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text

from app.accounts import confirming, people
from app.accounts.people import UNUSED_FOR
from app.accounts.rights import delete_account
from app.audit.journal import AUDIT_LOCK
from app.jobs.confirming import confirm_accounts
from app.jobs.mailing import MailSilent
from app.models.account import CONFIRMED_FOR, Role
from app.platform.database.sessions import read, write
from tests.desk.asked import runtime
from tests.desk.bureau import ORIGIN, Browser, Bureau, Person
from tests.mailbox import mail_server
from tests.meanwhile import is_blocked, until
from tests.serving import unnumbered

CHIEF = "chef@example.org"


@pytest.fixture
def administrator(bureau: Bureau) -> Browser:
    return bureau.signed_in(Role.ADMINISTRATEUR)


def night(
    bureau: Bureau, during: Callable[[], None] | None = None, **settings: Any
) -> list[EmailMessage]:
    """The mails of a night; during: called while one is sent."""
    with mail_server(during) as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), **settings}
        confirm_accounts(runtime(bureau, **given), bureau.clock.at)
    return box.received


def confirmed(bureau: Bureau, person: Person, days_ago: float) -> None:
    """Let the last confirmation of an account be some days ago."""
    values = {"at": bureau.clock.at - timedelta(days=days_ago), "id": person.id}
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE account SET confirmed_at = :at WHERE id = :id"), values)


def referent(bureau: Bureau, administrator: Browser, days_ago: float, chief: str = CHIEF) -> Person:
    """A référent whose chief is known, confirmed some days ago."""
    person = bureau.enrolled(Role.REFERENT_DEPARTEMENT)
    path = f"/gestion/comptes/{person.id}/responsable"
    assert administrator.post(path, data={"chief": chief}).status_code == 303
    confirmed(bureau, person, days_ago)
    return person


def words(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(message: EmailMessage) -> str:
    link = next(each for each in words(message).split() if each.startswith("https://"))
    assert link.startswith(f"{ORIGIN}/connexion/confirmation/")
    return link.removeprefix(ORIGIN)


def row(bureau: Bureau, person: Person) -> Any:
    with read(bureau.databases.staff) as session:
        statement = text("SELECT confirmed_at, disabled_at FROM account WHERE id = :id")
        return session.execute(statement, {"id": person.id}).one()


def test_the_chief_is_asked_thirty_days_before_and_again_seven_and_no_more(
    bureau: Bureau, administrator: Browser
) -> None:
    person = referent(bureau, administrator, 334)
    assert night(bureau) == []
    confirmed(bureau, person, 336)
    (first,) = night(bureau)
    assert first["To"] == CHIEF
    assert night(bureau) == []
    bureau.clock.pass_by(days=21)
    assert night(bureau) == []
    bureau.clock.pass_by(days=2)
    (again,) = night(bureau)
    assert link_in(again) != link_in(first)
    assert night(bureau) == []
    administrator.post(f"/gestion/comptes/{person.id}/confirmer")


def test_the_mail_and_the_page_say_who_and_nothing_of_an_actor(
    bureau: Bureau, administrator: Browser
) -> None:
    referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    assert "Camille Exemple" in words(mail)
    assert "Référent du Département, 93" in words(mail)
    page = bureau.browser().get(link_in(mail))
    assert page.status_code == 200
    assert "Camille Exemple" in page.text
    assert "/gestion" not in page.text


def test_looking_changes_nothing_and_a_yes_confirms_once(
    bureau: Bureau, administrator: Browser
) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    before, path = row(bureau, person), link_in(mail)
    for _ in range(2):
        assert bureau.browser().get(path).status_code == 200
    assert row(bureau, person) == before
    assert "confirmé" in bureau.browser().post(path, data={"reponse": "oui"}).text
    assert row(bureau, person).confirmed_at == bureau.clock.at
    assert bureau.browser().post(path, data={"reponse": "non"}).status_code == 410
    assert row(bureau, person).disabled_at is None
    fresh = bureau.signed_in(Role.ADMINISTRATEUR)
    journal = fresh.get(f"/gestion/journal?objet={person.id}").text
    assert "Le responsable hiérarchique, par son lien" in journal
    assert "Confirmation d’un compte demandée" in journal


def test_a_no_closes_the_access_at_once_and_the_administrateurs_read_it(
    bureau: Bureau, administrator: Browser
) -> None:
    person = referent(bureau, administrator, 336)
    browser = bureau.browser()
    bureau.try_door(browser, person)
    assert browser.get("/gestion").status_code == 200
    (mail,) = night(bureau)
    path = link_in(mail)
    assert "fermé" in bureau.browser().post(path, data={"reponse": "non"}).text
    assert browser.get("/gestion").status_code == 303
    assert row(bureau, person).disabled_at is not None
    notice = newest(bureau)
    assert "Compte désactivé : Camille Exemple" in words(notice)
    assert "responsable hiérarchique" in words(notice)
    assert "Si cela vous étonne, demandez" in words(notice)


def test_links_that_are_unknown_used_or_over_have_one_answer(
    bureau: Bureau, administrator: Browser
) -> None:
    used = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    bureau.browser().post(link_in(mail), data={"reponse": "oui"})
    paths = [link_in(mail), "/connexion/confirmation/inconnu"]
    referent(bureau, administrator, 336)
    (late,) = night(bureau)
    paths.append(link_in(late))
    bureau.clock.pass_by(hours=73)
    answers = [bureau.browser().get(path) for path in paths]
    answers += [bureau.browser().post(path, data={"reponse": "oui"}) for path in paths]
    assert {answer.status_code for answer in answers} == {410}
    assert len({unnumbered(answer.text) for answer in answers}) == 1
    assert row(bureau, used).disabled_at is None


def test_a_link_works_for_what_it_was_made_for_alone(
    bureau: Bureau, administrator: Browser
) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    token = link_in(mail).rpartition("/")[2]
    assert bureau.browser().get(f"/connexion/invitation/{token}").status_code == 410
    _, invited = bureau.invited()
    assert bureau.browser().get(f"/connexion/confirmation/{invited}").status_code == 410
    with read(bureau.databases.staff) as session:
        stored = session.scalar(
            text("SELECT token FROM confirmation WHERE account_id = :id"), {"id": person.id}
        )
    assert token.encode() not in stored


def test_another_site_cannot_answer(bureau: Bureau, administrator: Browser) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    headers = {"Origin": "https://example.net"}
    answer = bureau.browser().post(link_in(mail), data={"reponse": "non"}, headers=headers)
    assert answer.status_code == 403
    assert row(bureau, person).disabled_at is None


@pytest.mark.parametrize("given", [{}, {"reponse": "peut-être"}])
def test_no_answer_is_none(bureau: Bureau, administrator: Browser, given: dict[str, str]) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    assert bureau.browser().post(link_in(mail), data=given).status_code == 422
    assert row(bureau, person).disabled_at is None
    assert bureau.browser().get(link_in(mail)).status_code == 200


def test_without_a_chief_or_an_address_the_administrateurs_are_asked(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled(Role.CURATEUR)
    confirmed(bureau, person, 336)
    (mail,) = night(bureau)
    assert "page Comptes" in words(mail)
    assert "Aucun responsable hiérarchique n’y est inscrit" in " ".join(words(mail).split())
    assert person.mail not in mail["To"]
    assert "à confirmer avant le" in administrator.get("/gestion/comptes").text
    assert "à confirmer ou à désactiver" in administrator.get("/gestion").text
    administrator.post(f"/gestion/comptes/{person.id}/confirmer")


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["desk_url", "smtp_url"])
def test_no_chief_is_asked_whom_no_link_can_reach(
    bureau: Bureau, administrator: Browser, missing: str
) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau, **{missing: None}) or [newest(bureau)]
    assert CHIEF not in mail["To"]
    assert "Son responsable hiérarchique n’a pas été interrogé" in " ".join(words(mail).split())
    administrator.post(f"/gestion/comptes/{person.id}/confirmer")


def newest(bureau: Bureau) -> EmailMessage:
    """The mail that was written to a file last, where no server is set."""
    file = max((bureau.settings.data_dir / "mail").glob("*.eml"))
    return email.message_from_bytes(file.read_bytes(), policy=policy.default)


def test_who_is_not_confirmed_within_a_year_is_let_in_no_more(
    bureau: Bureau, administrator: Browser
) -> None:
    person = bureau.enrolled(Role.CURATEUR)
    browser = bureau.browser()
    bureau.try_door(browser, person)
    assert browser.get("/gestion").status_code == 200
    confirmed(bureau, person, CONFIRMED_FOR.days + 1)
    # Even before the night.
    assert browser.get("/gestion").status_code == 303
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser("203.0.113.9"), person).status_code == 422
    (mail,) = night(bureau)
    said = words(mail)
    assert "Compte désactivé : Camille Exemple" in said
    assert "confirmé depuis douze mois" in said
    assert "invitez-la de nouveau" in said
    assert "désactivez" not in said
    assert "Par : Le service, de lui-même" in said
    assert row(bureau, person).disabled_at is not None
    assert night(bureau) == []


def test_who_did_not_come_for_six_months_is_disabled(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.CURATEUR)
    values = {"at": bureau.clock.at - UNUSED_FOR, "id": person.id}
    with write(bureau.databases.staff) as session:
        session.execute(text("UPDATE account SET used_at = :at WHERE id = :id"), values)
    night(bureau)
    assert row(bureau, person).disabled_at is not None


def test_the_last_administrateur_stays_though_nobody_confirmed_them(bureau: Bureau) -> None:
    person = bureau.enrolled(Role.ADMINISTRATEUR)
    with write(bureau.databases.staff) as session:
        session.execute(
            text("UPDATE account SET disabled_at = now() WHERE role = 'administrateur'"
                 " AND id <> :id"), {"id": person.id},
        )  # fmt: skip
    confirmed(bureau, person, 400)
    night(bureau)
    assert row(bureau, person).disabled_at is None
    bureau.clock.pass_by(seconds=31)
    assert bureau.try_door(bureau.browser("203.0.113.10"), person).status_code == 303
    confirmed(bureau, person, 0)


def test_what_no_server_took_is_asked_the_next_time(bureau: Bureau, administrator: Browser) -> None:
    person = referent(bureau, administrator, 336)
    # Nothing listens at this port.
    nowhere = runtime(bureau, smtp_url=SecretStr("smtp://127.0.0.1:9"))
    with pytest.raises(MailSilent):
        confirm_accounts(nowhere, bureau.clock.at)
    (mail,) = night(bureau)
    assert mail["To"] == CHIEF
    assert row(bureau, person).disabled_at is None
    journal = bureau.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?objet={person.id}").text
    assert "personne : aucun serveur n’a pris le message" in journal


def test_nobody_waits_for_a_mail_server(bureau: Bureau, administrator: Browser) -> None:
    referent(bureau, administrator, 336)
    free = []

    def try_lock() -> None:
        with write(bureau.databases.staff) as session:
            free.append(session.scalar(select(func.pg_try_advisory_xact_lock(AUDIT_LOCK))))

    assert len(night(bureau, try_lock)) == 1
    assert free == [True]


def test_nobody_is_their_own_chief(bureau: Bureau, administrator: Browser) -> None:
    person = bureau.enrolled(Role.REFERENT_ETAT)
    path = f"/gestion/comptes/{person.id}/responsable"
    for given in (person.mail.upper(), "pas une adresse"):
        assert administrator.post(path, data={"chief": given}).status_code == 422


def test_another_chief_is_asked_and_the_link_of_the_one_before_is_over(
    bureau: Bureau, administrator: Browser
) -> None:
    person = referent(bureau, administrator, 336)
    (mail,) = night(bureau)
    path = f"/gestion/comptes/{person.id}/responsable"
    assert administrator.post(path, data={"chief": "autre@example.org"}).status_code == 303
    assert bureau.browser().get(link_in(mail)).status_code == 410
    (other,) = night(bureau)
    assert other["To"] == "autre@example.org"
    assert night(bureau) == []
    bureau.browser().post(link_in(other), data={"reponse": "oui"})
    assert night(bureau) == []


def night_meanwhile(bureau: Bureau, person: Person, end: str) -> list[EmailMessage]:
    """The mails of a night that read its list before an account was confirmed or deleted."""
    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            account = people.get(session, person.id)
            if end == "confirm":
                confirming.confirm(session, account, bureau.clock.at)
            else:
                delete_account(session, account, bureau.clock.at)
            session.flush()
            mails = pool.submit(night, bureau)
            until(lambda: is_blocked(bureau.databases.staff))
        return mails.result()


@pytest.mark.parametrize("end", ["confirm", "delete"])
@pytest.mark.parametrize("days_ago", [336, 366])
def test_who_was_confirmed_or_deleted_meanwhile_is_left(
    bureau: Bureau, administrator: Browser, days_ago: int, end: str
) -> None:
    person = referent(bureau, administrator, days_ago)
    assert night_meanwhile(bureau, person, end) == []
    if end == "confirm":
        assert row(bureau, person).disabled_at is None
