"""Opening hours as a week: seven lines that anybody can check, whatever way they were written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from opening_hours import OpeningHours
from opening_hours import State as Parsed

from app.hours.opening import readable
from app.hours.words import hour

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# A Monday that is no holiday anywhere the syntax knows, since it is given no country.
_MONDAY = datetime(2001, 1, 1)  # noqa: DTZ001
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, and when it is open, in French; spans: none where it is closed."""

    name: str
    spans: tuple[str, ...]


def week(osm: str | None) -> tuple[Weekday, ...]:
    """Return the days of a usual week; none where hours are not known or not understood."""
    if not osm or not readable(osm):
        return ()
    found: list[list[str]] = [[] for _ in _DAYS]
    for start, end, state, words in OpeningHours(osm).intervals(_MONDAY, _MONDAY + 7 * _ONE_DAY):
        if state is Parsed.CLOSED and not words:
            continue
        for day in range(start.weekday(), start.weekday() + 7):
            begins = _MONDAY + day * _ONE_DAY
            if begins >= end:
                break
            ends = min(end, begins + _ONE_DAY)
            found[day % 7].append(_span(max(start, begins), ends, words))
    return tuple(Weekday(name, tuple(spans)) for name, spans in zip(_DAYS, found, strict=True))


def _span(start: datetime, end: datetime, words: str) -> str:
    whole = end - start >= _ONE_DAY
    if whole and words:
        return words
    said = "jour et nuit" if whole else f"{hour(f'{start:%H:%M}')} – {hour(f'{end:%H:%M}')}"
    return f"{said} ({words})" if words else said
