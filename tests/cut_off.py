"""What ends a worker, or a server, while a mail is handed over."""

from typing import Any

import pytest

from app.jobs import mailing
from app.platform.mail.sending import send as whole


class Killed(BaseException):
    """What ends a process on the spot."""


def cut_off(monkeypatch: pytest.MonkeyPatch, error: BaseException, *, sent: bool) -> None:
    """Have the next mail end so, once its server has it or before."""

    def send(*given: Any, **more: Any) -> None:
        monkeypatch.setattr(mailing, "send", whole)
        if sent:
            whole(*given, **more)
        raise error

    monkeypatch.setattr(mailing, "send", send)
