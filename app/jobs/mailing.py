"""What a job that sends mails makes of one that was not taken: never, or not yet."""

import smtplib

from app.errors import Mesure23Error

# From here on a server says that it will never take the mail.
NEVER = 500


class MailSilent(Mesure23Error):
    """Le serveur de courrier ne répond pas : ce qui n’est pas parti sera envoyé de nouveau."""


def code_of(error: OSError | ValueError, mail: str) -> int:
    """Return what a server says of this mail, as its protocol numbers it; 0 of what would be said
    of any: it is not there, or does not know us.
    """
    match error:
        case smtplib.SMTPRecipientsRefused():
            return min((code for code, _ in error.recipients.values()), default=0)
        case smtplib.SMTPDataError():
            return error.smtp_code
        case smtplib.SMTPNotSupportedError() | UnicodeError():
            # The same is raised of a server without encryption, and of its name.
            return 0 if mail.isascii() else NEVER
        case OSError():
            # A certificate that is over is a ValueError as well.
            return 0
    return NEVER
