"""Mail servers of the test that look at when a mail is begun, or end whoever sends it."""

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
