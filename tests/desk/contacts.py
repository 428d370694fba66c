"""A protected place of a desk, asked for by professionals."""

from typing import Any

from sqlalchemy import select

from app.models import AuditEntry
from app.platform.database.sessions import read, write
from importers.phones import format_french, one_phone
from tests.desk.bureau import Browser, Bureau
from tests.desk.home import Home
from tests.revealed import write_choice

MOTIVE = {"motif": "shelter"}


def choose(bureau: Bureau, place: Home, **given: Any) -> None:
    with write(bureau.databases.staff) as session:
        write_choice(session, bureau.vault, place.id, **{"now": bureau.clock.at} | given)


def page_of(place: Home) -> str:
    return f"/pro/acteurs/{place.public_id}"


def tells(place: Home, page: str) -> set[str]:
    """What a page says of a place that is not public."""
    phone = format_french(one_phone(place.phone) or "")
    said = {"phone": phone, "name": place.word, "street": place.street}
    shown = page.replace("\N{NO-BREAK SPACE}", " ").casefold()
    return {name for name, value in said.items() if value.casefold() in shown}


def asked(place: Home, browser: Browser) -> str:
    """The page that somebody comes to who asks for the telephone of a place."""
    answer = browser.post(f"{page_of(place)}/contact", MOTIVE)
    assert answer.status_code == 303
    return browser.get(answer.headers["location"]).text


def noted(bureau: Bureau, place: Home) -> list[str]:
    """What the journal has of a place and professionals, the first one first."""
    with read(bureau.databases.staff) as session:
        found = select(AuditEntry.action).where(AuditEntry.subject == str(place.id))
        return list(session.scalars(found.order_by(AuditEntry.number)))
