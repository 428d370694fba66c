"""The menus of the columns of a list, as a browser fills them in."""

import html
import re
from collections.abc import Mapping, Sequence

import httpx

from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists

_MENU = re.compile(
    r'name="colonne" value="([^"]*)">\s*<select name="champ"[^>]*>(.*?)</select>', re.DOTALL
)
_WORD = re.compile(r'name="mot" value="([^"]*)">\s*<select[^>]*>(.*?)</select>', re.DOTALL)
_SPLIT = re.compile(
    r'name="decoupe" value="([^"]*)">\s*<input type="hidden" name="signe" value="([^"]*)">'
    r'\s*<input type="hidden" name="nombre" value="(\d+)">',
)
_CHOSEN = re.compile(r'<option value="([^"]*)" selected')


def seen(browser: Browser, page: str) -> str:
    found = re.search(r'name="vu" value="([^"]+)"', browser.get(f"{page}/colonnes").text)
    return found[1].replace("&#43;", "+") if found else "2026-01-01T00:00:00+00:00"


def chosen_at(text: str) -> str:
    """Return when somebody last chose, as the form of a page says it."""
    found = re.search(r'name="choisies" value="([^"]*)"', text)
    return found[1].replace("&#43;", "+") if found else ""


def opened_page(browser: Browser, page: str) -> httpx.Response:
    """The page of columns with the cells that its reader may read."""
    return browser.post(f"{page}/colonnes/cellules", data={"vu": seen(browser, page)})


def menus_of(text: str) -> dict[str, str]:
    """Key of each column that has a menu, and what the menu stands at."""
    return {html.unescape(key): _at(options) for key, options in _MENU.findall(text)}


def _at(options: str) -> str:
    found = _CHOSEN.search(options)
    return found[1] if found else ""


def choose(
    browser: Browser,
    page: str,
    fields: Mapping[str, str] = {},
    *,
    parts: Mapping[str, Sequence[str]] = {},
    words: Mapping[str, str] = {},
    untitled: str = "false",
    shown: str = "",
) -> httpx.Response:
    """Send the form as it stands, but for what is chosen. shown: the page as it was read before."""
    text = shown or opened_page(browser, page).text
    columns = {**menus_of(text), **fields}
    asked = {html.unescape(key): _at(options) for key, options in _WORD.findall(text)}
    asked |= words
    splits = [(html.unescape(k), html.unescape(s), n) for k, s, n in _SPLIT.findall(text)]
    given: dict[str, object] = {
        "vu": seen(browser, page),
        "choisies": chosen_at(text),
        "sans_titres": untitled,
        "colonne": list(columns),
        "champ": list(columns.values()),
        "mot": list(asked),
        "sens": list(asked.values()),
        "decoupe": [key for key, *_ in splits],
        "signe": [sign for _, sign, _ in splits],
        "nombre": [number for *_, number in splits],
        "partie": [part for key, _, n in splits for part in parts.get(key, [""] * int(n))],
    }
    return browser.post(f"{page}/colonnes", data=given)


def sent(lists: Lists, browser: Browser, data: bytes, source: str, **given: str) -> str:
    answer = lists.send(browser, data, source=source, **given)
    assert answer.status_code == 303, answer.text
    lists.work()
    return answer.headers["location"].partition("?")[0]
