"""A conversation with a mail server: one connection for many mails, and what became of each.

What of a mail is known once it ends: a server has it, or refused it, or was never told it; where
the connection is lost while it is told, nobody knows.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT = 15.0
GO_ON = 354


class InDoubt(OSError):
    """A server was given a whole mail, and did not say whether it takes it."""


class _Server(smtplib.SMTP):
    def data(self, msg: Any) -> tuple[int, bytes]:
        """Give a mail; raise InDoubt."""
        try:
            return super().data(msg)
        except smtplib.SMTPResponseException:
            raise
        except OSError:
            raise InDoubt from None


class _Encrypted(_Server, smtplib.SMTP_SSL):
    """The same, encrypted from its first word."""


def connect(url: str) -> smtplib.SMTP:
    """Return a server that may be told mails; smtp:// is encrypted too, unless it is this machine.

    Raises OSError or smtplib.SMTPException.
    """
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "smtps"
    context = ssl.create_default_context()
    server: _Server
    if secure:
        server = _Encrypted(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = _Server(host, parts.port or 587, timeout=TIMEOUT)
    try:
        if not secure and host not in {"localhost", "127.0.0.1", "::1"}:
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


class Conversation:
    """Hands over mails one after the other, by as few connections as a server allows."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> "Conversation":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._server.close()
            self._server = None

    def hand_over(self, sender: str, to: str, message: Callable[[], bytes | None]) -> bool:
        """Hand a mail over to one recipient; return whether it was, False of none.

        message: asked once the server takes its sender and recipient, and before it is told
        anything; its points are doubled. Raises InDoubt, smtplib.SMTPRecipientsRefused or
        SMTPDataError of this mail, another SMTPException or OSError of any.
        """
        server = self._addressed(sender, to)
        whole = message()
        if whole is None:
            self._say(server.rset)
            return False
        code, said = self._say(lambda: server.docmd("DATA"))
        if code != GO_ON:
            self._say(server.rset)
            raise smtplib.SMTPDataError(code, said)
        try:
            server.send(whole + b".\r\n")
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError):
            self._lose()
            raise InDoubt from None
        if code != 250:
            raise smtplib.SMTPDataError(code, said)
        return True

    def _addressed(self, sender: str, to: str) -> smtplib.SMTP:
        """Return the server once it takes a sender and a recipient; anew if it ended the last."""
        fresh = self._server is None
        try:
            server = self._server or connect(self._url)
            self._server = server
            code, said = server.mail(sender)
            if code == 421 and not fresh:
                raise smtplib.SMTPServerDisconnected("421")
            if code != 250:
                self._say(server.rset)
                raise smtplib.SMTPSenderRefused(code, said, sender)
            code, said = server.rcpt(to)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            self._lose()
            if fresh:
                raise
            return self._addressed(sender, to)
        if code not in (250, 251):
            self._say(server.rset)
            raise smtplib.SMTPRecipientsRefused({to: (code, said)})
        return server

    def _say(self, ask: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
        try:
            return ask()
        except (smtplib.SMTPException, OSError):
            self._lose()
            raise

    def _lose(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
