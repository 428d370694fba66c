"""What a list says of a home is read in no register's actors, in whatever spelling it is there."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import text

from app.runtime.staff import Runtime
from geo.text import fold
from tests.planted import HOSPITAL, SORTS, Planted, bring
from tests.registers.spellings import HEADER, HOMES, LACKING, SECRETS, SPELLINGS
from tests.short_lists import run

# Those of whom one thing alone is a home's: they stay public without it.
STAY = {"address", "phone", "mail", "site", "point"}
WITNESS = Planted("931199999", "Centre Ormelin", "1 rue du Témoin", "93000", "Bobigny", "93008")


def words() -> Iterator[str]:
    """Yield made-up words, none of them like another."""
    chance = random.Random(13)  # noqa: S311 - to be the same each time, not to be secret
    while True:
        yield "".join(chance.choice("bdfgklmnprtvz") + chance.choice("aeiou") for _ in range(5))


def planted(code: str, *, few: bool) -> dict[str, list[Planted]]:
    """Return sign -> places of a register that share it with a home; few: the plainest of each."""
    found: dict[str, list[Planted]] = {}
    word, count = words(), 0
    for sign, several in SPELLINGS.items():
        if sign in LACKING[code]:
            continue
        for each in several[:1] if few else several:
            count += 1
            called = f"Centre {next(word).capitalize()}"
            said = {"number": f"9311{count:05}", "name": called, **each.said}
            place = replace(WITNESS, **said)
            found.setdefault(sign, []).append(place)
    return found


def name_them(runtime: Runtime, code: str, places: list[Planted]) -> None:
    if code == "finess_activites":
        bring(runtime, "finess", [replace(each, sort=HOSPITAL) for each in places])
    edition = bring(runtime, code, places)
    left_out = sum(edition.left_out.values())
    assert sum(map(len, edition.lines.values())) + left_out == len(places)
    # A unit is at no hospital that is hidden, and nothing else is left out.
    assert not left_out or code == "finess_activites"


def public(runtime: Runtime) -> list[str]:
    """All that the public login reads of each actor, folded, without signs that nobody sees."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT *, ST_AsText(point) AS written FROM actor"))
        return [fold(without_unseen(" ".join(map(str, row)))) for row in rows]


def without_unseen(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each) not in {"Cf", "Mn"})


def check(runtime: Runtime, code: str, *, few: bool, list_first: bool) -> None:
    by_sign = planted(code, few=few)
    places = [WITNESS, *(each for several in by_sign.values() for each in several)]
    homes = "\r\n".join((HEADER, *HOMES)).encode("cp1252")
    steps: list[Callable[[], object]] = [
        partial(run, runtime, homes),
        partial(name_them, runtime, code, places),
    ]
    for step in steps if list_first else steps[::-1]:
        step()
    rows = public(runtime)
    assert [row for row in rows if any(secret in row for secret in SECRETS)] == []
    assert [row for row in rows if "1 rue du temoin" in row and "ormelin" in row]
    seen = " ".join(rows)
    lost = [
        each.name
        for sign in STAY & by_sign.keys()
        for each in by_sign[sign]
        if fold(each.name) not in seen
    ]
    assert lost == []


@pytest.mark.slow
@pytest.mark.parametrize("code", SORTS)
def test_the_plainest_spelling_of_each_kind_gives_no_home_away(runtime: Runtime, code: str) -> None:
    check(runtime, code, few=True, list_first=True)


@pytest.mark.slow
@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize("code", SORTS)
def test_no_spelling_gives_a_home_away(runtime: Runtime, code: str, list_first: bool) -> None:
    check(runtime, code, few=False, list_first=list_first)
