"""A mail server of the test that ends whoever sends, and what a mail says."""

import os
import signal
from email.message import EmailMessage
from threading import Event

from aiosmtpd.smtp import Envelope

from tests.mailbox import Box


def said_by(mail: EmailMessage) -> str:
    """Both halves of a mail, as they are read."""
    parts = (part for part in mail.walk() if not part.is_multipart())
    return "\n".join(str(part.get_content()) for part in parts)


class Killing(Box):
    """Ends the process that sends, at one of the steps of a mail: "rcpt", "data" before it is
    taken, "taken" once it is, of the mail of a number; it never does of another one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pid, self.step, self.countdown = 0, "", 0
        self.killed = Event()

    def aim(self, pid: int, step: str, countdown: int) -> None:
        """Have a process killed at a step of one of the next mails."""
        self.killed.clear()
        self.pid, self.step, self.countdown = pid, step, countdown

    async def handle_RCPT(self, *given: object) -> str:
        self._kill("rcpt")
        return await super().handle_RCPT(*given)  # type: ignore[arg-type]

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:
        self._kill("data")
        answer = await super().handle_DATA(server, session, envelope)
        self._kill("taken")
        return answer

    def _kill(self, step: str) -> None:
        if step != self.step or not self.pid:
            return
        if self.countdown:
            self.countdown -= 1
            return
        os.kill(self.pid, signal.SIGKILL)
        self.pid = 0
        self.killed.set()
