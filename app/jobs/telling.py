"""Tells, once a day at most, who decides that requests for an access wait for them, and operators
which organisations were given their contact.
"""

from datetime import datetime
from uuid import UUID

from app.accounts import deciders, request_mails
from app.jobs import log
from app.jobs.mailing import MailSilent, code_of
from app.platform.database.sessions import read, write
from app.revealing import notices
from app.runtime.staff import Runtime


def tell(runtime: Runtime, now: datetime) -> None:
    """Tell each who decides of what nobody was told; raise MailSilent: the rest is the next time.

    A request of which one of several was told is told to nobody again.
    """
    settings = runtime.settings
    origin = settings.desk_url or settings.public_url
    if origin is None or settings.smtp_url is None:
        return
    with read(runtime.staff) as session:
        found, failed = deciders.untold(session, runtime.vault, now)
    _say_unwritten(failed, "deciders")
    notified: set[UUID] = set()
    try:
        for each in found:
            count = len(each.requests)
            page = f"{origin}/gestion/demandes"
            try:
                request_mails.mail_untold(settings, each.person, count, page)
            except (OSError, ValueError) as error:
                if not code_of(error, each.person.mail):
                    raise MailSilent from None
                continue
            notified |= set(each.requests)
    finally:
        with write(runtime.staff) as session:
            deciders.note_notified(session, notified, now)


def tell_operators(runtime: Runtime, now: datetime) -> None:
    """Tell each mailbox that operators gave what was given since; raise MailSilent: the rest is the
    next time.
    """
    settings = runtime.settings
    if settings.smtp_url is None:
        return
    with read(runtime.staff) as session:
        found, failed = notices.untold(session, runtime.vault, now)
    _say_unwritten(failed, "operators")
    for each in found:
        try:
            notices.mail_operator(settings, each)
        except (OSError, ValueError) as error:
            if not code_of(error, each.mail):
                raise MailSilent from None
            continue
        with write(runtime.staff) as session:
            notices.note_notified(session, each.reveals, now)


def _say_unwritten(count: int, to: str) -> None:
    if count:
        log.say("mails not written", count=count, to=to)
