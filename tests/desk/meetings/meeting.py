"""What somebody does with a meeting at the desk, and what its page and paper say."""

import io
import re
from datetime import date

import httpx
import pypdf
from sqlalchemy import select

from app.models import Actor
from app.platform.database.sessions import read
from geo.zones import paris_day
from tests.desk.bureau import Browser, Bureau

ROOM = "/gestion/etat-des-lieux"
CHILDREN = "Lieu d'accueil – Seine-Saint-Denis"


def today(bureau: Bureau) -> date:
    return paris_day(bureau.clock.at)


def planned(browser: Browser, day: date, code: str = "93") -> str:
    """Add a meeting; return its address."""
    answer = browser.post(f"{ROOM}/{code}", {"jour": day.isoformat()})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def confirm(browser: Browser, page: str, **given: str) -> httpx.Response:
    return browser.post(f"{page}/confirmer", given)


def section(html: str, name: str) -> str:
    """What a section of the page says, without its tags."""
    (found,) = re.findall(rf'<section[^>]*aria-labelledby="{name}">(.*?)</section>', html, re.S)
    return " ".join(re.sub("<[^>]+>", " ", found).split())


def paper(browser: Browser, page: str) -> str:
    answer = browser.get(f"{page}/etat-des-lieux.pdf")
    assert answer.status_code == 200
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def verified_on(bureau: Bureau, public_id: str) -> date | None:
    with read(bureau.databases.staff) as session:
        return session.scalars(select(Actor.verified_on).filter_by(public_id=public_id)).one()
