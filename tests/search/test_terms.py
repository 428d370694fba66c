"""Since when nobody confirmed an actor: what pages and files say of it, and who stands first."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.models import Actor
from app.search import terms
from app.search.criteria import Search
from app.search.results import find
from app.search.rows import read_selection
from app.search.situations import situations
from app.search.terms import SAID, SUNK, Terms, due_on, is_said, is_sunk, later
from tests.makers import add_actor

CONFIRMED = date(2026, 1, 31)
USUAL = {**dict.fromkeys(("phones", "duty_phones", "duty_hours"), 6), "other": 12}
USUAL |= {"opening_hours": 6, "hours_text": 6}


@pytest.fixture
def connection(session: Session) -> Connection:
    return session.connection()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 11, 28), 13, date(2027, 12, 28)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_its_month(
    day: date, months: int, then: date
) -> None:
    assert later(day, months) == then


def test_what_has_a_number_or_hours_is_asked_sooner_than_the_rest() -> None:
    assert due_on("association", {"phones": ["+33143939393"]}, CONFIRMED) == date(2026, 7, 31)
    assert due_on("association", {"hours_text": "le matin"}, CONFIRMED) == date(2026, 7, 31)
    assert due_on("association", {"phones": [], "email": "a@b.fr"}, CONFIRMED) == date(2027, 1, 31)


def test_a_category_may_have_terms_of_its_own() -> None:
    known = Terms(usual=USUAL, categories={"police": {"phones": 12}})
    assert known.months("police", {"phones"}) == 12
    assert known.months("police", {"phones", "opening_hours"}) == 6
    assert known.months("ase", {"phones"}) == 6


@pytest.mark.parametrize(
    "given",
    [
        {"usual": USUAL | {"colour": 6}},
        {"usual": {"other": 12}},
        {"usual": USUAL, "categories": {"nobody": {"other": 3}}},
        {"usual": USUAL, "categories": {"ase": {"colour": 3}}},
    ],
    ids=["unknown field", "fields without a term", "unknown category", "field of a category"],
)
def test_terms_of_what_no_sheet_has_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate(given)


@pytest.mark.slow
def test_the_database_counts_days_as_pages_do(
    session: Session, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Terms(usual=USUAL, categories={"police": {"phones": 9, "other": 10}})
    monkeypatch.setattr(terms, "terms", lambda: own)
    # Without what it remembers of the terms in force.
    monkeypatch.setattr(terms, "_due_on", terms._due_on.__wrapped__)
    days = [date(2026, 1, 31), date(2026, 8, 31), date(2026, 11, 30), date(2028, 2, 29), None]
    says: list[dict[str, Any]] = [
        {},
        {"phones": ["+33143939393"]},
        {"duty_phones": ["+33143939393"]},
        {"opening_hours": "24/7"},
        {"hours_text": "le matin"},
        {"duty_hours": "24/7"},
    ]
    for day, category, said in product(days, ("police", "association"), says):
        add_actor(connection, verified_on=day, category=category, **said)
    table = Actor.__table__
    columns = [table.c[name] for name in ("category", "verified_on", *terms.FIELDS)]
    for today in (date(2026, 11, 1) + timedelta(days=10 * n) for n in range(120)):
        for row in session.execute(
            select(*columns, is_sunk(table, today).label("sunk"))
        ).mappings():
            day = row["verified_on"]
            last = later(due_on(row["category"], dict(row), day), SUNK) if day else date.max
            assert row["sunk"] == (last <= today), (dict(row), today)


def test_a_card_says_so_three_months_after_its_term_and_not_a_day_before(
    session: Session, connection: Connection
) -> None:
    add_actor(connection, verified_on=CONFIRMED, phones=["+33143939393"])
    said = later(later(CONFIRMED, 6), SAID)
    for day, lapsed in ((said - timedelta(days=1), False), (said, True)):
        (card,) = find(session, Search(territory="93"), at(day)).cards
        assert card.lapsed is lapsed


def test_a_file_says_what_the_page_of_the_same_moment_does(
    session: Session, connection: Connection
) -> None:
    add_actor(connection, verified_on=CONFIRMED, phones=["+33143939393"])
    search, said = Search(territory="93"), later(later(CONFIRMED, 6), SAID)
    for day, value in ((said - timedelta(days=1), None), (said, "oui")):
        given = read_selection(session, search, at(day), site="https://x", publisher="x")
        column = next(each for each in given.columns if each.name == "non_verifie")
        (record,) = (each for batch in given.batches for each in batch)
        assert column.value(record) == value


def test_a_day_of_a_register_and_none_at_all_lapse_never(
    session: Session, connection: Connection
) -> None:
    add_actor(connection, verified_on=date(2011, 1, 1), register="finess")
    add_actor(connection)
    found = find(session, Search(territory="93"), at(date(2026, 11, 28))).cards
    assert [card.lapsed for card in found] == [False, False]


def test_who_was_not_confirmed_for_long_stands_behind_who_does_the_same_and_before_who_does_less(
    session: Session, connection: Connection
) -> None:
    step: dict[str, Any] = {"category": "ase", "functions": [], "opening_hours": "24/7"}
    old: dict[str, Any] = {"verified_on": CONFIRMED, "phones": ["+33143939393"]}
    add_actor(connection, name="Ancienne", **step, **old)
    add_actor(connection, name="Jamais vérifiée", **{**step, "opening_hours": None}, phones=["17"])
    add_actor(connection, name="Sans numéro", **step, verified_on=date(2027, 8, 1))
    search = Search(territory="93", situation=situations()[1])
    sunk = later(later(CONFIRMED, 6), SUNK)

    def names(day: date) -> list[str]:
        return [card.name for card in find(session, search, at(day)).cards]

    assert names(sunk - timedelta(days=1)) == ["Ancienne", "Jamais vérifiée", "Sans numéro"]
    assert names(sunk) == ["Jamais vérifiée", "Ancienne", "Sans numéro"]


def test_time_alone_hides_nobody(session: Session, connection: Connection) -> None:
    add_actor(connection, verified_on=CONFIRMED, phones=["+33143939393"])
    assert len(find(session, Search(territory="93"), at(date(2036, 1, 1))).cards) == 1
    assert is_said("association", {}, CONFIRMED, date(2036, 1, 1))
