"""Letters that come back after a server took them: whose address that was is written to no more."""

from contextlib import nullcontext
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.commands import mail
from app.jobs.bouncing import Outcome, read_reports
from app.models import Letter, LetterMail, LetterSubscriber
from app.platform.database.sessions import read
from app.runtime.staff import Runtime
from tests.delivery_reports import MARK, report
from tests.mailbox import mail_server
from tests.makers_letters import approved, mails, sent, subscribed, with_post

NOW = datetime(2027, 3, 20, tzinfo=UTC)


def posted(runtime: Runtime, month: str) -> str:
    """Send a letter to its one subscriber; return how its Message-ID begins."""
    approved(runtime, month=month)
    with mail_server() as (box, port):
        sent(with_post(runtime, port))
    assert len(box.received) == 1
    with read(runtime.staff) as session:
        of_letter = select(LetterMail.mark).join(Letter, Letter.id == LetterMail.letter_id)
        mark = session.scalars(of_letter.where(Letter.month == month)).one().hex()
    assert str(box.received[0]["Message-ID"]).startswith(f"<{mark}@")
    return mark


def counted(runtime: Runtime, subscriber: UUID) -> tuple[int, bool]:
    with read(runtime.staff) as session:
        row = session.get_one(LetterSubscriber, subscriber)
        return row.refusals, row.suspended_at is not None


@pytest.mark.slow
def test_two_letters_in_a_row_that_come_back_are_the_last(runtime: Runtime) -> None:
    ((number, _),) = subscribed(runtime)
    first = report(posted(runtime, "2027-01"))
    assert read_reports(runtime, [first], NOW) == Outcome(came_back=1)
    assert mails(runtime)[number] == "refused"
    # Servers report more than once, and so may anybody who has a report.
    assert read_reports(runtime, [first, first], NOW) == Outcome(other=2)
    assert counted(runtime, number) == (1, False)
    second = report(posted(runtime, "2027-02"))
    # A relay took it: that says nothing of the mailbox behind it.
    assert counted(runtime, number) == (1, False)
    assert read_reports(runtime, [second], NOW) == Outcome(came_back=1, suspended=1)
    approved(runtime, month="2027-03")
    with mail_server() as (box, port):
        sent(with_post(runtime, port))
    assert box.received == []


@pytest.mark.slow
def test_a_letter_between_that_did_not_come_back_ends_the_count(runtime: Runtime) -> None:
    ((number, _),) = subscribed(runtime)
    read_reports(runtime, [report(posted(runtime, "2027-01"))], NOW)
    posted(runtime, "2027-02")
    read_reports(runtime, [report(posted(runtime, "2027-03"))], NOW)
    assert counted(runtime, number) == (1, False)


def test_a_report_of_an_unknown_message_changes_nothing(runtime: Runtime) -> None:
    ((number, mail_address),) = subscribed(runtime)
    posted(runtime, "2027-01")
    forged = [report(each) for each in (MARK, "essai." + MARK, "x", "0", "é")]
    # Whatever address it names.
    forged += [each.replace(b"camille@example.org", mail_address.encode()) for each in forged]
    assert read_reports(runtime, forged, NOW) == Outcome(other=len(forged))
    assert counted(runtime, number) == (0, False)


def test_the_command_says_how_many_and_names_nobody(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((_, address),) = subscribed(runtime)
    mark = posted(runtime, "2027-01")
    monkeypatch.setattr(mail, "opened", lambda: nullcontext(runtime))
    monkeypatch.setattr(mail, "MOST_BYTES", 100_000)
    box = b"From x\n" + report(mark) + b"\n\nFrom x\n" + report()
    said = CliRunner().invoke(mail.app, [], input=box)
    assert said.output == "1 lettre revenue, 0 abonnement suspendu, 1 autre message.\n"
    assert address not in said.output
    assert CliRunner().invoke(mail.app, [], input=b"").exit_code == 0
    too_much = CliRunner().invoke(mail.app, [], input=b"x" * 100_001)
    assert isinstance(too_much.exception, mail.TooMuchRead)
