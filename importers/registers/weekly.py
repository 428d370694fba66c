"""Spans of a week -> opening hours in OpenStreetMap's syntax, or nothing where any is in doubt."""

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import NamedTuple

from geo.text import fold

_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_APPOINTMENT = frozenset({"sur rendez vous", "uniquement sur rendez vous", "sur rdv"})


class Opening(NamedTuple):
    """Days from first to last, as French names them, with their spans of "08:00:00"."""

    first: str
    last: str
    spans: tuple[tuple[str, str], ...]
    comment: str = ""


class _Day(NamedTuple):
    spans: tuple[tuple[str, str], ...] = ()
    on_call: bool = False


def weekly(openings: Iterable[Opening]) -> str:
    """Return "Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-12:00"; "" where one span is not clear.

    A comment may say any week or season, so that only appointments are understood.
    """
    week = [_Day()] * 7
    for each in openings:
        days = _days(each)
        spans = [(_clock(begin), _clock(end, last=True)) for begin, end in each.spans]
        on_call = fold(each.comment) in _APPOINTMENT
        if not days or (each.comment.strip() and not on_call):
            return ""
        if any(not (begin and end and begin < end) for begin, end in spans):
            return ""
        for number in days:
            known = week[number]
            if known.spans and known.on_call != on_call:
                return ""
            week[number] = _Day(tuple(sorted({*known.spans, *spans})), on_call)
    if any(one[1] > other[0] for day in week for one, other in pairwise(day.spans)):
        return ""
    rules = []
    at = 0
    for day, same in groupby(week):
        size = len(list(same))
        if day.spans:
            named = _WEEK[at] if size == 1 else f"{_WEEK[at]}-{_WEEK[at + size - 1]}"
            hours = ",".join("-".join(span) for span in day.spans)
            rules.append(f"{named} {hours}" + (' "sur rendez-vous"' if day.on_call else ""))
        at += size
    return "; ".join(rules)


def _days(opening: Opening) -> list[int]:
    first, last = fold(opening.first), fold(opening.last) or fold(opening.first)
    if first not in _NAMES or last not in _NAMES:
        return []
    begin, end = _NAMES.index(first), _NAMES.index(last)
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _clock(text: str, last: bool = False) -> str:
    """Return "08:00" for "08:00:00", "" for no time; last: midnight ends the day."""
    hour, _, rest = text.partition(":")
    minute = rest[:2]
    if not (len(hour) == len(minute) == 2 and (hour + minute).isdecimal()):
        return ""
    if hour > "23" or minute > "59":
        return ""
    clock = f"{hour}:{minute}"
    return "24:00" if last and clock in ("00:00", "23:59") else clock
