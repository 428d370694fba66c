"""The letter is asked for by an address, confirmed by the link of a mail, and forgotten."""

import smtplib
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.inbox.acting import Asked, put_act
from app.inbox.opening import link_signer
from app.inbox.putting import read_lock
from app.jobs.mailing import MailSilent
from app.jobs.receiving import receive_all
from app.jobs.subscribing import act_all
from app.operations import revoked_again
from app.platform.database.sessions import write
from app.platform.mail.conversation import InDoubt
from app.platform.mail.links import Aim, Link, signed
from app.public.letters.link_routes import AGREED
from app.subscriptions import subscribing
from tests.cut_off import Killed, cut_off
from tests.letters_asked import Post, link_of

# Of the field, in whatever form: none may stand where others see a mail without opening it.
OF_THE_FIELD = ("mineur", "exploit", "prostitu", "sexuel", "mesure 23", "enfan", "violence")


def test_somebody_asks_confirms_and_the_proof_is_kept(post: Post) -> None:
    mail = post.ask()
    (asked,) = post.mails()
    assert asked["To"] == mail
    page = post.client.get(link_of(asked))
    assert AGREED in page.text
    assert mail not in page.text
    # To open the page changes nothing.
    assert post.mails() == []
    assert post.rows()[0].confirmed_at is None
    assert "C’est noté" in post.press(link_of(asked), reponse="oui").text
    post.mails()
    (row,) = post.rows()
    assert row.confirmed_at is not None
    content = post.runtime.vault.open_json("letter_subscriber", row.id, "content", row.content)
    assert content == {"mail": mail, "shown": AGREED}
    assert (row.rhythm, row.link_only) == ("each", False)


def test_the_mail_that_asks_says_nothing_of_the_field(post: Post) -> None:
    post.ask()
    (asked,) = post.mails()
    assert str(asked["From"]).startswith("Service d’information <")
    assert asked["Subject"] == "Votre abonnement à confirmer"
    whole = f"{asked.as_string()} {asked.get_content()}".casefold()
    assert [word for word in OF_THE_FIELD if word in whole] == []
    # Nothing of it is a letter yet.
    assert asked["List-Unsubscribe"] is None
    assert asked["List-Unsubscribe-Post"] is None
    assert asked["Auto-Submitted"] == "auto-generated"


def test_whoever_shares_a_mailbox_may_have_a_link_alone(post: Post) -> None:
    assert post.subscribed(forme="lien").link_only


def test_an_address_is_asked_once_a_day_whoever_asks(post: Post) -> None:
    mail = post.ask()
    assert len(post.mails()) == 1
    post.ask(mail)
    # A mailbox has other spellings.
    post.ask(mail.replace("@", "+1@"))
    assert post.mails() == []
    post.pass_by(hours=25)
    post.ask(mail)
    (again,) = post.mails()
    assert post.press(link_of(again), reponse="oui").status_code == 200
    post.mails()
    # Who has it is asked no more.
    post.pass_by(hours=25)
    post.ask(mail)
    assert post.mails() == []
    assert len(post.rows()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("sent", [True, False])
def test_whose_worker_was_killed_is_asked_no_second_time_but_if_they_ask_again(
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sent: bool,
) -> None:
    mail = post.ask()
    cut_off(monkeypatch, Killed(), sent=sent)
    with pytest.raises(Killed):
        post.mails()
    capsys.readouterr()
    assert post.mails() == []
    assert f'"{post.rows()[0].id}"' in capsys.readouterr().out
    # It is said once.
    assert post.mails() == []
    assert "in doubt" not in capsys.readouterr().out
    post.ask(mail)
    assert post.mails() == []
    post.pass_by(hours=25)
    post.ask(mail)
    (again,) = post.mails()
    assert post.press(link_of(again), reponse="oui").status_code == 200


def test_a_server_that_says_nothing_once_it_has_the_mail_is_given_no_second(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.ask()
    cut_off(monkeypatch, InDoubt(), sent=True)
    with pytest.raises(MailSilent):
        post.mails()
    assert post.mails() == []


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (ConnectionRefusedError(), pytest.raises(MailSilent)),
        (smtplib.SMTPDataError(451, b"later"), nullcontext()),
    ],
)
def test_a_mail_that_no_server_took_is_sent_later(
    post: Post, monkeypatch: pytest.MonkeyPatch, error: OSError, ends: Any
) -> None:
    post.ask()
    cut_off(monkeypatch, error, sent=False)
    with ends:
        assert post.mails() == []
    assert len(post.mails()) == 1


def test_of_a_mailbox_that_takes_no_mail_nothing_stays(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.ask()
    cut_off(monkeypatch, smtplib.SMTPDataError(550, b"5.1.1 unknown"), sent=False)
    assert post.mails() == []
    assert post.rows() == []


def test_who_says_no_is_forgotten_and_not_asked_again_that_day(post: Post) -> None:
    mail = post.ask()
    (asked,) = post.mails()
    assert "effacée" in post.press(link_of(asked), reponse="non").text
    assert post.mails() == []
    (row,) = post.rows()
    content = post.runtime.vault.open_json("letter_subscriber", row.id, "content", row.content)
    assert content["mail"] == ""
    post.ask(mail)
    assert post.mails() == []
    # A link of before confirms nobody who took their address back.
    with write(post.runtime.staff) as session:
        subscribing.forget_old(session, post.clock.at)
    assert len(post.rows()) == 1
    post.pass_by(days=8)
    with write(post.runtime.staff) as session:
        subscribing.forget_old(session, post.clock.at)
    assert post.rows() == []


def test_a_link_confirms_for_three_days_and_an_address_stays_for_seven(post: Post) -> None:
    post.ask()
    (asked,) = post.mails()
    post.pass_by(hours=71)
    assert post.client.get(link_of(asked)).status_code == 200
    post.pass_by(hours=2)
    for answer in (
        post.client.get(link_of(asked)),
        post.press(link_of(asked), reponse="oui"),
    ):
        assert answer.status_code == 410
        assert "trois jours" in answer.text
    assert post.rows()[0].confirmed_at is None
    for days, left in ((3, 1), (2, 0)):
        post.pass_by(days=days)
        with write(post.runtime.staff) as session:
            subscribing.forget_old(session, post.clock.at)
        assert len(post.rows()) == left


def test_a_link_that_is_over_confirms_nobody_however_it_came_in(post: Post) -> None:
    post.ask()
    post.mails()
    (row,) = post.rows()
    vault, inbox = post.runtime.vault, post.runtime.databases.inbox
    assert inbox is not None
    with write(post.runtime.staff) as session:
        key = link_signer(session, vault)
        lock = read_lock(session)
    assert lock is not None
    for hours, confirms in ((-1, False), (1, True)):
        ends = datetime.now(UTC) + timedelta(hours=hours)
        token = signed(key, Link(Aim.CONFIRM, row.id, ends))
        with write(inbox) as session:
            put_act(session, lock, row.id, Asked(token=token, deed="confirm", shown=AGREED))
        act_all(post.runtime)
        assert (post.rows()[0].confirmed_at is not None) == confirms


def test_a_link_confirms_the_address_that_it_was_sent_to(post: Post) -> None:
    mail = post.ask()
    (asked,) = post.mails()
    other = mail.replace("@", "+other@")
    for hours in (0, 25):
        post.pass_by(hours=hours)
        post.ask(other)
        assert [each["To"] for each in post.mails()] == ([mail] if hours else [])
    post.press(link_of(asked), reponse="oui")
    post.mails()
    (row,) = post.rows()
    content = post.runtime.vault.open_json("letter_subscriber", row.id, "content", row.content)
    assert content["mail"] == mail


def test_whoever_took_their_address_back_confirms_no_other_by_the_same_link(post: Post) -> None:
    mail = post.ask()
    (asked,) = post.mails()
    post.press(link_of(asked), reponse="non")
    post.mails()
    post.pass_by(hours=25)
    post.ask(mail.replace("@", "+other@"))
    assert post.mails() == []
    post.press(link_of(asked), reponse="oui")
    post.mails()
    assert post.rows()[0].confirmed_at is None


def test_an_address_that_does_not_open_keeps_nobody_else_waiting(post: Post) -> None:
    post.ask()
    receive_all(post.runtime)
    with write(post.runtime.staff) as session:
        broken = "UPDATE letter_subscriber SET content = content || 'x'::bytea"
        session.execute(text(broken))
    mail = post.ask()
    assert [each["To"] for each in post.mails()] == [mail]


def test_an_address_that_does_not_open_keeps_nobody_from_leaving(post: Post) -> None:
    leaves = post.subscribed()
    post.ask()
    (asked,) = post.mails()
    with write(post.runtime.staff) as session:
        broken = "UPDATE letter_subscriber SET content = content || 'x'::bytea WHERE id <> :id"
        session.execute(text(broken), {"id": leaves.id})
    post.press(link_of(asked), reponse="oui")
    post.press(post.leaving(leaves))
    post.mails()
    assert [row.id for row in post.rows() if row.confirmed_at] == []


def test_addresses_are_sealed_and_no_network_is_kept(post: Post) -> None:
    mail = post.ask()
    post.mails()
    with post.runtime.staff.connect() as connection:
        stored = connection.execute(text("SELECT r::text FROM letter_subscriber r")).scalars().all()
        columns = connection.execute(
            text(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name IN ('letter_subscriber', 'mail_act')"
            )
        ).scalars()
        assert not {"ip", "network", "client"} & set(columns)
    assert mail not in "\n".join(stored)


def test_a_restored_backup_brings_nobody_back(post: Post) -> None:
    row = post.subscribed()
    with write(post.runtime.staff) as session:
        given = (session, post.runtime.vault, [str(row.id)], "essai")
        assert revoked_again.subscribers(*given) == 1
        noted = text("SELECT subject FROM withdrawal WHERE what = 'subscriber'")
        assert str(row.id) in session.scalars(noted).all()


@pytest.mark.parametrize(
    "mail", ["a@b", "x", "a@example.org\nBcc: b@example.org", "<a@example.org>", "é@example.org"]
)
def test_what_is_no_address_is_written_to_by_nobody(post: Post, mail: str) -> None:
    post.ask(mail)
    receive_all(post.runtime)
    assert post.rows() == []
