"""How a job hands a mail over, and what it makes of one that was not taken: never, or not yet."""

import re
import smtplib
from collections.abc import Callable, Collection, Mapping
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.jobs import log
from app.platform.database.sessions import read, write
from app.platform.mail.conversation import InDoubt
from app.platform.mail.reports import is_of_a_mailbox
from app.platform.mail.sending import Became, send
from app.runtime.staff import Runtime
from app.vault.sealing import NotOpened

# Who visitors’ mails are from: others may look at the same mailbox.
SENDER = "Service d’information"
# From here on a server says that it will never take the mail.
NEVER = 500
# It refuses us for now, and not this mailbox.
LATER = 450
_EXACTLY = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class MailSilent(Mesure23Error):
    """Le serveur de courrier ne répond pas : ce qui n’est pas parti sera envoyé de nouveau."""


class Written(Protocol):
    """A mail that was noted as on its way, so that nobody is sent it twice."""

    @property
    def to(self) -> str:
        """Return whom it is for."""

    @property
    def subject(self) -> str:
        """Return what others see of it."""

    @property
    def text(self) -> str:
        """Return what it says."""


Mail = TypeVar("Mail", bound=Written)
Made = TypeVar("Made")


def in_rounds(
    runtime: Runtime,
    found: Callable[[Session, Collection[UUID]], list[UUID]],
    send_one: Callable[[UUID], None],
) -> None:
    """Send what waits in as many rounds as there are, each looked at once: hundreds that fill one
    hold nobody back who waited before them. Raises MailSilent.

    found: what waits, at most a round, but for what was looked at.
    """
    looked_at: set[UUID] = set()
    while True:
        with read(runtime.staff) as session:
            some = found(session, looked_at)
        if not some:
            return
        for each in some:
            send_one(each)
        looked_at.update(some)


def written(
    runtime: Runtime,
    write_mail: Callable[[Session], Made | None],
    step_back: Callable[[Session], None],
    **what: object,
) -> Made | None:
    """Return a mail as it leaves now, None where there is none; of one that does not open it is
    said, and it is tried less and less often, so that no other waits for it.

    what: of whom it is.
    """
    try:
        with write(runtime.staff) as session:
            return write_mail(session)
    except NotOpened:
        log.say("mail not written", **what)
    with write(runtime.staff) as session:
        step_back(session)
    return None


def hand_over(
    runtime: Runtime,
    mail: Mail,
    note: Callable[[Session, Mail, Became], None],
    headers: Mapping[str, str] | None = None,
    **what: object,
) -> None:
    """Hand a mail over, and have noted what became of it; raise MailSilent, after which no server
    takes another one either.

    what: of whom it is, in the line that says that nobody knows whether it left: that is noted as
    it was.
    """
    became: Became = "taken"
    is_silent = False
    # After the transaction: nobody waits for its row while a mail server does not answer.
    try:
        given = (runtime.settings, mail.to, mail.subject, mail.text)
        send(*given, sender=SENDER, headers=headers)
    except InDoubt:
        log.say("mail in doubt", **what)
        raise MailSilent from None
    except (OSError, ValueError) as error:
        code = code_of(error, mail.to)
        became, is_silent = ("never" if code >= NEVER else "later"), not code
    with write(runtime.staff) as session:
        note(session, mail, became)
    if is_silent:
        raise MailSilent


def code_of(error: OSError | ValueError, mail: str) -> int:
    """Return what a server says of this mail, as its protocol numbers it; 0 of what would be said
    of any: it is not there, or does not know us.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return min((_code(*each) for each in error.recipients.values()), default=0)
        case smtplib.SMTPDataError():
            return _code(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            # The same is raised of a server without encryption, and of its name.
            return 0 if mail.isascii() else NEVER
        case OSError():
            # A certificate that is over is a ValueError as well.
            return 0
    return NEVER


def _code(code: int, said: bytes | str) -> int:
    """Return the code of an answer, LATER where it says that it refuses us."""
    exactly = _EXACTLY.match(said.encode() if isinstance(said, str) else said)
    is_ours = exactly is not None and not is_of_a_mailbox(exactly[1].decode())
    return LATER if code >= NEVER and is_ours else code
