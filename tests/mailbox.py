"""A mail server of the test, on a free port of the loopback."""

import email
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import Envelope


class Box(Sink):
    """What a server of the test received; during: called while who sends a mail waits for it."""

    def __init__(self, during: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.received: list[EmailMessage] = []
        self.during = during

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        if self.during:
            self.during()
        self.received.append(email.message_from_bytes(content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server(during: Callable[[], None] | None = None) -> Iterator[tuple[Box, int]]:
    """Run a server that takes every mail; yield what it received, and its port."""
    box = Box(during)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()
