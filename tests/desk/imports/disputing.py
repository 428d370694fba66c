"""Actors of which two lists say otherwise, and what is stored of them."""

from sqlalchemy import select
from stdnum import luhn

from app.models import Provenance
from app.platform.database.sessions import read
from app.records.record import ActorRecord
from app.records.sealed import open_provenance
from app.records.viewing import see
from app.visibility import OPERATOR
from tests.desk.bureau import Browser
from tests.desk.imports.conftest import Lists
from tests.short_lists import HEADER, run

DISPUTES = "/gestion/desaccords"
NUMBERED = f"FINESS;{HEADER};Site"
NUMBERS = iter(range(93_010_000, 93_020_000))


def finess() -> str:
    """A number that no other test has, with the digit that ends it."""
    number = f"{next(NUMBERS):08}"
    return number + luhn.calc_check_digit(number)


def line(number: str, name: str, phone: str = "", site: str = "", **other: str) -> str:
    # Each at an address of its own: beside one that is hidden others would be.
    street = other.get("street", f"{int(number) % 1_000 + 1} rue Dite")
    category = other.get("category", "ASE")
    return f"{number};{name};{category};{street};93300;Aubervilliers;{phone};;{site}"


def numbered(*lines: str) -> bytes:
    return "\r\n".join((NUMBERED, *lines)).encode("cp1252")


def sent(lists: Lists, browser: Browser, *lines: str, source: str) -> str:
    """Send lines with national numbers, and let them be read."""
    answer = lists.send(browser, numbered(*lines), source=source)
    assert answer.status_code == 303, answer.text
    lists.work()
    return answer.headers["location"].partition("?")[0]


def applied(lists: Lists, browser: Browser, page: str) -> None:
    assert lists.apply(browser, page, verifie="true", reste="").status_code == 303
    lists.work()
    assert lists.state(page) == "applied"


def record(lists: Lists, name: str) -> ActorRecord:
    with read(lists.databases.staff) as session:
        (seen,) = (each for each in see(session, lists.vault, OPERATOR) if each.record.name == name)
    return seen.record


def origins(lists: Lists, name: str) -> dict[str, str]:
    """Field -> what wrote it: its rank."""
    with read(lists.databases.staff) as session:
        actor = next(
            each.actor_id
            for each in see(session, lists.vault, OPERATOR)
            if each.record.name == name
        )
        fields = session.scalars(
            select(Provenance.fields).where(Provenance.actor_id == actor)
        ).one()
    found = open_provenance(lists.vault, actor, fields)
    return {each: f"{origin.source} {origin.rank}" for each, origin in found.items()}


def outcomes(lists: Lists, page: str) -> dict[str, int]:
    counts = lists.stored(page).counts or {}
    names = ("created", "updated", "unchanged", "conflicting", "rejected", "left")
    assert counts["read"] == sum(counts[name] for name in names)
    return {name: counts[name] for name in names if counts[name]}


def disputed(browser: Browser, name: str) -> bool:
    return name in browser.get(DISPUTES).text


def in_dispute(
    lists: Lists, name: str, phones: tuple[str, str] = ("01 97 00 00 01", "01 97 00 00 02")
) -> tuple[str, str]:
    """Let a list say the phone of an actor; return its number, and the page of another one."""
    number, (first, second) = finess(), phones
    run(lists.runtime, numbered(line(number, name, first)), source=f"A {name}")
    page = sent(lists, lists.signed_in(), line(number, name, second), source=f"B {name}")
    return number, page
