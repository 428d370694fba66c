"""Sends what members write to each other, and who is invited: each mail is written as it leaves."""

from datetime import datetime
from uuid import UUID

from app.jobs import log
from app.jobs.mailing import hand_over, written
from app.network import inviting
from app.network import message_mails as mails
from app.platform.database.sessions import write
from app.runtime.staff import Runtime

NETWORK = "/pro/reseau"


def relay(runtime: Runtime, desk: str, now: datetime) -> None:
    """Send all that waits; raise MailSilent where no server takes any mail."""
    with write(runtime.staff) as session:
        doubtful = mails.settle(session, now)
    for each in doubtful:
        log.say("mail in doubt", message=str(each))
    with write(runtime.staff) as session:
        found = mails.to_write(session, now)
    for each in found:
        _send(runtime, each, f"{desk}{NETWORK}", now)


def invite(runtime: Runtime, desk: str, now: datetime) -> None:
    """Send the invitations that wait; raise MailSilent where no server takes any mail."""
    with write(runtime.staff) as session:
        doubtful, found = inviting.settle(session, now), inviting.to_write(session, now)
    for each in doubtful:
        log.say("mail in doubt", invitation=str(each))
    for each in found:
        _invite(runtime, each, desk, now)


def _send(runtime: Runtime, message: UUID, page: str, now: datetime) -> None:
    mail = written(
        runtime,
        lambda session: mails.write(session, runtime.vault, message, page, now),
        lambda session: mails.step_back(session, message, now),
        message=str(message),
    )
    if mail is not None:
        hand_over(runtime, mail, mails.note_became, message=str(message))


def _invite(runtime: Runtime, invitation: UUID, desk: str, now: datetime) -> None:
    public = runtime.settings.public_url or desk
    mail = written(
        runtime,
        lambda session: inviting.write(session, runtime.vault, invitation, desk, public, now),
        lambda session: inviting.step_back(session, invitation, now),
        invitation=str(invitation),
    )
    if mail is not None:
        hand_over(runtime, mail, inviting.note_became, invitation=str(invitation))
