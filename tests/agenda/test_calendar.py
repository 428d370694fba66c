"""Calendars are read back as other programs do, over a change of hour too."""

import json
import subprocess
import timeit
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import icalendar
import pytest

from app.agenda import calendar
from app.agenda.event import Event
from app.settings import ROOT
from geo.zones import PLACES
from tests.made_events import SAVED, event
from tests.provider import node

SITE = "https://carte.exemple"
# The clocks of mainland France go forward at 1:00 UTC of the first, and back of the second; those
# of Saint-Pierre-et-Miquelon two weeks sooner, and a week later.
MAINLAND = (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC))
CHANGES = {
    "Europe/Paris": MAINLAND,
    "America/Miquelon": (
        datetime(2027, 3, 14, 5, tzinfo=UTC),
        datetime(2027, 11, 7, 4, tzinfo=UTC),
    ),
    "Pacific/Noumea": MAINLAND,
}


def read_back(*events: Event) -> icalendar.Calendar:
    found = icalendar.Calendar.from_ical(calendar.write(events, SITE, "Agenda"))
    assert isinstance(found, icalendar.Calendar)
    return found


def around_changes(zone: str) -> list[Event]:
    """Events of a day that begin around each change of a clock, cancelled in turn."""
    hours = [
        at + timedelta(minutes=minutes)
        for at in CHANGES[zone]
        for minutes in (-1440, -90, -61, -1, 0, 1, 59, 61, 90, 1440)
    ]
    return [
        event(
            public_id=f"{zone}{n}",
            zone=zone,
            begins_at=at,
            ends_at=at + timedelta(days=1),
            cancelled_at=SAVED if n % 2 else None,
            sequence=n,
        )
        for n, at in enumerate(hours)
    ]


@pytest.mark.parametrize("zone", CHANGES)
def test_each_hour_is_right_around_a_change_of_clocks(zone: str) -> None:
    events = around_changes(zone)
    read = read_back(*events)
    entries = read.walk("VEVENT")
    assert len(entries) == len(events)
    for entry, made in zip(entries, events, strict=True):
        assert isinstance(entry, icalendar.Event)
        assert entry.decoded("DTSTART").astimezone(UTC) == made.begins_at
        assert entry.decoded("DTEND").astimezone(UTC) == made.ends_at


def test_a_program_that_knows_no_clock_reads_the_same_by_the_rules_within() -> None:
    events = [each for zone in CHANGES for each in around_changes(zone)]
    written = calendar.write(events, SITE, "Agenda")
    command = [node(), str(ROOT / "tests/calendar.mjs")]
    said = subprocess.run(command, input=written, capture_output=True, check=True).stdout
    assert json.loads(said) == [
        [
            calendar.UID.format(each.public_id),
            each.sequence,
            "CANCELLED" if each.cancelled_at else "CONFIRMED",
            each.begins_at.timestamp(),
            each.ends_at.timestamp(),
        ]
        for each in events
    ]


def test_each_french_clock_is_brought_along_once() -> None:
    events = [event(public_id=f"{n:016x}", zone=zone) for n, zone in enumerate((*PLACES, *PLACES))]
    zones = [str(each["TZID"]) for each in read_back(*events).walk("VTIMEZONE")]
    assert zones == sorted(PLACES)


def test_a_change_has_the_same_name_and_a_higher_number() -> None:
    former, later = (
        read_back(event(sequence=number, title=f"Titre {number}")).walk("VEVENT")[0]
        for number in (1, 2)
    )
    assert former["UID"] == later["UID"] == "0123456789abcdef@agenda.mesure23"
    assert (former["SEQUENCE"], later["SEQUENCE"]) == (1, 2)
    assert former.decoded("DTSTAMP") == SAVED


def test_what_is_cancelled_says_so_and_why() -> None:
    found = event(cancelled_at=SAVED, reason="Salle fermée.", sequence=3)
    (entry,) = read_back(found).walk("VEVENT")
    assert entry["STATUS"] == "CANCELLED"
    assert str(entry["SUMMARY"]) == "Annulé : Repérer et orienter"
    assert "Salle fermée." in str(entry["DESCRIPTION"])


def test_no_text_ends_its_line_or_begins_another_property() -> None:
    hostile = 'A\r\nATTENDEE:mailto:x@y.fr\nB;C,D\\n"E"\x00\u2028END:VEVENT'
    found = event(title=hostile, text=hostile, place=hostile)
    written = calendar.write([found], SITE, hostile)
    lines = written.replace(b"\r\n ", b"").split(b"\r\n")
    assert not [line for line in lines if line.startswith((b"ATTENDEE", b"B;C"))]
    assert lines.count(b"END:VEVENT") == 1
    (entry,) = read_back(found).walk("VEVENT")
    assert "ATTENDEE:mailto:x@y.fr" in str(entry["SUMMARY"])
    assert str(entry["LOCATION"]).startswith("A\nATTENDEE")


def test_lines_are_folded_as_the_standard_asks() -> None:
    written = calendar.write([event(title="é" * 200, text="mot " * 500)], SITE, "Agenda")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    for one, other in pairwise(written.split(b"\r\n")):
        assert not (one.endswith(b"\xc3") and other.startswith(b" \xa9"))


@pytest.mark.slow
def test_ten_times_the_events_take_ten_times_as_long() -> None:
    zones = [*PLACES]
    events = [
        event(public_id=f"{n:016x}", zone=zones[n % len(zones)], text="Programme. " * 20)
        for n in range(500)
    ]
    calendar.write(events[:12], SITE, "Agenda")

    def took(some: list[Event]) -> float:
        return min(timeit.repeat(lambda: calendar.write(some, SITE, "Agenda"), number=1, repeat=3))

    fifty, all_of_them = took(events[:50]), took(events)
    # In seconds it would say what else the machine does.
    assert all_of_them < 25 * fifty
