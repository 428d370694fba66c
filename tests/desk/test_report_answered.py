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


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({MAIL: (code, b"no")})


def answer(bureau: Bureau, number: str, error: Exception, monkeypatch: pytest.MonkeyPatch) -> str:
    """Answer a report by a server that raises an error; return the address that is left of it."""

    def send(*_: object) -> None:
        raise error

    monkeypatch.setattr(answering, "send", send)
    try:
        answering.answer(runtime(bureau), UUID(number), bureau.clock.at)
    finally:
        monkeypatch.undo()
    with read(bureau.databases.staff) as session:
        report = session.scalars(select(Report)).one()
        return str(bureau.vault.open_json(TABLE, report.id, COLUMN, report.content)["mail"])


@pytest.mark.parametrize("error", [refused(550), ValueError()], ids=["refused", "no address"])
def test_an_address_that_takes_no_mail_is_forgotten(
    bureau: Bureau, curateur: Browser, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = reported(bureau, "closed", mail=MAIL)
    decided(curateur, bureau, number, "refuser")
    assert answer(bureau, number, error, monkeypatch) == ""


@pytest.mark.parametrize(
    "error",
    [refused(452), smtplib.SMTPServerDisconnected(), UnicodeError()],
    ids=["full", "gone", "server"],
)
def test_one_that_may_take_it_later_is_kept(
    bureau: Bureau, curateur: Browser, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = reported(bureau, "closed", mail=MAIL)
    decided(curateur, bureau, number, "refuser")
    with pytest.raises(MailSilent):
        answer(bureau, number, error, monkeypatch)
