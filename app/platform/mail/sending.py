"""A mail by SMTP, or to a file where no server is set: plain text, each address written out."""

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from time import time
from typing import Literal

import structlog

from app.platform.mail.conversation import connect
from app.settings import Settings

LONGEST_SECONDS = 72 * 3600
# Of a message (RFC 5322).
LONGEST_LINE = 998
FOLDER = "mail"
# What a server made of a mail: it has it, or does not want it yet, or never.
Became = Literal["taken", "later", "never"]
# Of a mail that no server takes.
NOBODY = "mesure23@localhost"

log = structlog.get_logger(__name__)


def send(
    settings: Settings,
    to: str,
    subject: str,
    text: str,
    *,
    sender: str = "",
    headers: Mapping[str, str] | None = None,
) -> Path | None:
    """Send a mail; return the file that it was written to where no server is set.

    sender: the name that it is from; headers: more of them.

    Raises OSError, as InDoubt and smtplib.SMTPException are: its text may quote the address, and is
    not logged.
    """
    message = EmailMessage()
    own = address_of(settings)
    message["From"] = Address(sender, addr_spec=own) if sender else own
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=own.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    if headers:
        # Programs read them: an address that is longer than a line would be written as coded words.
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
    if settings.smtp_url is None:
        return _write(settings.data_dir / FOLDER, message)
    _hand_over(settings.smtp_url.get_secret_value(), message)
    return None


def address_of(settings: Settings) -> str:
    """Return whom mails are from."""
    return settings.mail_from or settings.contact or NOBODY


def _write(folder: Path, message: EmailMessage) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # What they invite to is over by then.
    for former in folder.glob("*.eml"):
        if time() - former.stat().st_mtime > LONGEST_SECONDS:
            former.unlink(missing_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.eml"
    file = folder / name
    file.touch(mode=0o600)
    file.write_bytes(message.as_bytes())
    return file


def _hand_over(url: str, message: EmailMessage) -> None:
    """Give a mail to a server."""
    with connect(url) as server:
        refused = server.send_message(message)
        # It has the mail: whatever it says, or does not, when asked to end, changes nothing.
        with suppress(smtplib.SMTPException):
            server.quit()
    if refused:
        log.error("mail refused by some", count=len(refused))
