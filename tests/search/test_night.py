"""Whom a card says to call by night: who is on duty, and the 119 where the CRIP has closed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.places.schemas import Place
from app.search.actor_schemas import ActorCard
from app.search.cards import CRIP_LABEL, NATIONAL_LABEL
from app.search.criteria import Search
from app.search.results import find
from app.search.situations import situations
from geo.territories import Territory
from tests.makers import add_actor, projected

DAY, NIGHT = "+33143939393", "+33143930000"
# A Wednesday in Paris: at noon, and at one at night.
NOON, ONE = datetime(2026, 6, 10, 10, tzinfo=UTC), datetime(2026, 6, 9, 23, tzinfo=UTC)
OFFICE = "Mo-Fr 09:00-17:00"
BOBIGNY = Place("93008", "Bobigny (93)", 2.44, 48.91, "93008", "200054781", "93")
IN_CHARGE = {"category": "ase", "functions": ["autorite"], "covers_territories": ["93"]}


@pytest.fixture
def connection(session: Session) -> Connection:
    return session.connection()


def card_of(session: Session, name: str, at: datetime) -> ActorCard:
    cards = find(session, Search(territory="93"), at).cards
    return next(card for card in cards if card.name == name)


@pytest.mark.parametrize(
    ("duty_hours", "opening_hours", "at", "first"),
    [
        (None, OFFICE, NOON, DAY),
        (None, OFFICE, ONE, NIGHT),
        (None, None, NOON, DAY),
        (None, None, ONE, NIGHT),
        (None, "24/7", ONE, DAY),
        ("Mo-Su 18:00-08:00", OFFICE, NOON, DAY),
        ("Mo-Su 18:00-08:00", OFFICE, ONE, NIGHT),
        # It is not on duty then, either.
        ("Mo-Su 18:00-22:00", OFFICE, ONE, DAY),
    ],
)
def test_who_is_on_duty_is_called_first_when_the_office_is_closed(
    session: Session,
    connection: Connection,
    duty_hours: str | None,
    opening_hours: str | None,
    at: datetime,
    first: str,
) -> None:
    hours = {"duty_hours": duty_hours, "opening_hours": opening_hours}
    add_actor(connection, name="ASE", phones=[DAY, NIGHT], duty_phones=[NIGHT], **hours)
    card = card_of(session, "ASE", at)
    assert sorted(card.phones) == [NIGHT, DAY]
    assert card.phones[0] == first
    assert card.duty is not None
    assert card.duty.phones == (NIGHT,)


@pytest.mark.parametrize(
    ("opening_hours", "at", "called"),
    [
        (OFFICE, NOON, (DAY, CRIP_LABEL)),
        (OFFICE, ONE, ("119", NATIONAL_LABEL)),
        (None, NOON, (DAY, CRIP_LABEL)),
        (None, ONE, ("119", NATIONAL_LABEL)),
        ("24/7", ONE, (DAY, CRIP_LABEL)),
    ],
)
def test_a_neutral_place_is_never_called_by_a_crip_that_is_closed(
    session: Session,
    connection: Connection,
    opening_hours: str | None,
    at: datetime,
    called: tuple[str, str],
) -> None:
    add_actor(connection, name="Lieu d'accueil", category="heberger", protected=True)
    add_actor(connection, name="CRIP", category="crip", phones=[DAY], opening_hours=opening_hours)
    card = card_of(session, "Lieu d’accueil", at)
    assert (card.phones, card.phone_label) == ((called[0],), called[1])


@pytest.mark.parametrize(
    ("duty_hours", "opening_hours", "at", "answers"),
    [
        ("Mo-Su 18:00-08:00", "Mo-Fr 14:00-17:00", NOON, False),
        ("Mo-Su 18:00-08:00", None, NOON, False),
        ("Mo-Su 18:00-08:00", OFFICE, ONE, True),
        ("Mo-Su 18:00-08:00", None, ONE, True),
        ("Mo-Su 18:00-22:00", OFFICE, ONE, False),
        # Without hours of its own, while the office is closed, or by night.
        (None, "Mo-Fr 14:00-17:00", NOON, True),
        (None, None, NOON, False),
        (None, OFFICE, ONE, True),
        (None, None, ONE, True),
    ],
)
@pytest.mark.parametrize("where", [{"territory": "93"}, {"place": BOBIGNY}])
def test_a_number_of_the_night_answers_in_its_own_hours(
    session: Session,
    connection: Connection,
    where: dict[str, Any],
    duty_hours: str | None,
    opening_hours: str | None,
    at: datetime,
    answers: bool,
) -> None:
    add_actor(connection, name="A", phones=[DAY], opening_hours="Mo-Fr 15:00-17:00", **IN_CHARGE)
    hours = {"duty_hours": duty_hours, "opening_hours": opening_hours}
    add_actor(connection, name="Z", phones=[DAY, NIGHT], duty_phones=[NIGHT], **hours, **IN_CHARGE)
    found = find(session, Search(situation=situations()[4], **where), at)
    assert [card.name for card in found.cards] == (["Z", "A"] if answers else ["A", "Z"])
    # The card says the same: the number that it puts first is the one that answers.
    card = next(card for card in found.cards if card.name == "Z")
    assert (card.phones[0] == NIGHT) is answers
    # Nobody's door is open because of it.
    assert found.facets["ouvert"][0].count == 0


def test_a_sealed_number_of_the_night_answers_nobody(
    session: Session, connection: Connection
) -> None:
    seine = Territory("93", "Seine-Saint-Denis", "departement", "11", "Île-de-France")
    sealed = {"unpublished": (NIGHT,), "duty_phones": (NIGHT,), "duty_hours": "24/7"}
    record: dict[str, Any] = {"name": "Z", "phones": (DAY, NIGHT)} | sealed | IN_CHARGE
    add_actor(connection, **projected(seine, None, **record))
    add_actor(connection, name="A", phones=[DAY], **IN_CHARGE)
    found = find(session, Search(territory="93", situation=situations()[4]), ONE)
    assert [card.name for card in found.cards] == ["A", "Z"]
    assert NIGHT not in str(found)
