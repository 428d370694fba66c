"""Texts of members to each other, as their pages write them."""

from typing import Any

from sqlalchemy import select

from app.models import MemberMessage
from app.platform.database.sessions import read
from tests.desk.access_asked import mails
from tests.desk.bureau import Browser, Bureau, Person
from tests.desk.network.conftest import Joined

TEXT = "Bonjour, pouvez-vous venir former notre équipe en mars ?"
ROOM, RECEIVED = "/pro/reseau", "/pro/reseau/messages"
DESK = "/gestion/reseau"


def send_to(browser: Browser, person: Person, text: str = TEXT) -> Any:
    return browser.post(f"{ROOM}/membres/{person.id}/ecrire", {"texte": text})


def rows(bureau: Bureau) -> list[MemberMessage]:
    with read(bureau.databases.staff) as session:
        return list(session.scalars(select(MemberMessage).order_by(MemberMessage.made_at)))


def sent_one(bureau: Bureau, joined: Joined) -> tuple[Person, Person, Browser, MemberMessage]:
    """Who wrote, who was written to, the browser of the latter, and what left."""
    (writer, browser), (reader, other) = joined(), joined()
    assert send_to(browser, reader).status_code == 303
    assert len(mails(bureau)) == 1
    return writer, reader, other, rows(bureau)[-1]
