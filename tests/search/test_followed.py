"""A second territory that knows the child already: who decides there, and nothing is selected."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.maps.drawing import actors_url, clusters_url
from app.search.competence import who_follows
from app.search.criteria import Search
from app.search.reading import read_search
from app.search.results import find
from app.search.situations import situations
from tests.crowd import NOW
from tests.makers import add_actor
from tests.search.conftest import Ask, ids_of


def following(session: Session, **given: Any) -> dict[str, list[str]]:
    """Return the names of those who follow the child of a search, by their role."""
    followed = who_follows(session, read_search(session, **given), NOW)
    if followed is None:
        return {}
    return {each.role.short: [card.name for card in each.actors] for each in followed.in_charge}


def add_of(session: Session, code: str) -> None:
    """Add those of a territory who decide, and others who do not or not for all of it."""
    connection = session.connection()
    for category, functions in (("crip", []), ("ase", ["autorite"]), ("cdlp", []), ("justice", [])):
        add_actor(
            connection,
            category=category,
            name=f"{category} {code}",
            territory_code=code,
            functions=functions,
            covers_territories=[code] if category == "justice" else [],
        )
    add_actor(connection, category="ase", name="antenne", territory_code=code)


def test_crip_and_ase_follow_and_nobody_else(session: Session) -> None:
    add_of(session, "75")
    assert following(session, lieu="93066", suivi="75") == {"CRIP": ["crip 75"], "ASE": ["ase 75"]}


def test_a_territory_without_lists_is_named_with_nobody(session: Session) -> None:
    assert following(session, lieu="93066", suivi="75") == {"CRIP": [], "ASE": []}


@pytest.mark.parametrize("place", [{"territory": "93"}, {"lieu": "93066"}])
def test_the_territory_of_the_place_is_not_named_twice(
    session: Session, place: dict[str, Any]
) -> None:
    add_of(session, "93")
    assert following(session, suivi="93", **place) == {}
    # Of a place elsewhere it is named again: the address has not lost it.
    assert read_search(session, suivi="93", **place).followed_by == "93"
    assert following(session, lieu="75120", suivi="93") == {"CRIP": ["crip 93"], "ASE": ["ase 93"]}


def test_a_step_in_charge_calls_them_and_no_other_step_does(session: Session) -> None:
    add_of(session, "75")
    followed = who_follows(session, read_search(session, lieu="93066", suivi="75"), NOW)
    assert followed is not None
    for situation in situations().values():
        for step in situation.step:
            called = [each.role.short for each in followed.in_step(step)]
            bodies = [("CRIP", "crip"), ("ASE", "ase")]
            assert called == [
                short for short, code in bodies if step.competent and code in step.categories
            ]
    assert any(followed.in_step(step) for each in situations().values() for step in each.step)


def test_it_stays_in_the_address_whatever_else_changes(session: Session) -> None:
    search = read_search(session, lieu="93066", suivi="2a")
    assert search.url() == "/autour?lieu=93066&suivi=2A"
    others: tuple[Search, ...] = (
        search.but(territory="93", place=None),
        search.but(situation=situations()[2]),
        search.but(categorie=("ase",)),
        search.but(radius=5, page=2),
        search.reset(),
    )
    for other in others:
        assert "suivi=2A" in other.url()
        assert "suivi=2A" in other.printed_url


@pytest.mark.parametrize("code", ["999", "x", "%", "2a2", "0"])
def test_an_unknown_one_is_left_out(session: Session, code: str) -> None:
    assert read_search(session, lieu="93066", suivi=code).followed_by is None


def test_it_selects_nothing(ask: Ask, reading: Session) -> None:
    plain, followed = ask(territory="93"), ask(territory="93", suivi="75")
    assert ids_of(reading, plain) == ids_of(reading, followed)
    assert find(reading, plain, NOW).counts == find(reading, followed, NOW).counts
    assert not followed.narrowed
    assert actors_url(followed) == actors_url(plain)
    assert clusters_url(followed) == clusters_url(plain)
