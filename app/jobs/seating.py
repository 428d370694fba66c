"""Sends the mails that invite to the place of a CDLP: each as things stand when it leaves."""

from datetime import datetime
from uuid import UUID

from app.jobs.mailing import hand_over, written
from app.network import committee_mails as mails
from app.platform.database.sessions import read
from app.runtime.staff import Runtime


def invite(runtime: Runtime, desk: str, now: datetime) -> None:
    """Send all that are due; raise MailSilent where no server takes any mail."""
    with read(runtime.staff) as session:
        found = mails.to_write(session, now)
    for each in found:
        _send(runtime, each, desk, now)


def _send(runtime: Runtime, seat: UUID, desk: str, now: datetime) -> None:
    public = runtime.settings.public_url or desk
    mail = written(
        runtime,
        lambda session: mails.write(session, runtime.vault, seat, desk, public, now),
        lambda session: mails.step_back(session, seat, now),
        seat=str(seat),
    )
    if mail is not None:
        hand_over(runtime, mail, mails.note_became, seat=str(seat))
