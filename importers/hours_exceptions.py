"""When hours are others than on most days: closed, of one half of a day, until another moment."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Days = tuple[int, ...]
Span = tuple[str, str]
# Days in the order of a text, 0 for Monday; and its spans of time.
Rule = tuple[Days, list[Span]]
HALVES = ("matin", "apres-midi", "soir")
HALF = re.compile(r"\b(?:(matin)(?:s|ee|ees)?|(apres[- ]?midi)s?|(soir)(?:s|ee|ees)?)\b")
DAY = (
    r"\b(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b"
    r"|(?:lun|mar|mer|jeu|ven|sam|dim)\b\.?)"
)
_FERIES = r"(?:jours?\s+)?feries?\b"
_ONE = rf"(?:{DAY}|\b{_FERIES})"
_SOME = rf"{_ONE}(?:\s*(?:[,/&-]|\bet\b|\bau\b|\ba\b)\s*(?:(?:les?|du)\s+)?{_ONE})*"
_TIME = r"\d\d:\d\d"
_NO_SPAN = r"(?!\s*(?:[-/]|a\b)\s*\d)"
_BUT = r"(?:sauf|hormis|excepte|hors|a l exception (?:du|des|de))\b"
_SHUT = r"\bferme(?:e|s|es|ture)?\b"
_HALF = rf"(?:\s+(?:le\s+|l\s+)?(?P<half>{HALF.pattern}))?"
# "sauf le mercredi après-midi", "fermé le vendredi", "(sauf samedi)".
_EXCEPTED = re.compile(
    rf"[,;.(]?\s*(?:\bet\s+)?(?:\b(?P<but>{_BUT})|{_SHUT})\s*:?\s*(?:(?:les?|tous les|du)\s+)?"
    rf"(?P<days>{_SOME}){_HALF}\s*\)?"
)
# "samedi et dimanche : fermé".
_CLOSED = re.compile(
    rf"[,;.(]?\s*(?:\bet\s+)?(?:\bles?\s+)?(?P<days>{_SOME})\s*:?\s*{_SHUT}"
    rf"(?!\s+(?:le\s+|l\s+)?{HALF.pattern})\s*\)?"
)
# "(16h le vendredi)", ", jusqu'à 16h le vendredi", "sauf vendredi 16h".
_SURELY = r"(?:(?P<until>\bjusqu\s+a\s+|\bfermeture\s+a\s+)|\ba\s+)?"
_UNTIL = rf"{_SURELY}(?<![\d:-])(?P<time>{_TIME}){_NO_SPAN}"
_BEGINS = rf"(?:[,;.(]|\bet\b|\b{_BUT})\s*"
_ENDS = r"\s*(?:\)|(?=[.,;]|$))"
_EARLIER = (
    re.compile(rf"{_BEGINS}{_UNTIL}\s+(?:les?\s+)?(?P<days>{_SOME}){_ENDS}"),
    re.compile(rf"{_BEGINS}(?:les?\s+)?(?P<days>{_SOME})\s*:?\s*{_UNTIL}{_ENDS}"),
)
_RANGE = rf"(?:de\s+)?{_TIME}\s*(?:-|a\b)\s*{_TIME}"
_RANGE_BEHIND = re.compile(rf"[\s:(]*{_RANGE}")
_RANGE_NEXT = re.compile(rf"[\s:(,;.]*(?:et\s+)?{_RANGE}")
# A week names each day once or twice; each more makes the search longer by its square.
_MOST_DAYS = 20


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What some days have otherwise: closed, but for a half of them; or until a moment.

    surely: it is said that it is an end.
    """

    days: Days
    half: str = ""
    until: str = ""
    surely: bool = False
    excepted: bool = False


@dataclass(frozen=True, slots=True)
class Excepted:
    """A text without its exceptions. holidays: it is closed on them."""

    text: str
    found: tuple[Otherwise, ...]
    holidays: bool


def take_out(text: str, days_of: Callable[[str], Days | None]) -> Excepted | None:
    """Return a text without its exceptions, None where one is not clear."""
    found: list[Otherwise] = []
    holidays = False
    if len(re.findall(DAY, text)) > _MOST_DAYS:
        return None
    for pattern in _EARLIER:
        while match := pattern.search(text):
            days = days_of(match["days"])
            if not days:
                return None
            found.append(Otherwise(days, until=match["time"], surely=bool(match["until"])))
            text = _without_match(text, match)
    for pattern in (_EXCEPTED, _CLOSED):
        while match := pattern.search(text):
            given = match.groupdict()
            named, is_off = _holidays(match["days"])
            days, half = days_of(named) if named else (), half_of(given.get("half") or "")
            but = bool(given.get("but"))
            # Whose hours follow, or which day one half is of, is not clear.
            several = len(days or ()) > 1
            if days is None or (half and (not days or several)) or _has_own(text, match):
                return None
            holidays |= is_off
            found += [Otherwise(days, half, excepted=but)] if days else []
            text = _without_match(text, match)
    return Excepted(text, tuple(found), holidays)


def _without_match(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def half_of(text: str) -> str:
    """Return the half of a day that a text names, "" for none."""
    match = HALF.search(text)
    return (
        next((half for half, said in zip(HALVES, match.groups(), strict=True) if said), "")
        if match
        else ""
    )


def is_in(span: Span, half: str) -> bool:
    """Return whether a span surely lies in a half of a day."""
    start, end = span
    if half == "matin":
        return start < "12:00" and end <= "14:00"
    if half == "soir":
        return start >= "17:00"
    return start >= "12:00" and end <= "20:00"


def except_days(rules: Sequence[Rule], excepted: Excepted) -> list[Rule] | None:
    """Return rules as exceptions leave them, each day once; None where they do not fit."""
    spans: dict[int, list[Span]] = {}
    # Of each rule, in its place, the days that it names first.
    order: list[list[int]] = []
    for days, some in rules:
        if spans.keys() & set(days) or len(days) != len(set(days)):
            return None
        order.append(list(days))
        spans |= dict.fromkeys(days, some)
    if not excepted.found:
        return list(rules)
    for each in excepted.found:
        for day in each.days:
            if day not in spans:
                order.append([day])
            known = spans.get(day)
            left = _until(known, each) if each.until else _without(known, each)
            if left is None:
                return None
            spans[day] = left
    return [rule for days in order for rule in _grouped(days, spans)]


def _holidays(text: str) -> tuple[str, bool]:
    """Return the days of a text without "jours fériés", and whether it named these."""
    named, number = re.subn(rf"(?:\s*(?:[,/&]|\bet\b)\s*(?:les?\s+)?)?\b{_FERIES}", "", text)
    return named.strip(" ,/&"), bool(number)


def _has_own(text: str, match: re.Match[str]) -> bool:
    """Return whether the days of an exception have spans of their own, or of what is closed.

    "tous les jours sauf le dimanche 9h-18h" gives those of the other days.
    """
    before = text[: match.start()]
    named = list(re.finditer(DAY, before))
    follows = bool(named and re.search(_TIME, before[named[-1].end() :]))
    if match.groupdict().get("but"):
        return follows and bool(_RANGE_BEHIND.match(text, match.end()))
    pattern = _RANGE_NEXT if follows else _RANGE_BEHIND
    return bool(pattern.match(text, match.end()))


def _until(spans: Sequence[Span] | None, said: Otherwise) -> list[Span] | None:
    """Return spans of which the last ends earlier; None where it may begin then as well, and of a
    day that no hours name.
    """
    if not spans:
        return None
    start, end = spans[-1]
    if not start < said.until < end:
        return None
    if not said.surely:
        return None
    return [*spans[:-1], (start, said.until)]


def _without(spans: Sequence[Span] | None, said: Otherwise) -> list[Span] | None:
    """Return what is left of the spans of a day; None where that is not clear."""
    if spans is None:
        # That a day is closed which no hours name is no exception of them.
        return None if said.excepted or said.half else []
    if not said.half:
        return []
    left = [each for each in spans if not is_in(each, said.half)]
    others = [half for half in HALVES if half != said.half]
    clear = all(any(is_in(each, half) for half in others) for each in left)
    return left if left and len(left) < len(spans) and clear else None


def _grouped(days: Sequence[int], spans: dict[int, list[Span]]) -> Iterator[Rule]:
    """Yield the days of a rule that have the same spans together, but for those that have none."""
    groups: dict[tuple[Span, ...], list[int]] = {}
    for day in days:
        if spans[day]:
            groups.setdefault(tuple(spans[day]), []).append(day)
    for some, same in groups.items():
        yield tuple(same), list(some)
