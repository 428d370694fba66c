"""Sends the mails that invite to the place of a CDLP: each as things stand when it leaves."""

from datetime import datetime

from app.jobs import log
from app.jobs.mailing import hand_over
from app.network import committee_mails
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened


def invite(runtime: Runtime, desk: str, now: datetime) -> None:
    """Send all that are due; raise MailSilent where no server takes any mail."""
    public = runtime.settings.public_url or desk
    with read(runtime.staff) as session:
        found = committee_mails.to_write(session, now)
    for each in found:
        try:
            with write(runtime.staff) as session:
                given = (session, runtime.vault, each, desk, public, now)
                mail = committee_mails.write(*given)
        except NotOpened:
            log.say("mail not written", seat=str(each))
            continue
        if mail is not None:
            hand_over(runtime, mail, committee_mails.note_became, seat=str(each))
