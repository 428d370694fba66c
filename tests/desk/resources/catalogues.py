"""Catalogues as somebody sends them to the desk."""

import json
import re
from typing import Any

import httpx

from app.resources.content import Content
from tests.desk.bureau import ORIGIN, Browser
from tests.desk.resources.room import HERE, Room
from tests.resource_contents import document

IMPORTS = f"{HERE}/import"


def line(title: str, **others: Any) -> dict[str, Any]:
    return {"titre": title, "type": "guide", "annee": 2020, **others}


def like(title: str) -> Content:
    """Return a document of the same title and year as a line, by another body."""
    return document(title=title, subtitle="", url=None, doi=None, isbn=None, year=2020)


def send(browser: Browser, data: bytes, name: str = "catalogue.json") -> httpx.Response:
    headers = {"Origin": ORIGIN}
    return browser.ask("POST", IMPORTS, headers, files={"fichier": (name, data)})


def planned(browser: Browser, *lines: dict[str, Any]) -> str:
    """Have a catalogue read; return the address of its page."""
    answer = send(browser, json.dumps(lines).encode())
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def ask_to_apply(
    browser: Browser, page: str, shown: str | None = None, **given: Any
) -> httpx.Response:
    """Confirm a catalogue as a page showed it; shown: that page, None as it is now."""
    seen = re.search(r'name="vu" value="(\w+)"', shown or browser.get(page).text)
    assert seen
    return browser.post(f"{page}/appliquer", {"vu": seen[1], **given})


def apply(
    room: Room, browser: Browser, page: str, shown: str | None = None, **given: Any
) -> httpx.Response:
    """Confirm a catalogue, and let the worker do it; shown: as above."""
    answer = ask_to_apply(browser, page, shown, **given)
    room.carried_out(page)
    return answer
