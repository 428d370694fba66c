"""Events put under their months, and in the weeks of one; by the clock of each event."""

from calendar import Calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.agenda.event import Event
from app.agenda.hours import last_day
from app.platform.web.french import MONTHS
from geo.zones import day_by


@dataclass(frozen=True, slots=True)
class Month:
    """The events that begin in a month, or before it and go on. first: its first day."""

    first: date
    events: tuple[Event, ...]

    @property
    def name(self) -> str:
        """Return "Mars 2027"."""
        return name_of(self.first)


def name_of(month: date) -> str:
    """Return how a month is called, "Mars 2027"."""
    return f"{MONTHS[month.month - 1].capitalize()} {month.year}"


def by_month(events: Iterable[Event], only: date | None = None) -> tuple[Month, ...]:
    """Return events under the month in which they begin, in order; only: all of them under one."""
    if only is not None:
        return (Month(only, tuple(events)),)

    def begun(event: Event) -> date:
        return day_by(event.begins_at, event.own).replace(day=1)

    # Of two that begin at once a clock may say another month.
    grouped = groupby(sorted(events, key=begun), key=begun)
    return tuple(Month(first, tuple(some)) for first, some in grouped)


def weeks_of(
    month: date, events: Iterable[Event]
) -> Sequence[Sequence[tuple[date, Sequence[Event]]]]:
    """Return the weeks of a month, from Monday on: each day with its events."""
    on = _by_day(events)
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return [[(day, on.get(day, ())) for day in week] for week in weeks]


def _by_day(events: Iterable[Event]) -> Mapping[date, Sequence[Event]]:
    found: dict[date, list[Event]] = defaultdict(list)
    for each in events:
        day, last = day_by(each.begins_at, each.own), last_day(each.ends_at, each.own)
        while day <= last:
            found[day].append(each)
            day += timedelta(days=1)
    return found
