"""Whom no server takes a mail for is answered no more, and their address is not kept for it."""

import smtplib
from uuid import UUID

import pytest
from sqlalchemy import select

from app.jobs import answering
from app.jobs.mailing import MailSilent
from app.models import Report
from app.platform.database.sessions import read
from app.reports.receiving import COLUMN, TABLE
from tests.desk.asked import runtime
from tests.desk.bureau import Browser, Bureau
from tests.desk.test_report_undo import curateur, decided, reported

__all__ = ["curateur"]
MAIL = "visiteur@example.org"


def refused(code: int, said: bytes = b"no") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({MAIL: (code, said)})


def answer(bureau: Bureau, number: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer a report by a server that raises an error."""

    def send(*_: object) -> None:
        raise error

    monkeypatch.setattr(answering, "send", send)
    try:
        answering.answer(runtime(bureau), UUID(number), bureau.clock.at)
    finally:
        monkeypatch.undo()


def address_left(bureau: Bureau) -> str:
    """Return to whom the report is to be answered."""
    with read(bureau.databases.staff) as session:
        report = session.scalars(select(Report)).one()
        return str(bureau.vault.open_json(TABLE, report.id, COLUMN, report.content)["mail"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "error",
    [refused(550), refused(550, b"5.1.1 User unknown"), ValueError()],
    ids=["refused", "unknown", "no address"],
)
def test_an_address_that_takes_no_mail_is_forgotten(
    bureau: Bureau, curateur: Browser, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = reported(bureau, "closed", mail=MAIL)
    decided(curateur, bureau, number, "refuser")
    answer(bureau, number, error, monkeypatch)
    assert address_left(bureau) == ""


@pytest.mark.parametrize(
    "error",
    [
        refused(452),
        refused(554, b"5.7.1 Relay access denied"),
        smtplib.SMTPDataError(550, b"5.4.5 Daily sending quota exceeded"),
        smtplib.SMTPServerDisconnected(),
        UnicodeError(),
    ],
    ids=["full", "we may not send", "we sent too much", "gone", "server"],
)
def test_one_that_may_take_it_later_is_kept(
    bureau: Bureau, curateur: Browser, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = reported(bureau, "closed", mail=MAIL)
    decided(curateur, bureau, number, "refuser")
    with pytest.raises(MailSilent):
        answer(bureau, number, error, monkeypatch)
    assert address_left(bureau) == MAIL
