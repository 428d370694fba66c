"""What a référent applies of a list at the desk, and what of it is left to a curateur."""

import re
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from app.models import Actor, ActorProtected, DepositLine
from app.platform.database.sessions import read
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import EVERYTHING, Lists

LEFT = re.compile(r'href="(/gestion/imports/[0-9a-f-]+)">Voir ce qui attend')


def home(name: str, street: str = "1 rue Tue", phone: str = "01 96 00 00 01") -> str:
    return f"{name};MECS;{street};93000;Bobigny;{phone};"


def office(name: str, street: str, phone: str = "", town: str = "93300;Aubervilliers") -> str:
    return f"{name};Association;{street};{town};{phone};"


def part(lists: Lists, browser: Browser, page: str, **given: str) -> str:
    """Apply one's own part of a list; return the address of what is left to a curateur, if any."""
    answer = lists.apply(browser, page, **{"verifie": "true"} | given)
    assert answer.status_code == 303, answer.text
    lists.work()
    assert lists.state(page) == "applied"
    found = LEFT.search(browser.get(page).text)
    return found[1] if found else ""


def pressed(lists: Lists, browser: Browser, page: str) -> int:
    """Send the form that a page does not offer."""
    given = {
        "vu": lists.stored(page).at.isoformat(),
        "decisions": sha256().hexdigest(),
    } | EVERYTHING
    return browser.post(f"{page}/appliquer", given).status_code


def due(browser: Browser) -> int:
    """How many lists wait for somebody, as “Aujourd’hui” and the rail count them."""
    text = browser.get("/gestion").text
    found = re.search(r">(\d+)</strong> listes? (?:est|sont) à appliquer", text)
    in_rail = re.search(r'Listes<span class="desk-rail__count">(\d+)', text)
    assert (found and found[1]) == (in_rail and in_rail[1])
    return int(found[1]) if found else 0


def left_lines(lists: Lists, page: str) -> set[int | None]:
    """The lines of the file that wait in a deposit."""
    with read(lists.databases.staff) as session:
        here = DepositLine.file_id == UUID(page.rpartition("/")[2])
        return set(session.scalars(select(DepositLine.line).where(here)))


def levels(lists: Lists) -> dict[str, str | None]:
    """How much of each actor is hidden, by its public name."""
    with read(lists.databases.staff) as session:
        columns = select(Actor.name, ActorProtected.level)
        asked = columns.join(ActorProtected, ActorProtected.actor_id == Actor.id)
        return dict(session.execute(asked).all())
