"""A mail server of the test, on a free port of the loopback."""

import asyncio
import email
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from threading import Event

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import Envelope

# Seconds.
PATIENCE = 30.0


class Box(Sink):
    """What a server of the test received; during: called while who sends a mail waits for it.

    refusing: what it says to whoever writes to an address.
    """

    def __init__(
        self,
        during: Callable[[], None] | None = None,
        refusing: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self.received: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.during = during
        self.refusing = refusing or {}

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if self.during:
            self.during()
        self.recipients.append(envelope.rcpt_tos)
        self.received.append(email.message_from_bytes(content, policy=policy.default))
        return "250 OK"


class Racing(Box):
    """Keeps which mails were begun once something was over: after the answer to the one before."""

    def __init__(self, over: Event) -> None:
        super().__init__()
        self.over, self.late = over, list[EmailMessage]()
        self._was_over = False

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        was_over, self._was_over = self._was_over, self.over.is_set()
        answer = await super().handle_DATA(server, session, envelope)
        if was_over:
            self.late.append(self.received[-1])
        return answer


class Server(Controller):
    """Takes the port that is free, and is waited for as long as a busy machine needs."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        with socket.create_connection((self.hostname, self.port), PATIENCE) as connection:
            connection.recv(1024)


@contextmanager
def mail_server(
    during: Callable[[], None] | None = None,
    refusing: Mapping[str, str] | None = None,
    box: Box | None = None,
) -> Iterator[tuple[Box, int]]:
    """Run a server that takes every mail but those to whom it refuses; yield what it received, and
    its port.
    """
    box = box or Box(during, refusing)
    controller = Server(box, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE)
    controller.start()
    yield box, controller.port
    controller.stop()
