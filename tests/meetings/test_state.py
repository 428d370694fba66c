"""Who stands first for a role in an état des lieux."""

from datetime import date, timedelta

from app.meetings.state import state_of
from app.search.here import Here

TODAY = date(2026, 6, 1)
BY_LIST, BY_REGISTER = {"verified_on": TODAY}, {"verified_on": TODAY, "from_register": True}


def crip(name: str, **said: object) -> Here:
    given = {
        "public_id": name,
        "name": name,
        "category": "crip",
        "functions": (),
        "phones": ("+33199000001",),
        "town": "Bobigny",
        "slug": "acteur",
        "email": None,
        "verified_on": None,
        "due_on": None,
        "age": "never",
        "from_register": False,
        "protected": False,
        "territory": "93",
        "seated": True,
        "whole": False,
        "listed": True,
    }
    return Here(**(given | said))  # type: ignore[arg-type]


def first(*actors: Here) -> list[str]:
    state = state_of(actors, {}, TODAY, TODAY, None, None)
    (steering,) = (each for each in state.steering if each.category.code == "crip")
    return [each.name for each in steering.actors]


def test_whom_somebody_verified_stands_before_whom_a_register_alone_names() -> None:
    whole = crip("register", whole=True, **BY_REGISTER)
    assert first(whole, crip("nobody", whole=True), crip("list", **BY_LIST)) == [
        "list",
        "register",
        "nobody",
    ]


def test_of_two_verified_ones_who_covers_all_stands_first_then_the_newer_day() -> None:
    older = {"verified_on": TODAY - timedelta(days=90)}
    found = first(
        crip("older", **older), crip("newer", **BY_LIST), crip("whole", whole=True, **older)
    )
    assert found == ["whole", "newer", "older"]
