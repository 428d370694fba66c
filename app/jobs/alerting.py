"""Tells members what is new of their searches: each mail is written as it leaves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.alerting import mails, news
from app.errors import Mesure23Error
from app.jobs import log
from app.jobs.mailing import hand_over
from app.jobs.subscribing import act_all
from app.platform.database.sessions import write
from app.resources.index import Index, read_index
from app.runtime.staff import Runtime
from app.visibility import Viewer


def tell_all(runtime: Runtime, now: datetime) -> None:
    """Note what is new, and send all that is due; raise MailSilent where no server takes a mail."""
    act_all(runtime)
    index = _Remembered(now)
    with write(runtime.staff) as session:
        doubtful = mails.settle(session)
        news.note(session, now)
    for each in doubtful:
        log.say("mail in doubt", alert=str(each))
    settings = runtime.settings
    public = settings.public_url
    # No link can be written where nobody has said where the pages are, nor sent without a server.
    if public is None or settings.smtp_url is None:
        return
    with write(runtime.staff) as session:
        found, failed = news.due(session, runtime.vault, now, index)
    origins = mails.Origins(public, settings.desk_url or public)
    failed += sum(not _send(runtime, each, origins, now, index) for each in found)
    if failed:
        log.say("mails not written", count=failed)


class _Remembered:
    """The index of what members may be sent, read once in a round, and only if it is needed."""

    def __init__(self, now: datetime) -> None:
        self._viewer = Viewer.written_to(None, now)
        self._index: Index | None = None

    def __call__(self, session: Session) -> Index:
        if self._index is None:
            self._index = read_index(session, self._viewer)
        return self._index


def _send(
    runtime: Runtime, alert: UUID, origins: mails.Origins, now: datetime, index: _Remembered
) -> bool:
    """Send a mail, unless there is none; return False where its search does not open."""
    # Who ended it by the link of another mail meanwhile is sent none.
    act_all(runtime)
    try:
        with write(runtime.staff) as session:
            mail = mails.write(session, runtime.vault, alert, origins, now, index)
    except Mesure23Error:
        return False
    if mail is None:
        return True
    hand_over(runtime, mail, mails.note_became, mail.headers, alert=str(alert))
    return True
