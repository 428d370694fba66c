"""Whoever decides of a request for an access approves it with a reason, or refuses it."""

from contextlib import suppress
from email.message import EmailMessage
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.accounts import people
from app.jobs.mailing import MailSilent
from app.jobs.telling import tell
from app.models import AccessRequest, Account, Role
from app.platform.database.sessions import read, write
from tests.desk.access_asked import (
    ALONE,
    PAGE,
    approve,
    asked,
    confirmed,
    count,
    forget_all,
    letters,
    made,
    mails,
)
from tests.desk.asked import runtime
from tests.desk.bureau import ORIGIN, Bureau, account_of
from tests.mailbox import mail_server


@pytest.fixture(autouse=True)
def nothing_waits(bureau: Bureau) -> None:
    forget_all(bureau)


@pytest.mark.slow
def test_an_approval_makes_the_account_as_whoever_decides_corrects_it_and_sends_the_invitation(
    bureau: Bureau,
) -> None:
    administrator = bureau.enrolled(Role.ADMINISTRATEUR)
    number = confirmed(bureau)
    person = bureau.enrolled(Role.REFERENT_DEPARTEMENT)
    browser = bureau.signed_in_as(person)
    page = browser.get(PAGE).text
    assert 'value="Association &lt;b&gt;"' in page
    corrected = {"organisation": "Association corrigée", "siret": "110 000 015 00014"}
    for lacking in ("motif", "organisation", "fonction"):
        refused = approve(browser, number, **{**corrected, lacking: " "})
        assert refused.status_code == 422
        assert lacking in refused.text
    assert 'value="Association corrigée"' in refused.text
    assert approve(browser, number, **corrected).headers["location"] == f"{PAGE}?fait=approuve"
    assert count(bureau) == 0
    assert approve(browser, number).status_code == 404
    found = made(bureau, person)
    assert (found.role, found.territories) == (Role.PROFESSIONNEL, ("93",))
    assert (found.organisation, found.siret, found.reason) == (
        "Association corrigée", "11000001500014", "Appelé au standard.",
    )  # fmt: skip
    assert found.mail in letters(bureau)
    assert administrator.mail in letters(bureau)
    assert "Accès d’un professionnel approuvé : Sacha Exemple" in letters(bureau)
    signed = bureau.signed_in_as(administrator)
    assert (
        "Accès d’un professionnel approuvé" in signed.get(f"/gestion/journal?objet={found.id}").text
    )
    accounts = signed.get("/gestion/comptes").text
    assert "approuvé par Camille Exemple le" in accounts
    assert "Appelé au standard." in accounts


def test_a_refusal_leaves_nothing_and_is_said(bureau: Bureau) -> None:
    number = confirmed(bureau)
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = browser.post(f"{PAGE}/{number}", data={"reponse": "refuser"})
    assert answer.headers["location"] == f"{PAGE}?fait=refuse"
    assert "rien n’en est gardé" in browser.get(answer.headers["location"]).text
    assert count(bureau) == 0


@pytest.mark.slow
def test_whose_address_has_an_account_is_told_so_and_whoever_approves_is_not(
    bureau: Bureau,
) -> None:
    administrator = bureau.enrolled(Role.ADMINISTRATEUR)
    known, other = bureau.enrolled(Role.CURATEUR), bureau.enrolled(Role.PROFESSIONNEL)
    person = bureau.enrolled(Role.REFERENT_DEPARTEMENT)
    browser = bureau.signed_in_as(person)
    answers = []
    for mail in (known.mail, other.mail, f"{uuid4().hex}@example.org"):
        number = confirmed(bureau, mail=mail)
        lacking = approve(browser, number, motif="")
        answer = approve(browser, number)
        shown = browser.get(answer.headers["location"])
        answers.append((lacking.status_code, answer.status_code, shown.text))
    assert answers[0] == answers[1] == answers[2]
    assert count(bureau) == 0
    assert "Vous avez déjà un\ncompte à cette adresse" in letters(bureau)
    assert "Cette personne avait déjà ce compte" in letters(bureau)
    assert administrator.mail in letters(bureau)
    with read(bureau.databases.staff) as session:
        assert session.get_one(Account, known.id).territories == []
    page = bureau.signed_in_as(administrator).get(f"/gestion/journal?objet={known.id}").text
    assert "Appelé au standard." in page


def test_a_professional_who_is_approved_elsewhere_has_that_territory_too(bureau: Bureau) -> None:
    known = bureau.enrolled(Role.PROFESSIONNEL)
    number = confirmed(bureau, mail=known.mail, territory=ALONE)
    assert approve(bureau.signed_in(), number).status_code == 303
    with read(bureau.databases.staff) as session:
        assert session.get_one(Account, known.id).territories == [ALONE, "93"]


def test_a_curateur_decides_where_the_referent_cannot_sign_in(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        given = (session, bureau.vault, Role.REFERENT_DEPARTEMENT, f"{uuid4().hex}@example.org")
        referent = account_of(*given, [ALONE]).id
    number, curateur = confirmed(bureau, territory=ALONE), bureau.signed_in()
    # Invited, and never signed in.
    assert str(number) in curateur.get(PAGE).text
    assert "demande d’accès attend votre décision" in curateur.get("/gestion").text
    with write(bureau.databases.staff) as session:
        account = people.get(session, referent)
        account.password = account.totp = b"x"
    assert str(number) not in curateur.get(PAGE).text
    with write(bureau.databases.staff) as session:
        people.get(session, referent).disabled_at = bureau.clock.at
    assert approve(curateur, number).status_code == 303


def test_who_decides_is_told_once_and_nothing_of_who_asks(bureau: Bureau) -> None:
    confirmed(bureau, territory=ALONE)
    curateur = bureau.enrolled()
    assert night(bureau, silent=True) == []
    found = [each for each in night(bureau) if each["To"] == curateur.mail]
    assert len(found) == 1
    assert "Une nouvelle demande attend votre décision" in found[0].get_content()
    assert f"{ORIGIN}{PAGE}" in found[0].get_content()
    for said in ("Sacha", "Association", "2A", "Corse"):
        assert said not in found[0].get_content()
    assert night(bureau) == []


def night(bureau: Bureau, *, silent: bool = False) -> list[EmailMessage]:
    """The mails of a night to who decides; silent: its server is not there."""
    with mail_server() as (box, port):
        url = SecretStr(f"smtp://127.0.0.1:{1 if silent else port}")
        with suppress(MailSilent):
            tell(runtime(bureau, smtp_url=url), bureau.clock.at)
    return box.received


def test_a_referent_decides_for_their_territory_and_a_curateur_where_there_is_none(
    bureau: Bureau,
) -> None:
    here, alone = confirmed(bureau), confirmed(bureau, territory=ALONE, name="Dominique Seul")
    referent, curateur = bureau.signed_in(Role.REFERENT_DEPARTEMENT), bureau.signed_in()
    assert "Dominique Seul" not in referent.get(PAGE).text
    assert "Sacha Exemple" not in curateur.get(PAGE).text
    page = curateur.get(PAGE).text
    assert "Dominique Seul" in page
    rail = page.partition(f'href="{PAGE}"')[2].partition("</a>")[0]
    assert 'desk-rail__count">1<' in rail
    for browser, number in ((referent, alone), (curateur, here)):
        assert approve(browser, number).status_code == 404
        said = browser.post(f"{PAGE}/{number}", data={"reponse": "refuser"})
        assert said.status_code == 404
    assert approve(curateur, alone).status_code == 303
    assert approve(referent, here).status_code == 303


@pytest.mark.parametrize("role", [Role.REFERENT_ETAT, Role.ADMINISTRATEUR, Role.PROFESSIONNEL])
def test_nobody_else_reads_or_decides(bureau: Bureau, role: Role) -> None:
    number, browser = confirmed(bureau), bureau.signed_in(role)
    assert browser.get(PAGE).status_code == 403
    assert approve(browser, number).status_code == 403
    assert count(bureau) == 1


def test_an_approval_asks_for_a_fresh_proof(bureau: Bureau) -> None:
    number, browser = confirmed(bureau), bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    bureau.clock.pass_by(minutes=6)
    assert "Confirmez votre identité" in approve(browser, number).text
    assert count(bureau) == 1


def test_an_unconfirmed_one_is_nobodys_to_approve(bureau: Bureau) -> None:
    asked(bureau)
    mails(bureau)
    with read(bureau.databases.staff) as session:
        number = session.scalars(select(AccessRequest.id)).one()
    assert approve(bureau.signed_in(Role.REFERENT_DEPARTEMENT), number).status_code == 404
