"""Days as French lists write them."""

import re
from datetime import date, timedelta

from geo.text import fold

_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
# Excel counts days from here, its year 1900 having a 29 February too many.
_EXCEL_EPOCH = date(1899, 12, 30)
_WRITTEN = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4})")
_WRONG = "Cette date n'est pas lisible. Écrivez-la JJ/MM/AAAA, par exemple 31/01/2026."


def read_date(text: str, today: date) -> tuple[date | None, str | None]:
    """Return a day between 1990 and tomorrow, or None; and what is wrong. Day is before month, and
    that of a month alone is its first.
    """
    text = text.strip()
    found: tuple[int, int, int] | None = None
    if match := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        found = int(match[1]), int(match[2]), int(match[3])
    elif match := re.match(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\b", text):
        year = int(match[3])
        found = year + 2000 if year < 100 else year, int(match[2]), int(match[1])
    elif match := re.fullmatch(r"(\d{4})\s*[/.-]\s*(\d{1,2})", text):
        found = int(match[1]), int(match[2]), 1
    elif match := re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{4})", text):
        found = int(match[2]), int(match[1]), 1
    elif match := re.match(r"(\d{5})(?:[.,]\d+)?$", text):
        day = _EXCEL_EPOCH + timedelta(days=int(match[1]))
        found = day.year, day.month, day.day
    elif (match := _WRITTEN.search(fold(text))) and match[2] in _MONTHS:
        found = int(match[3]), _MONTHS.index(match[2]) + 1, int(match[1] or 1)
    if found is None:
        return None, _WRONG
    try:
        day = date(*found)
    except ValueError:
        return None, _WRONG
    if not date(1990, 1, 1) <= day <= today + timedelta(days=1):
        return None, "Cette date est avant 1990 ou dans l'avenir. Vérifiez-la."
    return day, None
