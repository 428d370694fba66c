"""Hidden actors as their pile shows them, and what is done to several of them."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

import httpx

from app.platform.database.sessions import read
from app.records.causes import active
from app.records.viewing import Seen, see
from app.visibility import OPERATOR
from tests.desk.actors.conftest import LILLE, UNKNOWN, Desk
from tests.desk.actors.test_many import FORM
from tests.desk.bureau import Browser
from tests.short_lists import APART, ASE, CRIP, HEADER, NEIGHBOUR, SHELTER

PAGE = "/gestion/masques"
ALL = (CRIP, ASE, SHELTER, NEIGHBOUR, APART, LILLE, UNKNOWN)
DESCRIBED = f"{HEADER};Description"
DOUBTFUL = "Association en doute;Association;31 rue Ouverte;93000;Bobigny;01 99 00 00 51;;{}"
BESIDE = "Association double doute;Association;10 rue Cachée;93000;Bobigny;01 99 00 00 52;;{}"
SAYS = "Propose un hébergement"
OF_LILLE = "Permanence des Flandres;Association;33 rue Autre;59000;Lille;01 99 00 00 56;;{}"


def described(*lines: str) -> bytes:
    return "\r\n".join((DESCRIBED, *lines)).encode("cp1252")


def seen(desk: Desk, name: str) -> Seen:
    with read(desk.databases.staff) as session:
        (found,) = [e for e in see(session, desk.vault, OPERATOR) if e.record.name == name]
    return found


def whys(desk: Desk, name: str) -> set[str]:
    return {each.why for each in active(seen(desk, name).causes)}


def do(browser: Browser, deed: str, ids: Sequence[str], **more: str) -> httpx.Response:
    given = [("geste", deed), *more.items(), *(("acteur", each) for each in ids)]
    where = "/gestion/acteurs/lot?depuis=masques&masque=oui&decide=non"
    return browser.ask("POST", where, FORM, content=urlencode(given))


def shown(browser: Browser, query: str = "") -> str:
    """The page without what it says of other actors in a reason."""
    answer = browser.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return "".join(re.findall(r"<strong>(.*?)</strong>", answer.text))
