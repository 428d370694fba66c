"""What a member wrote, once its mail was cut off, grew old, or came out of a backup."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.audit.journal import Author
from app.jobs.mailing import MailSilent
from app.models import MemberReport, NetworkMember
from app.network import members, messages, reporting
from app.network.held import held
from app.operations import revoked_again
from app.operations.withdrawn_again import end_all_sessions
from app.platform.database.sessions import read, write
from app.platform.mail.conversation import InDoubt
from tests.cut_off import Killed, cut_off
from tests.desk.access_asked import mails
from tests.desk.bureau import Bureau
from tests.desk.network.conftest import Joined
from tests.desk.network.written import RECEIVED, TEXT, rows, send_to, sent_one
from tests.meanwhile import is_blocked, until


@pytest.mark.parametrize("sent", [True, False])
def test_a_mail_that_was_cut_off_is_not_sent_again(
    bureau: Bureau, joined: Joined, monkeypatch: pytest.MonkeyPatch, sent: bool
) -> None:
    (_, browser), (reader, _) = joined(), joined()
    send_to(browser, reader)
    cut_off(monkeypatch, Killed(), sent=sent)
    with pytest.raises(Killed):
        mails(bureau)
    assert [each.state for each in rows(bureau)] == ["going"]
    assert mails(bureau) == []
    assert [each.state for each in rows(bureau)] == ["doubt"]


@pytest.mark.parametrize(
    ("error", "ends", "left"),
    [
        (ConnectionRefusedError(), pytest.raises(MailSilent), 1),
        (smtplib.SMTPDataError(451, b"later"), nullcontext(), 1),
        (smtplib.SMTPRecipientsRefused({}), pytest.raises(MailSilent), 1),
        (smtplib.SMTPDataError(550, b"5.1.1 unknown"), nullcontext(), 0),
        (InDoubt(), pytest.raises(MailSilent), 0),
    ],
)
def test_a_mail_that_no_server_took_is_sent_later_unless_none_ever_will(
    bureau: Bureau,
    joined: Joined,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    ends: Any,
    left: int,
) -> None:
    (_, browser), (reader, _) = joined(), joined()
    send_to(browser, reader)
    cut_off(monkeypatch, error, sent=False)
    with ends:
        assert mails(bureau) == []
    assert len(mails(bureau)) == left


def test_a_text_is_erased_a_week_after_it_left_and_the_rest_after_a_month(
    bureau: Bureau, joined: Joined
) -> None:
    writer, reader, _, _ = sent_one(bureau, joined)
    _, browser = joined()
    bureau.clock.pass_by(minutes=1)
    send_to(browser, reader)
    at = bureau.clock.at

    def night(days: int) -> list[tuple[str, bool]]:
        with write(bureau.databases.staff) as session:
            messages.forget_old(session, at + timedelta(days=days))
        return [(each.state, each.content is not None) for each in rows(bureau)]

    with read(bureau.databases.staff) as session:
        wrote = held(session, bureau.vault, writer.id, at)["messages_ecrits"]
        assert [each["texte"] for each in wrote] == [TEXT]
        assert held(session, bureau.vault, reader.id, at)["messages_ecrits"] == []
    assert night(2) == [("left", True), ("waits", True)]
    assert night(3) == [("left", True), ("never", False)]
    assert night(7) == [("left", False), ("never", False)]
    assert night(30) == []


def test_a_report_is_forgotten_half_a_year_after_it_was_decided(
    bureau: Bureau, joined: Joined
) -> None:
    _, reader, other, row = sent_one(bureau, joined)
    other.post(f"{RECEIVED}/signaler", {"message": str(row.id), "pourquoi": "Non."})
    at = bureau.clock.at
    with write(bureau.databases.staff) as session:
        assert held(session, bureau.vault, reader.id, at)["signalements_ecrits"]
        reporting.forget_old(session, at + timedelta(days=4_000))
        assert session.get(MemberReport, row.id)
        reporting.decide(session, bureau.vault, Author("os:essai"), row.id, at)
        reporting.forget_old(session, at + timedelta(days=181))
        assert session.scalars(select(MemberReport)).all()
        reporting.forget_old(session, at + timedelta(days=182))
        assert not session.scalars(select(MemberReport)).all()


@pytest.mark.parametrize("end", [members.exclude, members.leave])
def test_who_is_no_member_reports_nobody(bureau: Bureau, joined: Joined, end: Any) -> None:
    writer, reader, other, row = sent_one(bureau, joined)
    with write(bureau.databases.staff) as session:
        end(session, bureau.vault, Author("os:essai"), reader.id, bureau.clock.at)
    sent = {"message": str(row.id), "pourquoi": "Démarchage."}
    answer = other.post(f"{RECEIVED}/signaler", sent)
    assert answer.status_code == 403
    assert "Réservé aux membres" in answer.text
    with read(bureau.databases.staff) as session:
        assert not messages.blocks(session, reader.id, writer.id)
        assert session.get(MemberReport, row.id) is None


@pytest.mark.slow
def test_somebody_blocks_another_while_they_are_excluded(bureau: Bureau, joined: Joined) -> None:
    (writer, _), (reader, _) = joined(), joined()

    def excluded() -> None:
        with write(bureau.databases.staff) as session:
            given = (Author("os:essai"), reader.id, bureau.clock.at)
            members.exclude(session, bureau.vault, *given)

    with ThreadPoolExecutor(1) as pool:
        with write(bureau.databases.staff) as session:
            session.get(NetworkMember, reader.id, with_for_update=True)
            ended = pool.submit(excluded)
            until(lambda: is_blocked(bureau.databases.staff))
            messages.block(session, reader.id, writer.id, bureau.clock.at)
        ended.result()


def test_a_restored_backup_sends_nothing_that_waited_and_forgets_no_block(
    bureau: Bureau, joined: Joined
) -> None:
    (writer, browser), (reader, _) = joined(), joined()
    send_to(browser, reader)
    with write(bureau.databases.staff) as session:
        both = {f"{reader.id} {writer.id}", f"{reader.id} {uuid4()}"}
        assert revoked_again.blocks(session, bureau.vault, both, "essai") == 1
        assert messages.blocks(session, reader.id, writer.id)
        messages.unblock(session, reader.id, writer.id)
        end_all_sessions(session)
    assert [each.state for each in rows(bureau)] == ["never"]
    assert mails(bureau) == []
