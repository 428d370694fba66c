"""Ages as French lists write them: in a column of theirs, and among the words of an audience."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from geo.text import fold, remembered

_HYPHENS = str.maketrans("‐‑‒—−", "-----")
# "12/21", "12-21 ans". Days, "24/24" and "7/7" resemble one; "2,5-6" begins with a part.
_RANGE = re.compile(
    r"(?<![\d/.–-])(?<!(?<![\d–-])\d,)(?P<low>\d{1,2})(?P<lows>\s*ans)?\s*"
    r"(?P<sign>[/–-]|\b(?:à|a|et)\b)\s*"
    r"(?P<high>\d{1,2})(?P<highs>\s*ans?\b)?(?!\d|\.\d|\s*[hj]\b|\s*[/–-]\s*\d)",
    re.IGNORECASE,
)
# "moins de 18 ans", "- de 18 ans" where a piece begins, "18 ans et plus".
_BEGINS = r"(?:^|(?<=[;,/|(\n]))\s*"
_BELOW = rf"(?P<below>\bmoins\s+de|{_BEGINS}(?:[–-]|<)(?:\s*de\b)?)"
_UPTO = r"(?P<upto>\bjusqu\W?(?:à|a))"
_FROM = rf"(?P<since>\bplus\s+de|\b(?:à|a)\s+partir\s+de|\bdès|\bdes|{_BEGINS}[+>](?:\s*de\b)?)"
_AND_MORE = r"\s*(?:(?:et|ou)\s*(?:\+|plus\b)|\+)"
# Without "ans", a number of two digits at the end of its piece.
_ENDS = r"(?=\s*(?:$|[;,/|)\n]))"
_BOUND = re.compile(
    rf"(?:{_BELOW}|{_UPTO}|{_FROM})\s*(?P<age>\d{{1,2}}(?=\s*ans?\b)|\d\d{_ENDS})(?:\s*ans?\b)?"
    rf"|(?<![\d/.,–-])(?P<least>\d{{1,2}})(?:\s*ans?\b)?{_AND_MORE}{_ENDS}",
    re.IGNORECASE,
)
_NO_RANGE = re.compile(
    r"\d+\s*/\s*\d+\s*/\s*\d+|\b(\d+)\s*[hj]?\s*/\s*\1\b|\b24\s*h?\s*/\s*7\b"
    r"|\b7\s*j?\s*/\s*24\b",
    re.IGNORECASE,
)
# A day of the year, and no ages: "du 3/10 au 15/12".
_DAY = re.compile(r"\b(?:du|le|au)\s*\d{1,2}\s*/\s*(?:0?[1-9]|1[0-2])\b(?!\s*ans)", re.IGNORECASE)
# What separates two ranges: "12/18 / 18/25".
_BETWEEN = re.compile(r"(?<=[/–-]\d\d)\s+[/–-]\s+(?=\d{1,2}[/–-]\d{1,2}\b)")
# Beside these, two bare numbers count something else, or are hours.
_COUNTED = re.compile(
    r"\b(?:places?|lits?|personnes?|pers|participants?|familles?|groupes?|heures?|h|jours?|mois"
    r"|semaines?|minutes?|min|ouverte?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
    r"|[%€]",
    re.IGNORECASE,
)
# Bounds within which two bare numbers are ages: "2/3" is a part.
_LOWEST, _HIGHEST, _GROWN = 3, 30, 10
# Letters before and behind two numbers that say what they count.
_LOOKED_AT = 60
_ONLY_AGES = frozenset({"de", "des", "d", "an", "ans", "age", "ages", "agee", "agees", "entre"})


class _Ages(NamedTuple):
    """Ages where they stand in a text; None where nothing bounds them."""

    start: int
    end: int
    low: int | None
    high: int | None

    @property
    def said(self) -> str:
        """Return them as most lists write them, which is how the vocabulary has them."""
        if self.low is None:
            return f"moins de {(self.high or 0) + 1} ans"
        return f"plus de {self.low} ans" if self.high is None else f"{self.low}-{self.high} ans"


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
    if found := _found(text):
        return *_around(found), None
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
    return None, None, "Ces âges ne sont pas lisibles. Écrivez par exemple « 13-21 ans »."


def ages_among(text: str) -> tuple[int | None, int | None]:
    """Return the ages that stand among the words of a cell, from the lowest to the highest."""
    return _around(_found(text))


def with_years(text: str) -> str:
    """Return a text whose ages are written as most are: "filles 12/21" -> "filles 12-21 ans"."""
    return _instead(text, _found(text), lambda each: each.said)


def without_ages(text: str) -> str:
    """Return the words of a text beside its ages: "jeunes âgés de 12 à 21 ans" -> "jeunes"."""
    found = _found(text)
    words = _instead(text, found, lambda _: " ").split()
    for place in (-1, 0):
        while found and words and set(fold(words[place]).split()) <= _ONLY_AGES:
            words.pop(place)
    return " ".join(words)


def _around(found: Sequence[_Ages]) -> tuple[int | None, int | None]:
    """Return the bounds that hold all of some ages: none where one of them has none."""
    lows = [each.low for each in found if each.low is not None]
    highs = [each.high for each in found if each.high is not None]
    return (
        min(lows) if found and len(lows) == len(found) else None,
        max(highs) if found and len(highs) == len(found) else None,
    )


# Cells of an audience are asked twice, and hardly differ.
@remembered(5_000)
def _found(text: str) -> tuple[_Ages, ...]:
    """Return the ages of a text, in its order."""
    # As long as it was: who asks cuts the text where ages stand.
    text = _DAY.sub(lambda day: " " * len(day[0]), text.translate(_HYPHENS))
    text = _BETWEEN.sub(lambda sign: ";" * len(sign[0]), text)
    ranges = [_Ages(*each.span(), int(each["low"]), int(each["high"])) for each in _ranges(text)]
    text = _instead(text, ranges, lambda each: "." * (each.end - each.start))
    return tuple(sorted((*ranges, *_bounds(text)), key=lambda each: each.start))


def _instead(text: str, found: Sequence[_Ages], said: Callable[[_Ages], str]) -> str:
    """Return a text with something else in the place of each of its ages."""
    parts, at = [], 0
    for each in found:
        parts += [text[at : each.start], said(each)]
        at = each.end
    return "".join((*parts, text[at:]))


def _ranges(text: str) -> Iterator[re.Match[str]]:
    for each in _RANGE.finditer(text):
        low, high = int(each["low"]), int(each["high"])
        if low < high and (each["lows"] or each["highs"] or _is_bare(each, low, high)):
            yield each


def _is_bare(found: re.Match[str], low: int, high: int) -> bool:
    """Say whether two numbers without "ans" are ages, by what stands around them."""
    if high > _HIGHEST or (low, high) == (7, 24):
        return False
    start, end = found.span()
    before = re.split(r"[;,\n()]", found.string[max(0, start - _LOOKED_AT) : start])[-1]
    after = re.split(r"[;,\n()]", found.string[end : end + _LOOKED_AT])[0]
    if _COUNTED.search(before) or _COUNTED.search(after):
        return False
    sign = found["sign"].lower()
    if sign == "et":
        return fold(before).endswith("entre")
    if low == 0 or (low >= _LOWEST and high >= _GROWN):
        return True
    return sign != "/" and low >= _LOWEST and set(fold(f"{before} {after}").split()) <= _ONLY_AGES


def _bounds(text: str) -> Iterator[_Ages]:
    for each in _BOUND.finditer(text):
        # What separates it from the piece before is none of it.
        start = each.end() - len(each[0].lstrip())
        age = int(each["age"] or each["least"])
        if each["below"]:
            yield _Ages(start, each.end(), None, max(age - 1, 0))
        elif each["upto"]:
            yield _Ages(start, each.end(), None, age)
        else:
            yield _Ages(start, each.end(), age, None)
