"""Opens what visitors wrote, and asks by mail whoever wants an account whether they asked."""

import smtplib
from datetime import datetime
from uuid import UUID

from app.accounts import request_mails, requests
from app.jobs.mailing import MailSilent
from app.jobs.receiving import receive_all
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime


def welcome(runtime: Runtime, now: datetime) -> None:
    """Ask all who were not asked yet; raise MailSilent: they are asked the next time."""
    receive_all(runtime)
    settings = runtime.settings
    origin = settings.desk_url or settings.public_url
    if origin is None:
        # No link can be written where nobody has said where the desk is.
        return
    with read(runtime.staff) as session:
        found = requests.to_ask(session)
    sent = [_ask(runtime, each, origin, now) for each in found]
    if not all(sent):
        raise MailSilent


def _ask(runtime: Runtime, number: UUID, origin: str, now: datetime) -> bool:
    """Send one mail; return whether it is on its way, or needs not be any more."""
    with write(runtime.staff) as session:
        asked = requests.ask(session, runtime.vault, number)
    if asked is None:
        return True
    asker, token = asked
    # After the transaction: nobody waits for its row while a mail server does not answer.
    try:
        request_mails.mail_link(runtime.settings, asker, request_mails.link_of(origin, token))
    except (OSError, ValueError, smtplib.SMTPException):
        return False
    with write(runtime.staff) as session:
        requests.note_sent(session, number, now)
    return True
