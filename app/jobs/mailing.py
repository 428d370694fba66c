"""What a job that sends mails makes of one that was not taken: never, or not yet."""

import re
import smtplib

from app.errors import Mesure23Error

# Who visitors’ mails are from: others may look at the same mailbox.
SENDER = "Service d’information"
# From here on a server says that it will never take the mail.
NEVER = 500
# It refuses us for now, and not this mailbox.
LATER = 450
# What a server says more exactly of a mailbox (RFC 3463); all else is of who sends: their address,
# their rights, how much they send.
_OF_A_MAILBOX = re.compile(rb"5\.(1\.[0-6]|2\.\d)")
_EXACTLY = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class MailSilent(Mesure23Error):
    """Le serveur de courrier ne répond pas : ce qui n’est pas parti sera envoyé de nouveau."""


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
    is_ours = exactly is not None and not _OF_A_MAILBOX.fullmatch(exactly[1])
    return LATER if code >= NEVER and is_ours else code
