"""Opens what visitors wrote, and takes what of it, and of resources, is past its period."""

from datetime import datetime

from app.accounts import requests
from app.cataloguing import proposing, withdrawing
from app.composing import recipients
from app.platform.database.sessions import write
from app.registrations import registering
from app.reports.deciding import forget_decided
from app.reports.receiving import forget_unreadable, read_once_more, receive
from app.runtime.staff import Runtime
from app.subscriptions import subscribing


def receive_and_forget(runtime: Runtime, now: datetime) -> None:
    """Open all that came first: nobody may have looked since, and it is not unreadable for that.

    What a former release could not open is opened by this one, in this night.
    """
    with write(runtime.staff) as session:
        read_once_more(session)
    receive_all(runtime)
    with write(runtime.staff) as session:
        forget_unreadable(session, now)
        forget_decided(session, now)
        proposing.forget_decided(session, now)
        requests.note_mailboxes(session, runtime.vault)
        requests.forget_old(session, now)
        registering.forget_old(session, now)
        subscribing.forget_old(session, now)
        recipients.forget_old(session, now)
        withdrawing.forget_withdrawn(session, runtime.vault, now)


def receive_all(runtime: Runtime) -> None:
    """Open all that came."""
    while _receive(runtime):
        continue


def _receive(runtime: Runtime) -> int:
    """Open as many as one transaction may, and return how many."""
    with write(runtime.staff) as session:
        return receive(session, runtime.vault)
