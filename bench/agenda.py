"""The agenda by HTTP, among 2,000 events: its calendar as programs ask again for it, and months."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from urllib.request import urlopen

from app.agenda.queries import MOST_IN_CALENDAR
from bench.pages import get
from bench.service import EMPTY
from bench.tools import BenchFailed, Measure, Work, figure_at_most, p50, p95, service, timed
from geo.zones import paris_day

CACHED = "calendar_of_500_events_cached_p95_milliseconds"
CACHED_AIM_MS = 50.0
NEW = "calendar_of_500_events_p50_milliseconds"
NEW_AIM_MS = 500.0
MONTH = "page_of_a_month_of_2000_events_p95_milliseconds"
MONTH_AIM_MS = 100.0
CALENDAR, PAGE = "/agenda.ics", "/agenda"
TIMES, ANEW = 50, 20
# Of which one asks for those of all of France as well: of each there are as many as a calendar has.
DEPARTEMENTS = tuple(f"{number:02}" for number in range(1, 96) if number != 20)


def agenda() -> Iterator[Measure]:
    """Measure the calendar of all of France, cached and not, and pages of months."""
    with service() as base:
        _refuse_fewer(base)
        nothing = [get(base + EMPTY)] * TIMES
        (cached,) = timed([get(base + CALENDAR)] * TIMES, nothing, p95)
        yield figure_at_most(CACHED, cached, CACHED_AIM_MS)
        calendars = (f"{base}{CALENDAR}?territoire={each}" for each in DEPARTEMENTS)
        (made,) = timed([_next_of(calendars)] * ANEW, nothing[:ANEW], p50)
        yield figure_at_most(NEW, made, NEW_AIM_MS)
        both = product(_months(), DEPARTEMENTS)
        months = (f"{base}{PAGE}?mois={month}&territoire={each}" for month, each in both)
        (month,) = timed([_next_of(months)] * TIMES, nothing, p95)
        yield figure_at_most(MONTH, month, MONTH_AIM_MS)


def _next_of(addresses: Iterator[str]) -> Work:
    """Return what asks for another address each time, of which no answer is cached."""
    return lambda: get(next(addresses))()


def _refuse_fewer(base: str) -> None:
    with urlopen(base + CALENDAR) as answer:  # noqa: S310 - our own
        found = answer.read().count(b"BEGIN:VEVENT")
    if found != MOST_IN_CALENDAR:
        raise BenchFailed(f"un calendrier de {found} événements")


def _months() -> Iterator[str]:
    """Yield some months of two events a day, as addresses write them."""
    day = paris_day().replace(day=1)
    for _ in range(12):
        day = (day + timedelta(days=31)).replace(day=1)
        yield f"{day:%Y-%m}"
