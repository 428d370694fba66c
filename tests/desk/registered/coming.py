"""How somebody comes to an event, and leaves it: by mails and their links."""

import re
from datetime import datetime
from email.message import EmailMessage
from uuid import uuid4

from sqlalchemy import select, text

from app.inbox.message import EventAsked
from app.models import AgendaRegistration
from app.platform.database.sessions import read, write
from app.runtime.staff import Runtime
from tests.desk.access_asked import mails, put_message
from tests.desk.bureau import ORIGIN, Bureau
from tests.makers_agenda import (
    announced,
)

PLACE, TITLE = "Salle Hugo, Pantin", "Repérer et orienter"
CHANGES: dict[str, dict[str, object]] = {
    "narrowed": {"registers": True, "audience": "reseau"},
    "closed": {"registers": False},
}


def at(bureau: Bureau, moment: datetime) -> None:
    bureau.clock.at = moment


def event(runtime: Runtime, **fields: object) -> str:
    return announced(runtime, registers=True, place=PLACE, **fields)


def ask(bureau: Bureau, event_id: str, mail: str = "") -> str:
    """Ask for a place as public pages do; return the address."""
    mail = mail or f"{uuid4().hex[:10]}@example.org"
    put_message(bureau, EventAsked(event=event_id, mail=mail))
    # As it would be received at this moment of the clock.
    with write(bureau.databases.staff) as session:
        moved = text("UPDATE inbox_message SET received_at = :now")
        session.execute(moved, {"now": bureau.clock.at})
    return mail


def link_of(mail: EmailMessage) -> str:
    (found,) = re.findall(rf"{ORIGIN}(/connexion/inscription/\S+)", mail.get_content())
    return str(found)


def comes(bureau: Bureau, event_id: str) -> EmailMessage:
    """Ask, confirm, and return the mail that says where."""
    ask(bureau, event_id)
    (asked,) = mails(bureau)
    assert bureau.browser().post(link_of(asked), {"reponse": "oui"}).status_code == 200
    bureau.clock.pass_by(minutes=1)
    (where,) = mails(bureau)
    return where


def leaves(bureau: Bureau, mail: EmailMessage, *, named: bool = True) -> None:
    """Leave by the link of a mail what takes nobody now; its page names it, if it may be read."""
    browser, link = bureau.browser(), link_of(mail)
    page = browser.get(link).text
    assert (TITLE in page) == named
    assert "Oui, je viens" not in page
    assert "Effacer mon adresse" in page
    before = len(rows(bureau))
    assert browser.post(link, {"reponse": "oui"}).status_code == 410
    assert "C’est effacé" in browser.post(link, {"reponse": "non"}).text
    assert len(rows(bureau)) == before - 1
    assert browser.get(link).status_code == 410


def rows(bureau: Bureau) -> list[AgendaRegistration]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(AgendaRegistration)))
