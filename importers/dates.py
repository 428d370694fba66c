"""Days and ages as French lists write them."""

import re
from datetime import date, timedelta

from geo.text import fold

_MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
# Excel counts days from here, its year 1900 having a 29 February too many.
_EXCEL_EPOCH = date(1899, 12, 30)
# "12/21", "12-21 ans". Days, "24/24" and "7/7" resemble one.
_RANGE = re.compile(
    r"(?<![\d/.,–-])(?P<low>\d{1,2})(?:\s*ans)?\s*(?P<sign>[/–-]|\b(?:à|a|et)\b)\s*"
    r"(?P<high>\d{1,2})(?P<years>\s*ans\b)?(?!\d|\s*[hj]\b|\s*[/.,–-]\s*\d)",
    re.IGNORECASE,
)
_NO_RANGE = re.compile(
    r"\d+\s*/\s*\d+\s*/\s*\d+|\b(\d+)\s*[hj]?\s*/\s*\1\b|\b24\s*h?\s*/\s*7\b"
    r"|\b7\s*j?\s*/\s*24\b",
    re.IGNORECASE,
)
# A day of the year, and no ages: "du 3/10 au 15/12".
_DAY = re.compile(r"\b(?:du|le|au)\s*\d{1,2}\s*/\s*(?:0?[1-9]|1[0-2])\b(?!\s*ans)", re.IGNORECASE)
# Bounds within which two bare numbers are ages: "2/3" is a part.
_LOWEST, _HIGHEST, _GROWN = 3, 30, 10
_ONLY_AGES = frozenset({"de", "des", "d", "an", "ans", "age", "ages", "agee", "agees", "entre"})
_WRITTEN = re.compile(r"(?:(\d{1,2})(?:er)? )?([a-z]+) (\d{4})")
_WRONG = "Cette date n'est pas lisible. Écrivez-la JJ/MM/AAAA, par exemple 31/01/2026."


def read_date(text: str, today: date) -> tuple[date | None, str | None]:
    """Return a day between 1990 and tomorrow, or None; and what is wrong. Day is before month."""
    text = text.strip()
    found: tuple[int, int, int] | None = None
    if match := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        found = int(match[1]), int(match[2]), int(match[3])
    elif match := re.match(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\b", text):
        year = int(match[3])
        found = year + 2000 if year < 100 else year, int(match[2]), int(match[1])
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


def read_age(text: str) -> tuple[int | None, str | None]:
    """Return a number of years from 0 to 99, or None; and what is wrong."""
    match = re.match(r"(\d{1,2})(?:[.,]0+)?\s*(?:ans?)?$", text.strip(), re.IGNORECASE)
    if match:
        return int(match[1]), None
    return None, "Cet âge n'est pas lisible. Écrivez un nombre d'années, par exemple 18."


def read_ages(text: str) -> tuple[int | None, int | None, str | None]:
    """Return the lowest and the highest age of a cell; and what is wrong.

    "13-21 ans" -> (13, 21), "moins de 18 ans" -> (None, 17).
    """
    plain = fold(_NO_RANGE.sub(" ", _DAY.sub(" ", text)))
    if match := re.search(r"(\d{1,2})(?: ans)? (?:a |et )?(\d{1,2})(?: ans)?", plain):
        low, high = int(match[1]), int(match[2])
        if low <= high:
            return low, high, None
    elif match := re.search(r"(moins de|jusqu a|maximum|plus de|a partir de|des) (\d{1,2})", plain):
        age = int(match[2])
        if match[1] == "moins de":
            return None, max(age - 1, 0), None
        return (None, age, None) if match[1] in ("jusqu a", "maximum") else (age, None, None)
    elif match := re.search(r"(\d{1,2}) ans et plus", plain):
        return int(match[1]), None, None
    return None, None, "Ces âges ne sont pas lisibles. Écrivez par exemple « 13-21 ans »."


def ages_among(text: str) -> tuple[int | None, int | None]:
    """Return the ages that stand among the words of a cell, from the lowest to the highest."""
    found = [(int(each["low"]), int(each["high"])) for each in _ranges(text)]
    if not found:
        return None, None
    return min(low for low, _ in found), max(high for _, high in found)


def with_years(text: str) -> str:
    """Return a text whose ages are written as most are: "filles 12/21" -> "filles 12-21 ans"."""
    for each in reversed(_ranges(text)):
        text = f"{text[: each.start()]}{each['low']}-{each['high']} ans{text[each.end() :]}"
    return text


def says_ages_alone(text: str) -> bool:
    """Return whether a text holds ages and no other word."""
    found = _ranges(text)
    for each in reversed(found):
        text = f"{text[: each.start()]} {text[each.end() :]}"
    return bool(found) and set(fold(text).split()) <= _ONLY_AGES


def _ranges(text: str) -> list[re.Match[str]]:
    # As long as it was: who asks cuts the text where ages stand.
    text = _DAY.sub(lambda day: " " * len(day[0]), text)
    return [each for each in _RANGE.finditer(text) if _is_range(each)]


def _is_range(found: re.Match[str]) -> bool:
    low, high = int(found["low"]), int(found["high"])
    if not low < high <= _HIGHEST or (low, high) == (7, 24):
        return False
    bare = found["sign"] in "/–-" and low >= _LOWEST and high >= _GROWN
    return bool(found["years"]) or bare
