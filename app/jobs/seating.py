"""Sends the mails that invite to the place of a CDLP: each as things stand when it leaves."""

from datetime import datetime

from app.jobs import log
from app.jobs.mailing import NEVER, SENDER, MailSilent, code_of
from app.network import committee_mails
from app.platform.database.sessions import read, write
from app.platform.mail.sending import send
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
            _send(runtime, mail)


def _send(runtime: Runtime, mail: committee_mails.Mail) -> None:
    given = (runtime.settings, mail.to, committee_mails.SUBJECT, mail.text)
    # After the transaction: nobody waits for its row while a mail server does not answer.
    try:
        send(*given, sender=SENDER)
    except (OSError, ValueError) as error:
        code = code_of(error, mail.to)
        if code < NEVER:
            with write(runtime.staff) as session:
                committee_mails.note_refused(session, mail.seat)
        if not code:
            raise MailSilent from None
