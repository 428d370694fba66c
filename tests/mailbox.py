"""A mail server of the test, on a free port of the loopback."""

import asyncio
import email
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from random import Random
from threading import Event, Thread
from time import sleep

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import Envelope

# Seconds.
PATIENCE = 30.0
# Seconds: a mail to the server takes about as long.
ONE_MAIL = 0.03


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
    """Keeps which mails were begun once something was over: after the answer to the one before.

    after: of how many mails that are received one hears that they are `reached`.
    """

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after, self.late = after, list[EmailMessage]()
        self.reached, self.over = Event(), Event()
        self._was_over = False
        self._count()

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        was_over, self._was_over = self._was_over, self.over.is_set()
        answer = await super().handle_DATA(server, session, envelope)
        if was_over:
            self.late.append(self.received[-1])
        self._count()
        return answer

    def _count(self) -> None:
        if len(self.received) >= self.after:
            self.reached.set()


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


def raced(
    send: Callable[[int], None], end: Callable[[], None], after: int, chance: Random
) -> Racing:
    """Send by a server at a port, end something once so many mails were received, however quick
    the machine is, or soon after that, and send once more; return what the server received.
    """
    box, soon = Racing(after), chance.uniform(0, ONE_MAIL)

    def race() -> None:
        assert box.reached.wait(PATIENCE)
        sleep(soon)
        end()
        box.over.set()

    racer = Thread(target=race)
    with mail_server(box=box) as (_, port):
        racer.start()
        send(port)
        racer.join()
        send(port)
    assert box.over.is_set()
    return box
