"""Forms of actors, as a browser reads and sends them."""

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import httpx

from tests.desk.bureau import Browser

Fields = dict[str, list[str]]


class _Reader(HTMLParser):
    """Collects what the form that corrects an actor would send."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._inside = False
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = "data-actor-form" in given
        elif not self._inside:
            return
        elif tag == "input":
            if given.get("type") != "checkbox" or "checked" in given:
                self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = [given["value"]]
        elif tag == "textarea":
            self._area = given["name"]
            self.fields[self._area] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser takes the line break after the tag for none.
            self.fields[self._area] = [data.removeprefix("\n")]


def fields(answer: httpx.Response) -> Fields:
    """Return what the form of a page would send as it is."""
    reader = _Reader()
    reader.feed(answer.text)
    assert reader.fields, answer.text
    return reader.fields


def opened(browser: Browser, public_id: str) -> Fields:
    answer = browser.get(f"/gestion/acteurs/{public_id}/modifier")
    assert answer.status_code == 200, answer.text
    return fields(answer)


def send(
    browser: Browser, path: str, given: Fields, changes: Mapping[str, object]
) -> httpx.Response:
    """Send a form with some of its fields changed."""
    sent = given | {
        name: each if isinstance(each, list) else [each] for name, each in changes.items()
    }
    return browser.post(path, data=sent)


def correct(browser: Browser, public_id: str, **changes: object) -> httpx.Response:
    """Open the form of an actor, change it, and send it."""
    given = opened(browser, public_id)
    return send(browser, f"/gestion/acteurs/{public_id}/modifier", given, changes)


def wrong(answer: httpx.Response) -> dict[str, str]:
    """Field -> what a page says of it."""
    found = re.findall(r'<p class="desk-wrong" id="(\w+)-faux">(.*?)</p>', answer.text)
    return {name: html.unescape(sentence) for name, sentence in found}


def led_to(answer: httpx.Response) -> dict[str, str]:
    """Return what the page is asked about that an answer leads to."""
    assert answer.status_code == 303, (answer.status_code, wrong(answer), answer.text[:3000])
    where = httpx.URL(answer.headers["location"])
    given = dict(where.params)
    return {"acteur": where.path.rpartition("/")[2], "fait": "cache"} | given
