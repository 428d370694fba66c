"""The day of what a file holds, as its name says it: nothing inside a list does."""

import re
from datetime import date

from geo.text import fold

_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)[-._ ]?([01]\d)(?:[-._ ]?([0-3]\d))?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-._ ](\d{1,2})[-._ ]((?:19|20)\d\d)(?!\d)")
_IN_WORDS = re.compile(rf"\b({'|'.join(_MONTHS)})[-._ ]*((?:19|20)\d\d)(?!\d)")


def content_day(filename: str) -> tuple[date, bool] | None:
    """Return the day that a name says, and whether it says more than a month; None for no day."""
    if found := _DAY_FIRST.search(filename):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    if found := _YEAR_FIRST.search(filename):
        year, month = int(found[1]), int(found[2])
        return _day(year, month, int(found[3]) if found[3] else None)
    if found := _IN_WORDS.search(fold(filename)):
        return _day(int(found[2]), _MONTHS.index(found[1]) + 1, None)
    return None


def _day(year: int, month: int, day: int | None) -> tuple[date, bool] | None:
    try:
        return date(year, month, day or 1), day is not None
    except ValueError:
        return None
