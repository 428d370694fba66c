"""What the database writes of an actor to be counted by is what the search reads from it."""

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from app.models import Actor
from app.search.counts import DRAWN, PARTS
from app.search.facets import OPENING
from importers.hours import ROUND_THE_CLOCK
from tests.makers import add_actor


@pytest.mark.parametrize("hours", [*ROUND_THE_CLOCK, "Mo-Fr 09:00-17:00", None])
def test_a_facet_key_says_who_answers_day_and_night(session: Session, hours: str | None) -> None:
    parts = key_of(session.connection(), opening_hours=hours).split("|")
    written = {facet: parts[number] for number, facet in PARTS}
    assert len(parts) == len(PARTS) + 1
    assert written[OPENING] == ("24h" if hours in ROUND_THE_CLOCK else "")


def test_a_facet_key_begins_with_who_has_a_point_and_who_is_protected(session: Session) -> None:
    connection = session.connection()
    drawn = key_of(connection, point="SRID=4326;POINT(2.44 48.91)", precision="address")
    protected = key_of(connection, protected=True, category="heberger")
    assert [key.partition("|")[0] for key in (drawn, protected, key_of(connection))] == [
        DRAWN,
        "p",
        "",
    ]


def key_of(connection: Connection, **columns: object) -> str:
    added = add_actor(connection, **columns)
    return connection.execute(select(Actor.facet_key).where(Actor.id == added)).scalar_one()
