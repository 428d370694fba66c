"""When an event is, as one says it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.agenda.event import Event
from app.agenda.months import by_month, weeks_of
from tests.made_events import event


def said(event: Event, seen_from: str | None = None) -> str:
    return event.hours(seen_from).replace("\u00a0", " ")


WINTER, SUMMER = datetime(2027, 1, 12, 9, tzinfo=UTC), datetime(2027, 7, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "begins", "words"),
    [
        ("Indian/Reunion", WINTER, "10 h – 12 h à Paris, 13 h – 15 h à La Réunion"),
        # In summer Paris is an hour nearer.
        ("Indian/Reunion", SUMMER, "11 h – 13 h à Paris, 13 h – 15 h à La Réunion"),
        (
            "America/Martinique",
            WINTER + timedelta(hours=4, minutes=30),
            "14 h 30 – 16 h 30 à Paris, 9 h 30 – 11 h 30 en Martinique",
        ),
        ("Europe/Paris", WINTER, "10 h – 12 h à Paris"),
    ],
)
def test_both_clocks_are_said_where_they_differ(zone: str, begins: datetime, words: str) -> None:
    assert said(event(zone=zone, begins_at=begins)) == words


def test_a_clock_says_that_its_day_is_another_one() -> None:
    late = datetime(2027, 1, 12, 21, tzinfo=UTC)
    found = event(zone="Pacific/Noumea", begins_at=late)
    assert said(found) == "22 h la veille – 0 h à Paris, 8 h – 10 h en Nouvelle-Calédonie"
    assert found.day == "mercredi 13 janvier 2027"


def test_who_looks_from_a_territory_reads_its_clock_too() -> None:
    found = event(begins_at=datetime(2027, 1, 12, 9, tzinfo=UTC))
    assert said(found, "974") == "10 h – 12 h à Paris, 13 h – 15 h à La Réunion"
    assert said(found, "93") == "10 h – 12 h à Paris"


def test_what_takes_several_days_says_both() -> None:
    begins = datetime(2027, 3, 1, 8, tzinfo=UTC)
    found = event(begins_at=begins, ends_at=begins + timedelta(days=1))
    assert found.day == "du lundi 1er mars 2027 au mardi 2 mars 2027"


def test_of_a_territory_of_paris_time_the_hour_is_enough() -> None:
    given: dict[str, Any] = {"territory_code": "93", "territory": "Seine-Saint-Denis"}
    assert said(event(**given)) == "10 h – 12 h"


def test_what_ends_at_midnight_is_of_one_day_and_one_month() -> None:
    begins = datetime(2027, 2, 28, 19, tzinfo=UTC)
    found = event(begins_at=begins, ends_at=begins + timedelta(hours=4))
    assert found.day == "dimanche 28 février 2027"
    days = [day for week in weeks_of(date(2027, 2, 1), [found]) for day, some in week if some]
    assert days == [date(2027, 2, 28)]


def test_months_are_those_of_each_clock_and_stand_once() -> None:
    march = datetime(2027, 3, 31, 20, tzinfo=UTC)
    noumea = event(zone="Pacific/Noumea", begins_at=march)
    later = event(begins_at=march + timedelta(hours=1))
    april = event(begins_at=march + timedelta(days=1))
    assert [each.name for each in by_month([noumea, later, april])] == ["Mars 2027", "Avril 2027"]
