"""Opens what visitors wrote, and asks by mail whoever wants an account whether they asked.

Who wants to come to an event, or the letter, is asked likewise, and who is to sit in a CDLP is
invited, and what members write to each other is sent: app/jobs/inviting.py,
app/jobs/subscribing.py, app/jobs/seating.py, app/jobs/relaying.py.
"""

from datetime import datetime
from uuid import UUID

from app.accounts import request_mails, requests
from app.inbox import access_form
from app.jobs import inviting, relaying, seating, subscribing
from app.jobs.mailing import NEVER, MailSilent, code_of, in_rounds, written
from app.jobs.receiving import receive_all
from app.platform.database.sessions import write
from app.runtime.staff import Runtime


def welcome(runtime: Runtime, now: datetime) -> None:
    """Ask all who were not asked yet; raise MailSilent where no server takes any mail.

    The form is open as long as this can be done: nobody asks in vain.
    """
    receive_all(runtime)
    subscribing.act_all(runtime)
    settings = runtime.settings
    origin = settings.desk_url or settings.public_url
    # No link can be written where nobody has said where the desk is, nor sent without a server.
    if origin is None or settings.smtp_url is None:
        return
    with write(runtime.staff) as session:
        access_form.keep_open(session, now)
    in_rounds(
        runtime,
        lambda session, but: requests.to_ask(session, now, but),
        lambda each: _ask(runtime, each, origin, now),
    )
    inviting.invite(runtime, origin, now)
    seating.invite(runtime, origin, now)
    relaying.relay(runtime, origin, now)
    relaying.invite(runtime, origin, now)
    subscribing.ask(runtime, now)


def _ask(runtime: Runtime, number: UUID, origin: str, now: datetime) -> None:
    """Send one mail, unless it has to wait; raise MailSilent where any would have to.

    Of one that its server does not take yet the others go on; it is tried again in its turn.
    """
    asked = written(
        runtime,
        lambda session: requests.ask(session, runtime.vault, number, now),
        lambda session: requests.step_back(session, number, now),
        request=str(number),
    )
    if asked is None:
        return
    asker, token = asked
    became: requests.Became = "sent"
    # After the transaction: nobody waits for its row while a mail server does not answer.
    try:
        request_mails.mail_link(runtime.settings, asker, request_mails.link_of(origin, token))
    except (OSError, ValueError) as error:
        code = code_of(error, asker.mail)
        if not code:
            raise MailSilent from None
        became = "never" if code >= NEVER else "later"
    with write(runtime.staff) as session:
        requests.note_tried(session, runtime.vault, asker, became, now)
