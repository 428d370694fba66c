"""A professional asks for an account, confirms their address."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from app.accounts import request_caps, requests
from app.accounts.request_caps import counted_by
from app.accounts.requests import LINK_FOR, UNCONFIRMED_FOR, UNDECIDED_FOR
from app.inbox import access_form
from app.jobs.mailing import MailSilent
from app.jobs.receiving import receive_all, receive_and_forget
from app.jobs.welcoming import welcome
from app.models import AccessRequest, InboxMessage, Role
from app.platform.database.sessions import read, write
from tests.desk.access_asked import PAGE, asked, confirmed, count, forget_all, link_of, mails
from tests.desk.asked import runtime
from tests.desk.bureau import ORIGIN, Bureau
from tests.mailbox import mail_server
from tests.makers_agenda import by_a_lost_key, written_otherwise


@pytest.fixture(autouse=True)
def nothing_waits(bureau: Bureau) -> None:
    forget_all(bureau)


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


def test_one_that_a_former_release_read_ends_no_other_ones(bureau: Bureau) -> None:
    asked(bureau)
    asked(bureau)
    first, _ = mails(bureau)
    with write(bureau.databases.staff) as session:
        session.execute(update(AccessRequest).values(mailbox=None))
    assert bureau.browser().post(link_of(first), data={"reponse": "oui"}).status_code == 200
    assert count(bureau) == 2
    receive_and_forget(runtime(bureau), bureau.clock.at)
    with read(bureau.databases.staff) as session:
        found = session.scalars(select(AccessRequest.mailbox)).all()
    assert len(set(found)) == 2
    assert None not in found


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
    bureau.clock.pass_by(minutes=61)
    assert [each["To"] for each in mails(bureau)] == [later]


@pytest.mark.parametrize("damaged", [written_otherwise, by_a_lost_key])
def test_one_that_does_not_open_keeps_nobody_waiting_and_is_tried_less_and_less(
    bureau: Bureau,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damaged: Callable[[bytes], bytes],
) -> None:
    monkeypatch.setattr(requests, "AT_ONCE", 1)
    other = asked(bureau)
    bureau.clock.pass_by(minutes=1)
    asked(bureau)
    receive_all(runtime(bureau))
    with write(bureau.databases.staff) as session:
        row = session.scalars(select(AccessRequest).order_by(AccessRequest.received_at)).all()[-1]
        row.content = damaged(row.content)
    capsys.readouterr()
    received, said = [], []
    for minutes in (1, 1, 1, 60):
        bureau.clock.pass_by(minutes=minutes)
        received += [each["To"] for each in mails(bureau)]
        said.append(capsys.readouterr().out.count("mail not written"))
    assert received == [other]
    assert said[0] == said[-1] == 1
    assert 0 in said


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
