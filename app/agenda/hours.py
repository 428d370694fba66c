"""When something is, as one says it: by the clock of Paris, and by that of where it is."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.platform.web.french import day_text
from geo.zones import PARIS_TIME, PLACES, day_by, zone_of

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
NARROW = "\u00a0"


def day_of(begins: datetime, ends: datetime, own: ZoneInfo) -> str:
    """Return its day, "mardi 3 mars 2027", or both where it takes several."""
    first, last = _weekday(day_by(begins, own)), _weekday(last_day(ends, own))
    return first if first == last else f"du {first} au {last}"


def last_day(ends: datetime, own: ZoneInfo) -> date:
    """Return the last day of what ends then: what ends at midnight is not of the next one."""
    return day_by(ends - datetime.resolution, own)


def hours_of(
    begins: datetime, ends: datetime, own: ZoneInfo, territory: str | None, seen_from: str | None
) -> str:
    """Return its hours: "10 h – 12 h à Paris, 13 h – 15 h à La Réunion".

    territory: where it is, None for all of France. seen_from: code of a territory whose clock is
    said as well. Clocks that say the same are one.
    """
    zones = [PARIS_TIME, own, *([zone_of(seen_from)] if seen_from else [])]
    said: dict[str, str] = {}
    for zone in zones:
        hours = " – ".join(_hour(at, zone, own) for at in (begins, ends))
        said.setdefault(hours, PLACES.get(zone.key, zone.key))
    if len(said) == 1 and own.key == PARIS_TIME.key and territory and not seen_from:
        # Where clocks are those of Paris nobody asks which.
        return next(iter(said))
    return ", ".join(f"{hours} {place}" for hours, place in said.items())


def _hour(moment: datetime, zone: ZoneInfo, own: ZoneInfo) -> str:
    """Return an hour by a clock, with how its day lies to that of the event's own."""
    at = moment.astimezone(zone)
    minutes = f"{NARROW}{at:%M}" if at.minute else ""
    return f"{at.hour}{NARROW}h{minutes}" + "".join(_aside(moment, zone, own))


def _aside(moment: datetime, zone: ZoneInfo, own: ZoneInfo) -> Iterator[str]:
    day, own_day = day_by(moment, zone), day_by(moment, own)
    if day > own_day:
        yield " le lendemain"
    elif day < own_day:
        yield " la veille"


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day_text(day)}"
