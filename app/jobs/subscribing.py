"""Does what was asked by links of mails, and asks who wants the letter whether they do."""

from datetime import datetime
from uuid import UUID

from app.jobs import log
from app.jobs.mailing import hand_over, in_rounds, written
from app.platform.database.sessions import write
from app.runtime.staff import Runtime
from app.subscriptions import acting, subscribing


def act_all(runtime: Runtime) -> None:
    """Do all that was asked by links."""
    while _act(runtime):
        continue


def ask(runtime: Runtime, now: datetime) -> None:
    """Ask all who were not asked yet; raise MailSilent where no server takes any mail."""
    origin = runtime.settings.public_url
    if origin is None:
        return
    with write(runtime.staff) as session:
        doubtful = subscribing.settle(session)
    for each in doubtful:
        log.say("mail in doubt", subscriber=str(each))
    in_rounds(
        runtime,
        lambda session, but: subscribing.to_ask(session, now, but),
        lambda each: _ask(runtime, each, origin, now),
    )


def _act(runtime: Runtime) -> int:
    with write(runtime.staff) as session:
        return acting.act(session, runtime.vault)


def _ask(runtime: Runtime, subscriber: UUID, origin: str, now: datetime) -> None:
    mail = written(
        runtime,
        lambda session: subscribing.write(session, runtime.vault, subscriber, origin, now),
        lambda session: subscribing.step_back(session, subscriber, now),
        subscriber=str(subscriber),
    )
    if mail is not None:
        hand_over(runtime, mail, subscribing.note_became, subscriber=str(subscriber))
