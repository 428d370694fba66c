"""How many actors each filter of the list would leave: what the list then shows, for each role."""

import re
from html import unescape

import pytest

from app.models import Role
from tests.desk.actors.conftest import Desk
from tests.desk.bureau import Browser

BOX = re.compile(r'<select id="(\w+)" name="\1">(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"(?: selected)?>[^<]*\(([\d\u202f]+)\)</option>')
TOTAL = re.compile(r'desk-count">([\d\u202f]+|[Aa]ucun) acteurs?<')


def offered(page: str) -> dict[tuple[str, str], int]:
    """Filter and value -> the number that the page says beside it."""
    return {
        (name, unescape(value)): int(count.replace("\u202f", ""))
        for name, options in BOX.findall(page)
        for value, count in OPTION.findall(options)
    }


def total(browser: Browser, path: str, query: str) -> int:
    (found,) = TOTAL.findall(browser.get(f"{path}?{query}").text)
    return int(found) if found.isdigit() else 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.CURATEUR, "/gestion/acteurs"),
        (Role.CURATEUR, "/gestion/masques"),
        (Role.REFERENT_DEPARTEMENT, "/gestion/acteurs"),
        (Role.REFERENT_ETAT, "/gestion/acteurs"),
    ],
)
@pytest.mark.parametrize("narrowed", [{}, {"territoire": "93"}, {"q": "foyer", "etat": "publie"},
                                      {"protection": "neutre", "cause": "categorie"},
                                      {"masque": "oui", "decide": "non", "q": "foyer"},
                                      {"point": "oui"}])  # fmt: skip
def test_a_number_beside_a_filter_is_what_the_list_then_shows(
    desk: Desk, role: Role, path: str, narrowed: dict[str, str]
) -> None:
    browser = desk.signed_in(role)
    query = "&".join(f"{name}={value}" for name, value in narrowed.items())
    said = offered(browser.get(f"{path}?{query}").text)
    assert said
    assert narrowed or any(said.values())
    shown = {}
    for name, value in said:
        other = narrowed | {name: value}
        # Many values are of nobody; one of each filter is asked for.
        if said[name, value] or (name, 0) not in shown:
            whole = "&".join(f"{key}={text}" for key, text in other.items())
            shown[name, value if said[name, value] else 0] = (
                total(browser, path, whole),
                said[name, value],
            )
    assert {key: each for key, each in shown.items() if each[0] != each[1]} == {}


def test_nothing_is_counted_that_somebody_does_not_work_on(desk: Desk) -> None:
    said = offered(desk.signed_in(Role.REFERENT_DEPARTEMENT).get("/gestion/acteurs").text)
    assert ("territoire", "59") not in said
    state = offered(desk.signed_in(Role.REFERENT_ETAT).get("/gestion/acteurs").text)
    assert not {"cause", "protection"} & {name for name, _ in state}
    # One that is to be classified is none of theirs, whatever it is counted by.
    assert state["etat", "brouillon"] == 0
