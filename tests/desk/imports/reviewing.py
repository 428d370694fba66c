"""A list read line by line: what its page shows of a line, and what is pressed there."""

import re
from html import unescape

import httpx

from tests.desk.bureau import Browser
from tests.desk.imports.conftest import seen_in

# No name, which a line cannot do without.
NAMELESS = ";ASE;1 rue Sans Nom;93300;Aubervilliers;01 98 00 00 31;"


def named(prefix: str, count: int = 3) -> list[str]:
    return [
        f"{prefix} {n};ASE;{n + 1} rue {prefix};93300;Aubervilliers;01 98 00 00 {n:02};"
        for n in range(count)
    ]


def row_of(browser: Browser, page: str, name: str, query: str = "") -> str:
    """What the page shows of a line."""
    text = browser.get(f"{page}/relire{query}").text
    (row,) = (each for each in text.split("<li ")[1:] if f">{name}<" in each)
    return row


def press(browser: Browser, page: str, name: str, deed: str) -> None:
    found = re.search(r'id="l-([0-9a-f-]+)"', row_of(browser, page, name))
    assert found
    seen = seen_in(browser.get(f"{page}/relire").text)
    data = {"geste": f"{deed}.{found[1]}", "vu": seen}
    answer = browser.post(f"{page}/relire", data=data)
    assert answer.status_code == 303, answer.text


def opened(browser: Browser, page: str, line: int) -> tuple[str, str]:
    """The address of a line of the file, and the page of its cells."""
    text = browser.get(f"{page}/relire").text
    row = next(
        each for each in text.split("<li ")[1:] if re.search(rf"\bligne {line}\b", each, re.I)
    )
    found = re.search(r'id="l-([0-9a-f-]+)"', row)
    assert found
    where = f"{page}/relire/{found[1]}"
    answer = browser.post(where)
    assert answer.status_code == 200, answer.text
    return where, answer.text


def correct(browser: Browser, where: str, text: str, **cells: str) -> httpx.Response:
    """Send the form of a line's page, with some cells otherwise."""
    found = re.findall(r'name="(c\d+|feuille|ligne)" value="([^"]*)"', text)
    given = {name: unescape(value) for name, value in found}
    return browser.post(f"{where}/corriger", data=given | {"vu": seen_in(text)} | cells)
