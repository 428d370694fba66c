"""Whether a place is open at a moment, on the clock and the calendar of its own territory.

`opening_hours` reads the syntax; what it takes for open without being sure (a comment, an open
end, the sun, school holidays) is to be checked here, since a closed door costs a child the way.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined] # not in its stub
from opening_hours import State as Parsed

from app.hours.places import calendar_of, is_holiday
from geo.zones import zone_of

# More than a list may bring (500), and what a hostile text may cost.
_LONGEST = 1_000
# When an office that gives no hours may be there.
_OFFICE_HOURS = range(8, 20)
_WEEKEND = (5, 6)
_HORIZON = 31  # days: "the first Monday of the month" comes back within
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_COMMENT = re.compile(r'("[^"]*")')
_HOLIDAY = re.compile(r"\bPH\b")
_SCHOOL = re.compile(r"\bSH\b")
# What `opening_hours` writes for hours that nothing closes.
_ALWAYS = frozenset(["24/7", "Mo-Su", "Mo-Su,PH", "PH,Mo-Su", "24/7; PH", "Mo-Su; PH"])
_NEVER = "24/7 closed"
_AFTER_HOLIDAY = re.compile(r"\bPH [-+]?\d+ day")
_DOUBTFUL = re.compile(
    r"\d\+"  # an open end
    r"|dawn|dusk|sunrise|sunset"  # no coordinates here
    r"|\d\d:\d\d/"  # repeated moments, not a span
    r"|(\d\d:\d\d)-\1"  # a whole day, or a slip?
    r"|Feb 3[01]|(?:Apr|Jun|Sep|Nov) 31"  # taken for every day
    r"|\|\|"  # taken for days that the rules before do not name, and not for their other hours
)
_SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
# Holidays that fall on these days, says the syntax; holidays and these days, says the library.
_NARROWED = re.compile(
    rf"\b[PS]H\s+(?:{'|'.join(_WEEKDAYS)})|(?:{'|'.join(_WEEKDAYS)})\s+[PS]H\b", re.IGNORECASE
)


class State(StrEnum):
    """What may be said of a place at a moment."""

    OPEN = "ouvert"
    CLOSED = "ferme"
    CHECK = "a_verifier"
    UNKNOWN = "inconnu"


class Reason(StrEnum):
    """Why the hours of the week do not decide, in the words of a page."""

    ALWAYS = "jour et nuit"
    HOLIDAY = "jour férié"
    SCHOOL_HOLIDAYS = "vacances scolaires"


@dataclass(frozen=True, slots=True)
class Opening:
    """The state of a place at the moment `at`.

    until: when an open place closes, or a closed one surely opens, within a month; local and
    aware; None where that is not known. comment: what its list wrote about this moment.
    """

    state: State
    until: datetime | None
    comment: str | None
    at: datetime
    reason: Reason | None = None


# There is one of each text, compared by identity: verdicts are looked up 500 times a page.
@dataclass(frozen=True, slots=True, eq=False)
class _Hours:
    """Hours that were understood, in the spelling of `opening_hours`."""

    text: str
    tells_holidays: bool
    tells_school: bool
    doubtful: bool
    past_midnight: bool


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: State
    comment: str | None = None
    reason: Reason | None = None


def state(osm: str | None, territory_code: str, at: datetime) -> Opening:
    """Say whether hours in OSM syntax are open at an aware moment, in the territory's own time.

    Hours that say nothing about public holidays are CHECK on one, except round the clock; a
    comment is never taken for open; a text that cannot be read, or counts days from a holiday, is
    UNKNOWN, never an error.
    """
    local = at.astimezone(zone_of(territory_code))
    hours = _read(osm) if osm else None
    if hours is None:
        return Opening(State.UNKNOWN, None, None, local)
    wall, code = _minute(local), calendar_of(territory_code)
    now = _verdict(hours, code, wall)
    until = _until(hours, code, wall, now.state)
    return Opening(now.state, until and _aware(until, local), now.comment, local, now.reason)


def may_answer(osm: str | None, territory_code: str, at: datetime) -> bool:
    """Say whether an office is worth a call at an aware moment: open, or not known to be closed.

    By night and at the weekend only one that is open.
    """
    now = state(osm, territory_code, at)
    if now.state is State.OPEN:
        return True
    by_day = now.at.hour in _OFFICE_HOURS and now.at.weekday() not in _WEEKEND
    return by_day and now.state is not State.CLOSED


def on_duty(duty: str | None, office: str | None, territory_code: str, at: datetime) -> bool:
    """Say whether a number of the night is the one to call at an aware moment.

    By its own hours; where none are known, while the office is closed, or by night.
    """
    if duty and (now := state(duty, territory_code, at).state) is not State.UNKNOWN:
        return now is State.OPEN
    return not may_answer(office, territory_code, at)


def open_now(pairs: Iterable[tuple[str, str]], at: datetime) -> list[tuple[str, str]]:
    """Return those pairs of a territory's code and hours that are OPEN at an aware moment."""
    walls: dict[str, datetime] = {}
    found = []
    for pair in pairs:
        code, osm = pair
        if code not in walls:
            walls[code] = _minute(at.astimezone(zone_of(code)))
        hours = _read(osm)
        if hours and _verdict(hours, calendar_of(code), walls[code]).state is State.OPEN:
            found.append(pair)
    return found


def always_open(osm: str | None) -> bool:
    """Tell whether hours are round the clock, every day, in whatever spelling."""
    hours = _read(osm) if osm else None
    return hours is not None and hours.text in _ALWAYS


def readable(osm: str) -> bool:
    """Tell whether a text is hours in OSM syntax."""
    return _read(osm) is not None


@lru_cache(maxsize=10_000)
def _read(osm: str) -> _Hours | None:
    try:
        text = str(OpeningHours(osm)) if len(osm) <= _LONGEST else None
    except (ParserError, UnicodeEncodeError):
        return None
    bare = _COMMENT.sub("", text or "")
    if not text or _AFTER_HOLIDAY.search(bare):
        return None
    return _Hours(
        text,
        tells_holidays=_HOLIDAY.search(bare) is not None,
        tells_school=_SCHOOL.search(bare) is not None,
        doubtful=bool(_DOUBTFUL.search(bare) or _NARROWED.search(_COMMENT.sub("", osm))),
        past_midnight=any(end > "24:00" or end <= start for start, end in _SPAN.findall(bare)),
    )


@lru_cache(maxsize=10_000)
def _expression(text: str, holidays: tuple[str, ...]) -> OpeningHours:
    """Parse hours for two days running, of which those weekdays are public holidays.

    `opening_hours` knows the holidays of all France but none of a territory's own. It is given
    no country, so that PH never matches, and PH is written as the weekday that it falls on.
    """
    if holidays:
        parts = _COMMENT.split(text)
        parts[::2] = (_HOLIDAY.sub(",".join(holidays), part) for part in parts[::2])
        text = "".join(parts)
    return OpeningHours(text, max_interval_days=366)


def _on(hours: _Hours, code: str, wall: datetime) -> OpeningHours:
    """Return the hours as they hold on the day of `wall`, and in the night that leads to it."""
    if not hours.tells_holidays:
        return _expression(hours.text, ())
    days = (wall.date() - timedelta(days=1), wall.date())
    return _expression(
        hours.text, tuple(_WEEKDAYS[day.weekday()] for day in days if is_holiday(code, day))
    )


def _minute(local: datetime) -> datetime:
    """Return a moment on the wall clock: hours begin and end with a minute, and hold for it."""
    return local.replace(tzinfo=None, second=0, microsecond=0)


# The same hours again and again, from one page to the next within a minute. As many as are read:
# a page of all of France asks for each in turn, and would find none where one too few is cached.
@lru_cache(maxsize=10_000)
def _verdict(hours: _Hours, code: str, wall: datetime) -> _Verdict:
    verdict = _by_day(hours, code, wall)
    if verdict.state is not State.OPEN or not hours.past_midnight:
        return verdict
    midnight = datetime.combine(wall, time())
    expression = _on(hours, code, wall)
    if expression.is_closed(midnight):
        return verdict
    change = expression.next_change(midnight)
    if change is not None and change <= wall:
        return verdict
    # Open since midnight: `opening_hours` lets a night go on even where its evening was off.
    evening = _by_day(hours, code, midnight - timedelta(minutes=1))
    return verdict if evening.state is State.OPEN else _Verdict(State.CHECK, reason=evening.reason)


def _by_day(hours: _Hours, code: str, wall: datetime) -> _Verdict:
    """Return what the rules for the day of `wall` say; the evening before is not looked at."""
    if hours.text in _ALWAYS:
        return _Verdict(State.OPEN, reason=Reason.ALWAYS)
    if hours.text == _NEVER:
        return _Verdict(State.CLOSED)
    parsed, words = _on(hours, code, wall).state(wall)
    comment = words or None
    if hours.tells_school:
        return _Verdict(State.CHECK, comment, Reason.SCHOOL_HOLIDAYS)
    if not hours.tells_holidays and is_holiday(code, wall.date()):
        return _Verdict(State.CHECK, comment, Reason.HOLIDAY)
    if hours.doubtful or parsed is Parsed.UNKNOWN:
        return _Verdict(State.CHECK, comment)
    if parsed is Parsed.CLOSED:
        return _Verdict(State.CLOSED, comment)
    return _Verdict(State.CHECK if comment else State.OPEN, comment)


@lru_cache(maxsize=2_000)
def _until(hours: _Hours, code: str, wall: datetime, now: State) -> datetime | None:
    if hours.text in (*_ALWAYS, _NEVER) or now not in (State.OPEN, State.CLOSED):
        return None
    for start in _changes(hours, code, wall):
        then = _verdict(hours, code, start).state
        if now is State.OPEN and then is not State.OPEN:
            return start if then is State.CLOSED else None
        if now is State.CLOSED and then is State.OPEN:
            return start
    return None


def _changes(hours: _Hours, code: str, wall: datetime) -> Iterator[datetime]:
    """Return moments after `wall` at which the state may be another: of the days, and midnights."""
    start = wall
    for _ in range(_HORIZON):
        end = datetime.combine(start, time()) + timedelta(days=1)
        for begins, *_ in _on(hours, code, start).intervals(start, end):
            if begins > wall:
                yield begins
        start = end


def _aware(wall: datetime, local: datetime) -> datetime:
    """Give a later wall-clock time its zone.

    Of an hour that comes twice when summer time ends, the later one where the first is past; one
    that is skipped when it begins stays as the hours write it.
    """
    moment = wall.replace(tzinfo=local.tzinfo)
    # Aware times of one zone compare by the wall, whatever `fold` says.
    return moment.replace(fold=1) if moment.timestamp() <= local.timestamp() else moment
