"""Calendars are read back as other programs do, over a change of hour too."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter
from typing import Any

import icalendar
import pytest

from app.agenda import calendar
from app.agenda.event import Event
from geo.zones import PLACES
from tests.made_events import SAVED, event

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


def by_rules(read: icalendar.Calendar, entry: icalendar.Event, name: str) -> datetime:
    """Return a moment by the rules that the calendar brings along, and no others.

    As the standard has it: an observance begins by the clock before it, and an hour that is said
    twice is the first one.
    """
    zone = entry[name].params.get("TZID")
    if zone is None:
        moment: datetime = entry.decoded(name)
        return moment.astimezone(UTC)
    (rules,) = [each for each in read.walk("VTIMEZONE") if each["TZID"] == zone]
    parts: list[Any] = rules.subcomponents
    wall = entry.decoded(name).replace(tzinfo=None)
    began = sorted(
        (onset - each["TZOFFSETFROM"].td, each["TZOFFSETTO"].td)
        for each in parts
        for onset in onsets(each)
    )
    ends = [*(start for start, _ in began[1:]), datetime(9999, 1, 1)]  # noqa: DTZ001
    (first, *_) = [
        wall - offset
        for (start, offset), end in zip(began, ends, strict=True)
        if start <= wall - offset < end
    ]
    found: datetime = first.replace(tzinfo=UTC)
    return found


def onsets(observance: Any) -> list[datetime]:
    """Return when an observance begins: its start, and each repeated one."""
    found = [observance.decoded("DTSTART")]
    dates = observance.get("RDATE", [])
    for each in dates if isinstance(dates, list) else [dates]:
        found += [one.dt for one in each.dts]
    return found


@pytest.mark.parametrize("zone", CHANGES)
def test_each_hour_is_right_around_a_change_of_clocks_by_the_rules_within(zone: str) -> None:
    hours = [
        at + timedelta(minutes=minutes)
        for at in CHANGES[zone]
        for minutes in (-1440, -90, -61, -1, 0, 1, 59, 61, 90, 1440)
    ]
    events = [
        event(public_id=f"{n:016x}", zone=zone, begins_at=at, ends_at=at + timedelta(days=1))
        for n, at in enumerate(hours)
    ]
    read = read_back(*events)
    entries = read.walk("VEVENT")
    assert len(entries) == len(events)
    for entry, made in zip(entries, events, strict=True):
        assert isinstance(entry, icalendar.Event)
        assert entry.decoded("DTSTART").astimezone(UTC) == made.begins_at
        assert by_rules(read, entry, "DTSTART") == made.begins_at
        assert by_rules(read, entry, "DTEND") == made.ends_at


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


def test_five_hundred_events_take_little_time() -> None:
    zones = [*PLACES]
    events = [
        event(public_id=f"{n:016x}", zone=zones[n % len(zones)], text="Programme. " * 20)
        for n in range(500)
    ]
    calendar.write(events[:12], SITE, "Agenda")
    began = perf_counter()
    calendar.write(events, SITE, "Agenda")
    # On a machine that does something else as well; cached answers take none of it.
    assert perf_counter() - began < 2
