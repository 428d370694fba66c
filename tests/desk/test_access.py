"""A professional asks for an account, confirms their address, and somebody decides."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import delete, func, select, update

from app.accounts import people, request_caps, requests
from app.accounts.request_caps import counted_by
from app.accounts.requests import LINK_FOR, UNCONFIRMED_FOR, UNDECIDED_FOR
from app.inbox import access_form
from app.inbox.message import AccessAsked
from app.inbox.opening import publish_key
from app.inbox.putting import put, read_lock
from app.jobs.mailing import MailSilent
from app.jobs.receiving import receive_and_forget
from app.jobs.welcoming import welcome
from app.models import AccessForm, AccessMail, AccessRequest, Account, InboxMessage, Role
from app.platform.database.sessions import read, write
from tests.desk.asked import runtime
from tests.desk.bureau import ORIGIN, Browser, Bureau
from tests.mailbox import mail_server

PAGE = "/gestion/demandes"
# Nobody is référent there.
ALONE = "2A"


@pytest.fixture(autouse=True)
def nothing_waits(bureau: Bureau) -> None:
    with write(bureau.databases.staff) as session:
        for model in (AccessRequest, AccessMail, AccessForm):
            session.execute(delete(model))


def asked(bureau: Bureau, **other: str) -> str:
    """Put a request into the inbox as public pages do; return its mail address."""
    given = {"name": "Sacha Exemple", "mail": f"{uuid4().hex[:10]}@example.org", "siret": "x"}
    given |= {"organisation": "Association <b>", "function": "Éducateur", "territory": "93"}
    message = AccessAsked.model_validate(given | other)
    with write(bureau.databases.staff) as session:
        publish_key(session, bureau.vault)
    with read(bureau.databases.public) as session:
        lock = read_lock(session)
    assert lock is not None
    assert bureau.databases.inbox is not None
    with write(bureau.databases.inbox) as session:
        put(session, lock, f"net {uuid4()}", message)
    return message.mail


def mails(bureau: Bureau, **settings: Any) -> list[EmailMessage]:
    """The mails of one round of the worker."""
    with mail_server() as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), **settings}
        welcome(runtime(bureau, **given), bureau.clock.at)
    return box.received


def link_of(mail: EmailMessage) -> str:
    (found,) = re.findall(rf"{ORIGIN}(/connexion/demande/\S+)", mail.get_content())
    return str(found)


def confirmed(bureau: Bureau, **other: str) -> UUID:
    """A request whose address was confirmed; return its id."""
    mail = asked(bureau, **other)
    (sent,) = mails(bureau)
    answer = bureau.browser().post(link_of(sent), data={"reponse": "oui"})
    assert answer.status_code == 200
    with read(bureau.databases.staff) as session:
        mailbox = counted_by(session, bureau.vault, mail).mailbox
        own = AccessRequest.mailbox == mailbox
        return session.scalars(select(AccessRequest.id).where(own)).one()


def count(bureau: Bureau) -> int:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(func.count()).select_from(AccessRequest)).one()


def approve(browser: Browser, number: UUID, reason: str = "Appelé au standard.") -> Any:
    return browser.post(f"{PAGE}/{number}", data={"reponse": "approuver", "motif": reason})


def test_an_address_is_asked_once_and_by_words_of_ours_alone(bureau: Bureau) -> None:
    mail = asked(bureau)
    (sent,) = mails(bureau)
    assert sent["To"] == mail
    for said in ("Sacha", "Association", "bureau"):
        assert said not in sent.get_content().replace(ORIGIN, "")
    assert mails(bureau) == []


def test_a_stranger_holds_no_address_and_the_link_that_is_followed_counts_alone(
    bureau: Bureau,
) -> None:
    mail = asked(bureau, name="Un inconnu")
    (of_stranger,) = mails(bureau)
    asked(bureau, mail="+1@".join(mail.upper().split("@")))
    (own,) = mails(bureau)
    assert "Un inconnu" in bureau.browser().get(link_of(of_stranger)).text
    assert "Sacha Exemple" in bureau.browser().get(link_of(own)).text
    assert bureau.browser().post(link_of(own), data={"reponse": "oui"}).status_code == 200
    assert bureau.browser().get(link_of(of_stranger)).status_code == 410
    assert count(bureau) == 1
    # Who asks once more while somebody decides is answered as ever, and corrects what they asked.
    asked(bureau, mail=mail, organisation="Un autre service")
    (again,) = mails(bureau)
    assert bureau.browser().post(link_of(again), data={"reponse": "oui"}).status_code == 200
    assert count(bureau) == 1
    page = bureau.signed_in(Role.REFERENT_DEPARTEMENT).get(PAGE).text
    assert "Un autre service" in page


def test_a_mailbox_is_sent_few_mails_an_hour_however_it_is_written(bureau: Bureau) -> None:
    for tag in ("", "+1", "+2", "+3", "+4"):
        asked(bureau, mail=f"camille{tag}@example.org")
    other = asked(bureau, mail="dominique@example.org")
    assert len(mails(bureau)) == 4
    assert mails(bureau) == []
    bureau.clock.pass_by(minutes=61)
    assert len(mails(bureau)) == 2
    assert other == "dominique@example.org"


@pytest.mark.parametrize(("domain", "most"), [("example.org", 20), ("example.net", 60)])
def test_a_domain_and_all_of_them_are_sent_so_many_an_hour_and_the_rest_later(
    bureau: Bureau, domain: str, most: int
) -> None:
    with write(bureau.databases.staff) as session:
        for number in range(most):
            where = domain if most == 20 else f"d{number}.example"
            counted = counted_by(session, bureau.vault, f"a{number}@{where}")
            request_caps.count(session, counted, bureau.clock.at)
    mail = asked(bureau, mail=f"{uuid4().hex[:10]}@{domain}")
    assert mails(bureau) == []
    bureau.clock.pass_by(minutes=61)
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_an_address_that_is_refused_for_ever_ends_its_request_and_no_other(
    bureau: Bureau,
) -> None:
    taken, never, later = (asked(bureau) for _ in range(3))
    refusing = {never: "550 5.1.1 Unknown", later: "450 4.2.0 Later"}
    with mail_server(refusing=refusing) as (box, port):
        given = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}")}
        welcome(runtime(bureau, **given), bureau.clock.at)
    assert [each["To"] for each in box.received] == [taken]
    assert count(bureau) == 2
    assert [each["To"] for each in mails(bureau)] == [later]


def test_the_form_is_open_while_whoever_asks_can_be_answered(bureau: Bureau) -> None:
    assert bureau.settings.smtp_url is None
    welcome(runtime(bureau), bureau.clock.at)
    with read(bureau.databases.public) as session:
        assert not access_form.is_open(session, bureau.clock.at)
    mails(bureau)
    with read(bureau.databases.public) as session:
        assert access_form.is_open(session, bureau.clock.at)
        assert not access_form.is_open(session, bureau.clock.at + access_form.OPEN_FOR)


def test_the_same_is_sent_to_whom_an_account_is_known(bureau: Bureau) -> None:
    known = bureau.enrolled(Role.CURATEUR)
    asked(bureau, mail=known.mail)
    unknown = asked(bureau)
    to_known, to_unknown = sorted(mails(bureau), key=lambda each: str(each["To"]) == unknown)
    same = [each.get_content().replace(link_of(each), "") for each in (to_known, to_unknown)]
    assert same[0] == same[1]
    assert to_known["Subject"] == to_unknown["Subject"]


@pytest.mark.parametrize("other", [{"territory": "ZZ"}, {"mail": "camille"}])
def test_what_cannot_be_asked_is_left(bureau: Bureau, other: dict[str, str]) -> None:
    asked(bureau, **other)
    assert mails(bureau) == []
    assert count(bureau) == 0


def test_a_mail_that_is_not_taken_is_sent_the_next_time(bureau: Bureau) -> None:
    mail = asked(bureau)
    silent = runtime(bureau, smtp_url=SecretStr("smtp://127.0.0.1:1"))
    with pytest.raises(MailSilent):
        welcome(silent, bureau.clock.at)
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_what_a_former_release_could_not_open_is_opened_in_the_night(bureau: Bureau) -> None:
    mail = asked(bureau)
    with write(bureau.databases.staff) as session:
        session.execute(update(InboxMessage).values(unreadable=True))
    assert mails(bureau) == []
    receive_and_forget(runtime(bureau), bureau.clock.at)
    assert [each["To"] for each in mails(bureau)] == [mail]


def test_looking_changes_nothing_and_a_yes_confirms_once(bureau: Bureau) -> None:
    asked(bureau)
    (sent,) = mails(bureau)
    path = link_of(sent)
    for _ in range(2):
        page = bureau.browser().get(path)
        assert page.status_code == 200
        assert "Association &lt;b&gt;" in page.text
        assert "bureau" not in page.text.casefold()
    with read(bureau.databases.staff) as session:
        assert session.scalars(select(AccessRequest)).one().confirmed_at is None
    referent = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    assert "Sacha Exemple" not in referent.get(PAGE).text
    assert "est enregistrée" in bureau.browser().post(path, data={"reponse": "oui"}).text
    assert "Sacha Exemple" in referent.get(PAGE).text
    for answer in (bureau.browser().get(path), bureau.browser().post(path, {"reponse": "non"})):
        assert answer.status_code == 410
        assert "bureau" not in answer.text.casefold()


def test_a_no_leaves_nothing_and_a_link_ends(bureau: Bureau) -> None:
    asked(bureau)
    (sent,) = mails(bureau)
    assert "C’est effacé" in bureau.browser().post(link_of(sent), data={"reponse": "non"}).text
    assert count(bureau) == 0
    asked(bureau)
    (sent,) = mails(bureau)
    with write(bureau.databases.staff) as session:
        row = session.scalars(select(AccessRequest)).one()
        row.asked_at = bureau.clock.at - LINK_FOR
    assert bureau.browser().get(link_of(sent)).status_code == 410
    assert bureau.browser().get("/connexion/demande/x").status_code == 410


def test_an_approval_makes_the_account_and_sends_the_invitation(bureau: Bureau) -> None:
    number = confirmed(bureau)
    person = bureau.enrolled(Role.REFERENT_DEPARTEMENT)
    browser = bureau.signed_in_as(person)
    refused = approve(browser, number, " ")
    assert refused.status_code == 422
    assert "motif" in refused.text
    assert approve(browser, number).headers["location"] == f"{PAGE}?fait=approuve"
    assert count(bureau) == 0
    assert approve(browser, number).status_code == 404
    with read(bureau.databases.staff) as session:
        account = session.scalars(
            select(Account).where(Account.approved_by == str(person.id))
        ).one()
        made = people.read_person(bureau.vault, account)
    assert (made.role, made.territories) == (Role.PROFESSIONNEL, ("93",))
    assert (made.organisation, made.siret, made.reason) == (
        "Association <b>", "", "Appelé au standard.",
    )  # fmt: skip
    letters = "".join(
        each.read_text() for each in (bureau.settings.data_dir / "mail").glob("*.eml")
    )
    assert made.mail in letters
    journal = bureau.signed_in(Role.ADMINISTRATEUR).get(f"/gestion/journal?objet={made.id}").text
    assert "Accès d’un professionnel approuvé" in journal


def test_a_refusal_leaves_nothing_and_is_said(bureau: Bureau) -> None:
    number = confirmed(bureau)
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = browser.post(f"{PAGE}/{number}", data={"reponse": "refuser"})
    assert answer.headers["location"] == f"{PAGE}?fait=refuse"
    assert "rien n’en est gardé" in browser.get(answer.headers["location"]).text
    assert count(bureau) == 0


def test_whose_address_has_an_account_already_stays_to_be_refused(bureau: Bureau) -> None:
    known = bureau.enrolled(Role.CURATEUR)
    number = confirmed(bureau, mail=known.mail)
    browser = bureau.signed_in(Role.REFERENT_DEPARTEMENT)
    answer = approve(browser, number)
    assert answer.status_code == 422
    assert "Appelé au standard." in answer.text
    assert count(bureau) == 1


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


def test_what_nobody_confirms_or_decides_is_forgotten(bureau: Bureau) -> None:
    confirmed(bureau)
    asked(bureau)
    mails(bureau)
    now = bureau.clock.at
    for later, left in (
        (UNCONFIRMED_FOR - timedelta(days=1), 2),
        (UNCONFIRMED_FOR + timedelta(days=1), 1),
        (UNDECIDED_FOR + timedelta(days=1), 0),
    ):
        with write(bureau.databases.staff) as session:
            requests.forget_old(session, now + later)
        assert count(bureau) == left
