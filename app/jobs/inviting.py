"""Sends the mails of who comes to events: each is written as things stand when it leaves."""

from datetime import datetime
from uuid import UUID

from app.announcing import letters
from app.jobs import log
from app.jobs.mailing import hand_over
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime


def invite(runtime: Runtime, origin: str, now: datetime) -> None:
    """Send all that are due; raise MailSilent where no server takes any mail."""
    unread: set[UUID] = set()
    while True:
        with read(runtime.staff) as session:
            found = letters.to_write(session, now, unread)
        failed = [each for each in found if not _send(runtime, each, origin, now)]
        if failed:
            # One line for all of an event: who comes to it may be hundreds.
            log.say("mails not written", count=len(failed), first=str(failed[0]))
            with write(runtime.staff) as session:
                letters.step_back(session, failed, now)
        unread.update(failed)
        if not failed or len(found) < letters.AT_ONCE:
            # What does not open fills no round.
            return


def _send(runtime: Runtime, registration: UUID, origin: str, now: datetime) -> bool:
    """Send a mail, unless there is none or it waits; return False where it does not open."""
    try:
        with write(runtime.staff) as session:
            mail = letters.write(session, runtime.vault, registration, origin, now)
    except letters.NOT_WRITTEN:
        return False
    if mail is None:
        return True
    hand_over(runtime, mail, letters.note_became, registration=str(registration))
    return True
