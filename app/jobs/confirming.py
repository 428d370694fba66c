"""Asks each year whether people of the desk still have their office; ends what nobody confirms."""

import smtplib
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.accounts import confirming, ending, invitation, notices, people
from app.accounts.confirming import Asked
from app.accounts.errors import AccountUnknown, LastAdministrator
from app.accounts.people import BY_SERVICE
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.jobs.log import say
from app.jobs.mailing import MailSilent
from app.models import Role
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened

log = structlog.get_logger(__name__)
ITSELF = Author(BY_SERVICE)


def confirm_accounts(runtime: Runtime, now: datetime) -> None:
    """Disable what is past its period, then ask chiefs and administrateurs; raise MailSilent.

    Each account is a transaction; what was not sent is asked for the next time.
    """
    with read(runtime.staff) as session:
        late = confirming.overdue(session, now)
    for account_id in late:
        _disable(runtime, account_id, now)
    with read(runtime.staff) as session:
        due = confirming.to_ask(session, now)
    sent = [_ask(runtime, account_id, now) for account_id in due]
    if not all(sent):
        raise MailSilent


def _ask(runtime: Runtime, account_id: UUID, now: datetime) -> bool:
    """Ask about one account; return whether its mail was sent, or needs not be any more."""
    settings = runtime.settings
    origin = settings.desk_url or settings.public_url
    # No link can be written where nobody has said where the desk is, nor sent without a server.
    linked = origin is not None and settings.smtp_url is not None
    asked = _put(runtime, account_id, now, linked=linked)
    if asked is None:
        return True
    # After the transaction: nobody waits for the journal while a mail server does not answer.
    try:
        if asked.token:
            notices.ask_chief(settings, asked, invitation.confirmation_of(f"{origin}", asked.token))
        else:
            notices.ask_administrators(settings, runtime.staff, runtime.vault, asked, now)
    except (OSError, ValueError, smtplib.SMTPException):
        with write(runtime.staff) as session:
            confirming.withdraw(session, asked.id)
            _note(session, runtime, account_id, "nobody")
        return False
    with write(runtime.staff) as session:
        confirming.note_sent(session, asked.id, now)
    if asked.person.role is Role.PROFESSIONNEL:
        _remind(runtime, asked)
    return True


def _remind(runtime: Runtime, asked: Asked) -> None:
    """Tell somebody that another one is asked, who has the question by now: what becomes of this
    mail asks nobody again.
    """
    try:
        notices.remind_professional(runtime.settings, asked)
    except (OSError, ValueError) as error:
        log.error("reminder not sent", exception=type(error).__name__)


def _put(runtime: Runtime, account_id: UUID, now: datetime, *, linked: bool) -> Asked | None:
    """Note the question about an account, unless it was confirmed, closed or deleted meanwhile."""
    try:
        with write(runtime.staff) as session:
            people.get(session, account_id)
            # Asked again, now that nobody else can change it.
            if account_id not in confirming.to_ask(session, now):
                return None
            asked = confirming.ask(session, runtime.vault, account_id, now, linked=linked)
            _note(session, runtime, account_id, "chief" if asked.token else "administrators")
            return asked
    except AccountUnknown:
        return None
    except NotOpened:
        say("mail not written", account=str(account_id))
        return None


def _note(session: Session, runtime: Runtime, account_id: UUID, of: str) -> None:
    add(session, runtime.vault, ITSELF, Action.CONFIRMATION_ASKED, str(account_id), {"à": of})


def _disable(runtime: Runtime, account_id: UUID, now: datetime) -> None:
    """Disable an account, unless it was confirmed, used, closed or deleted meanwhile."""
    try:
        with write(runtime.staff) as session:
            account = people.get(session, account_id)
            why = confirming.overdue(session, now).get(account_id)
            if why is None:
                return
            ending.disable(session, account, now)
            try:
                person = people.read_person(runtime.vault, account)
            except NotOpened:
                # It ends all the same, and its mail would say whose it was.
                say("mail not written", account=str(account_id))
                person = None
            detail = {"pourquoi": why}
            add(session, runtime.vault, ITSELF, Action.DISABLED, str(account_id), detail)
    except (AccountUnknown, LastAdministrator):
        # It is gone; or nobody else could let them in again.
        return
    if person is None:
        return
    notices.mail_administrators(
        runtime.settings,
        runtime.staff,
        runtime.vault,
        deed=Action.DISABLED,
        person=person,
        by=BY_SERVICE,
        now=now,
        why=why,
    )
