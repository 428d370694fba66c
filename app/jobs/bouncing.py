"""Reads delivery reports, and writes no more to mailboxes that refuse letters for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.composing import recipients
from app.platform.database.sessions import write
from app.platform.mail.reports import failed
from app.runtime.staff import Runtime


@dataclass(slots=True)
class Outcome:
    """What reports said. came_back: letters; suspended: those who are written to no more; other:
    mails that say nothing of a letter of ours, or nothing new.
    """

    came_back: int = 0
    suspended: int = 0
    other: int = 0


def read_reports(runtime: Runtime, mails: Iterable[bytes], now: datetime) -> Outcome:
    """Note what each of some mails reports."""
    outcome = Outcome()
    for mail in mails:
        mark = _mark_of(failed(mail))
        with write(runtime.staff) as session:
            whose = recipients.note_bounced(session, mark, now) if mark else None
            if whose is None:
                outcome.other += 1
                continue
            outcome.came_back += 1
            outcome.suspended += recipients.is_suspended(session, whose)
    return outcome


def _mark_of(name: str | None) -> bytes | None:
    try:
        return bytes.fromhex(name or "") or None
    except ValueError:
        return None
