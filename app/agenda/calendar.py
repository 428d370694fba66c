"""Events as a calendar that any program reads: RFC 5545, each hour by the clock of its zone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

from app.agenda.event import PATH, Event
from app.files.cells import clean
from app.resources.markdown import plain

MEDIA_TYPE = "text/calendar"
# It names the program that writes, and never changes.
PRODUCT = "-//Mesure 23//Agenda//FR"
# Part of what tells one event from all others of the world: it never changes either.
UID = "{}@agenda.mesure23"
# Of rules of clocks: before it there is no event, after it nobody knows them.
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CANCELLED = "Annulé : "


@dataclass(frozen=True, slots=True)
class Bare:
    """What a calendar that others may look at says of an event: its title, when it is, and where
    more is read. begins, ends: moments by its clock, or days where no hour is said.
    """

    uid: str
    sequence: int
    title: str
    begins: datetime | date
    ends: datetime | date
    changed_at: datetime
    page: str
    is_off: bool = False


def write(events: Sequence[Event], site: str, name: str) -> bytes:
    """Return the calendar of some events. site: the address of this service."""
    entries = []
    for event in events:
        page = f"{site}{event.path}"
        entry = _entry(bare(event, page))
        entry.add("description", clean("\n\n".join(_said(event, page))))
        if event.place:
            entry.add("location", clean(event.place))
        entry.add("categories", [event.label])
        entries.append(entry)
    return _whole(entries, {each.zone for each in events}, name)


def write_bare(events: Sequence[Bare], zones: Iterable[str], name: str) -> bytes:
    """Return a calendar that says no more of events. zones: the clocks by which they are said."""
    return _whole([_entry(each) for each in events], zones, name)


def bare(event: Event, page: str) -> Bare:
    """Return what may be said of an event wherever it is read. page: where more is."""
    return Bare(
        event.public_id,
        event.sequence,
        event.title,
        event.begins,
        event.ends,
        event.changed_at,
        page,
        event.cancelled_at is not None,
    )


def _whole(entries: Iterable[icalendar.Event], zones: Iterable[str], name: str) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", icalendar.vText(clean(name)))
    for zone in sorted(set(zones)):
        calendar.add_component(_clock(zone))
    for each in entries:
        calendar.add_component(each)
    return bytes(calendar.to_ical())


def _entry(event: Bare) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", UID.format(event.uid))
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", _said_at(event.begins))
    entry.add("dtend", _said_at(event.ends))
    entry.add("summary", clean(f"{CANCELLED if event.is_off else ''}{event.title}"))
    entry.add("status", "CANCELLED" if event.is_off else "CONFIRMED")
    entry.add("url", event.page)
    return entry


def _said(event: Event, page: str) -> Iterable[str]:
    if event.reason:
        yield event.reason
    yield plain(event.text)
    yield page


@lru_cache(maxsize=32)
def _clock(zone: str) -> icalendar.Timezone:
    """Return the rules of a clock, which it takes a while to find; nobody changes them.

    As rules of each year, by which all programs read: of several dates of one observance some read
    the first alone. It begins by the clock that it ends.
    """
    own, found = ZoneInfo(zone), icalendar.Timezone()
    found.add("tzid", zone)
    onsets: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = defaultdict(list)
    before = _offset(FIRST, own)
    for at in (FIRST, *_changes(own)):
        there, after = at.astimezone(own), _offset(at, own)
        observance = (before, after, there.tzname() or zone, bool(there.dst()))
        onsets[observance].append((at + before).replace(tzinfo=None))
        before = after
    for (former, after, name, is_summer), began in onsets.items():
        rule = _rule(began)
        for start in began[:1] if rule else began:
            part = icalendar.TimezoneDaylight() if is_summer else icalendar.TimezoneStandard()
            part.add("dtstart", start)
            part.add("tzoffsetfrom", former)
            part.add("tzoffsetto", after)
            part.add("tzname", name)
            if rule:
                part.add("rrule", rule)
            found.add_component(part)
    return found


def _rule(began: Sequence[datetime]) -> icalendar.vRecur | None:
    """Return the rule of each year that gives these days, "the last Sunday of March"; else None."""
    months, weekdays = {each.month for each in began}, {each.weekday() for each in began}
    if len(began) < 2 or len(months) > 1 or len(weekdays) > 1:
        return None
    places = {(each.day + 6) // 7 for each in began}
    is_last = all((each + 7 * DAY).month != each.month for each in began)
    if len(places) > 1 and not is_last:
        return None
    place = -1 if is_last else min(places)
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[min(weekdays)]
    return icalendar.vRecur(freq="YEARLY", bymonth=min(months), byday=f"{place}{day}")


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when a clock is put forward or back, to the minute."""
    at = FIRST
    while at < LAST:
        if _offset(at, zone) != _offset(at + DAY, zone):
            minutes = (at + timedelta(minutes=minute) for minute in range(1, 24 * 60 + 1))
            yield next(each for each in minutes if _offset(each, zone) != _offset(at, zone))
        at += DAY


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _said_at(moment: datetime | date) -> datetime | date:
    """Return a moment as a calendar says it: of an hour that a clock says twice, by UTC.

    Programs do not agree which of both is meant.
    """
    if not isinstance(moment, datetime):
        return moment
    twice = moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if twice else moment


def path_of(event: Event) -> str:
    """Return the address of the calendar of one event."""
    return f"{PATH}/{event.public_id}.ics"
