"""Whom a territory is called at without waiting: the number that answers now, and by night."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor
from app.operations.offices import MOST, offices_near, read_offices
from tests.makers import add_actor

DAY, NIGHT = "+33143939393", "+33143930000"
OTHERS = [f"+3314393000{each}" for each in range(1, 5)]
# A Wednesday in Paris: at noon, and at two at night.
NOON, TWO = datetime(2026, 6, 10, 10, tzinfo=UTC), datetime(2026, 6, 10, 0, tzinfo=UTC)
ON_DUTY = {"duty_phones": [NIGHT], "duty_hours": "Mo-Su 18:00-08:00"}


@pytest.mark.parametrize(("at", "first"), [(NOON, DAY), (TWO, NIGHT), (None, DAY)])
def test_who_answers_by_night_is_called_first_by_night(
    session: Session, at: datetime | None, first: str
) -> None:
    given = {"category": "crip", "phones": [DAY, NIGHT], "opening_hours": "Mo-Fr 09:00-17:00"}
    add_actor(session.connection(), **given, **ON_DUTY)
    (office,) = read_offices(session, at)["93"]
    assert (office.label, set(office.phones), office.phones[0]) == ("CRIP", {DAY, NIGHT}, first)
    assert "18" in office.duty[NIGHT]
    assert DAY not in office.duty


def test_of_many_numbers_that_of_the_night_is_never_left_out(session: Session) -> None:
    given = {"category": "ase", "phones": [DAY, *OTHERS, NIGHT], "duty_phones": [NIGHT]}
    add_actor(session.connection(), **given)
    (office,) = read_offices(session, NOON, "93")["93"]
    assert [*office.phones] == [DAY, *OTHERS[: MOST - 1], NIGHT]
    assert office.duty == {NIGHT: "quand le service est fermé"}
    assert read_offices(session, NOON, "59") == {}


def test_near_what_is_not_public_nobody_is_named(session: Session) -> None:
    connection = session.connection()
    add_actor(connection, category="crip", phones=[DAY])
    seen, unseen = (add_actor(connection, status=each) for each in ("published", "secret"))
    ids = dict(session.execute(select(Actor.id, Actor.public_id)).all())
    name, (office,) = offices_near(session, ids[seen], NOON)
    assert (name, [*office.phones]) == ("Seine-Saint-Denis", [DAY])
    for other in (ids[unseen], "", "x" * 16):
        assert offices_near(session, other, NOON) == ("", [])
