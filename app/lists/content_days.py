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
# As people write them, also where the system of the sender writes an accent as a sign of its own.
_WRITTEN = "|".join(_MONTHS).replace("fe", "f(?:é|e\u0301?)").replace("de", "d(?:é|e\u0301?)")
_WRITTEN = _WRITTEN.replace("aou", "ao(?:û|u\u0302?)")
# A bare number before a month may be a département.
_OF_MONTH = r"(?:(?:(?:du|au|le) )?1er |(?:du|au|le) \d{1,2} )?"
IN_WORDS = re.compile(rf"\b{_OF_MONTH}({_WRITTEN})[-._ ]*((?:19|20)\d\d)(?!\d)", re.IGNORECASE)


def content_day(filename: str) -> tuple[date, bool] | None:
    """Return the day that a name says, and whether it says more than a month; None for no day."""
    if found := _DAY_FIRST.search(filename):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    if found := _YEAR_FIRST.search(filename):
        year, month = int(found[1]), int(found[2])
        return _day(year, month, int(found[3]) if found[3] else None)
    if found := IN_WORDS.search(filename.replace("_", " ")):
        return _day(int(found[2]), _MONTHS.index(fold(found[1])) + 1, None)
    return None


def _day(year: int, month: int, day: int | None) -> tuple[date, bool] | None:
    try:
        return date(year, month, day or 1), day is not None
    except ValueError:
        return None
