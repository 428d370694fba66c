"""Opening hours: OpenStreetMap's syntax is taken as it is, plain French is turned into it.

What is not understood whole, or may be understood in two ways, is reported and stays words: half of
it could say that a door is open which is not.
"""

import re
from itertools import pairwise

from opening_hours import validate

from geo.text import capitals, fold, remembered
from importers.hours_exceptions import (
    HALF,
    Days,
    Rule,
    Span,
    except_days,
    half_of,
    is_in,
    take_out,
)

_WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# A plural is that of a whole name: "mars" is no Tuesday.
_DAY = re.compile(rf"\b({'|'.join(_NAMES)})s?\b|\b(lun|mar|mer|jeu|ven|sam|dim)\b\.?")
# What is one thing, written otherwise; of capitals without accents, in lower case.
_CLOCK = r"(\d{1,2}\s*h\s*(?:\d\d)?)\s*"
_SPELLED = (
    (re.compile(r"(?<=\d)\s*heures?\b"), "h "),
    (re.compile(r"\b7\s*(?:jours?|j)?\s*(?:/|sur)\s*7\s*(?:jours?|j)?\b"), " 7/7 "),
    (re.compile(r"(?<!\d)(?<!\d\s)\bh\s*24\b"), " 24h/24 "),
    (re.compile(r"\bweek[- ]?ends?\b"), " samedi et dimanche "),
    (re.compile(r"(?<=\dh)\s*(-|a)\s*midi\b|(?<=\dh\d\d)\s*(-|a)\s*midi\b"), " - 12h "),
    (re.compile(r"\b(?:inclus|compris)\b"), " "),
    (re.compile(r"\b[dl]?'"), " "),
    # "9h/12h - 14h/17h"
    (re.compile(rf"{_CLOCK}/\s*{_CLOCK}(?:[-,;&]|et\b)?\s*{_CLOCK}/\s*{_CLOCK}"), r"\1-\2, \3-\4 "),
)
# What a text of hours begins with, and that says nothing of when.
_LABEL = re.compile(
    r"\s*(?:(?:nos\s+)?horaires?(?:\s+(?:ouverture|accueil))?|jours?\s+et\s+horaires?"
    r"|accueil(?:\s+du\s+public)?|permanences?|ouverture(?:\s+au\s+public)?"
    r"|ouverte?s?(?:\s+au\s+public)?)\s*:?"
)
_NON_STOP = re.compile(
    r"\b(?:sans\s+interruption|non[- ]?stop|en\s+continu|(?:en\s+)?journee\s+continue)\b"
)
# How OSM's syntax writes day and night, every day; `read_hours` returns the first for each.
ROUND_THE_CLOCK = (
    "24/7",
    "00:00-24:00",
    "Mo-Su 00:00-24:00",
    "Mo-Su,PH 00:00-24:00",
    "PH,Mo-Su 00:00-24:00",
    "00:00-24:00; PH 00:00-24:00",
    "Mo-Su 00:00-24:00; PH 00:00-24:00",
    "24/7; PH 00:00-24:00",
)
_ABOVE = "Mo|Tu|We|Th|Fr|Sa|Su|PH"
_SPANS = r"\d\d:\d\d-\d\d:\d\d(?:,\s?\d\d:\d\d-\d\d:\d\d)*"
_WORDS = r'"[^"\ud800-\udfff]+"'
_OSM = re.compile(
    rf"(?:24/7|(?:(?:{_ABOVE})(?:[-,](?:{_ABOVE}))*\s+)?(?:off|{_SPANS}))(?:\s+{_WORDS})?|{_WORDS}"
)
_DAY_AND_NIGHT = re.compile(r"\b24\s*h?\s*(?:/|sur)\s*24\s*h?\b|\bjour et nuit\b", re.IGNORECASE)
_EVERY_DAY = re.compile(r"\b7\s*j?\s*(?:/|sur)\s*7\s*j?\b|\btous les jours\b", re.IGNORECASE)
_BOTH = re.compile(r"\b24\s*h?\s*/\s*7\s*j?\b", re.IGNORECASE)
_ONLY = r"(?:uniquement|seulement|exclusivement)"
_ON_CALL = re.compile(
    rf"\(?\b(?:{_ONLY} )?sur (?:rendez[- ]?vous|r\.?d\.?v\b\.?)(?: {_ONLY})?\)?", re.IGNORECASE
)
# Any other sign may mean anything: "lundi > vendredi", "9h-17h ?", "9h-17h*".
_SIGNS = re.compile(r"(?!.*\.\.)[\w\s,;:./()&+–-]*", re.DOTALL)
_TIME = re.compile(r"\b(\d{1,2})\s*[hH:](?:\s*(\d{2}))?\b")
_RANGE = re.compile(r"\b(\d\d:\d\d)\s*(?:-|–|à|a)\s*(\d\d:\d\d)\b")
_SMALL_WORDS = frozenset(["du", "de", "le", "les", "et", "a", "ouvert", "ouverture", "horaires"])
_LISTED = re.compile(r"[\s,;&+]*(?:[,;&+]|\bet\b(?: (?:le|les))?|\ble\b)[\s]*")
_TO = re.compile(r"\s*(?:au|à|a)\s*")
_DASH = re.compile(r"\s*[-–]\s*")
_BARE = re.compile(r"\s*/?\s*")
_WRONG = (
    "Ces horaires ne sont pas compris : ils sont gardés comme ils sont écrits, et la carte ne dira "
    "pas si c'est ouvert. Écrivez par exemple « lundi-vendredi 9h-12h, 14h-17h » ou « 24h/24 »."
)


@remembered(2_000)
def read_hours(text: str) -> tuple[str | None, str | None]:
    """Return hours in OSM's syntax, or None; and what is wrong.

    "Du lundi au vendredi de 9h à 17h30" -> "Mo-Fr 09:00-17:30".
    """
    text = text.strip()
    hours = text if _is_osm(text) else _from_french(text)
    if hours is None or not validate(hours):
        return None, _WRONG
    return ROUND_THE_CLOCK[0] if hours in ROUND_THE_CLOCK else hours, None


def _is_osm(text: str) -> bool:
    # Hours without a day are those of every day to OSM, and to nobody else.
    return text in ROUND_THE_CLOCK or all(
        _OSM.fullmatch(rule.strip()) and not re.match(r"\d\d:", rule.strip())
        for rule in text.split(";")
    )


def _from_french(text: str) -> str | None:
    if _ON_CALL.fullmatch(text.rstrip(" .")):
        return '"sur rendez-vous"'
    said = _plain(text)
    return _rules(_BOTH.sub(" 24h/24 7j/7 ", said)) if _SIGNS.fullmatch(said) else None


def _plain(text: str) -> str:
    """Return a text in small letters without accents, what is one thing written in one way."""
    said = capitals(text).lower().replace("\xa0", " ")
    for pattern, other in _SPELLED:
        said = pattern.sub(other, said)
    return _LABEL.sub(" ", said, count=1) if _LABEL.match(said) else said


def _rules(text: str) -> str | None:
    """Return rules of OSM's syntax, or None where there are other words.

    "lundi 9h-12h, mardi 14h-17h" -> "Mo 09:00-12:00; Tu 14:00-17:00".
    """

    def clock(match: re.Match[str]) -> str:
        return f"{int(match[1]):02}:{match[2] or '00'}"

    words, on_call = _ON_CALL.subn(" ", text)
    words = _EVERY_DAY.sub(" lundi au dimanche ", _DAY_AND_NIGHT.sub(" 00:00-24:00 ", words))
    words, whole = _NON_STOP.subn(" ", _TIME.sub(clock, words))
    excepted = take_out(words, _days)
    if excepted is None:
        return None
    # Words, start, end, words, start, end and so on, with words at the end.
    pieces = _RANGE.split(excepted.text)
    spans = list(zip(pieces[1::3], pieces[2::3], strict=True))
    if not spans or any(not "00:00" <= start < end <= "24:00" for start, end in spans):
        return None
    said = [_piece(piece) for piece in pieces[::3]]
    found = _by_days([each for each in said if each], spans) if None not in said else None
    rules = except_days(found, excepted) if found else None
    # One span alone is surely the one that needs an appointment.
    if not rules or (on_call and len(spans) > 1 and not _ON_CALL.match(text)):
        return None
    if whole and any(len(some) > 1 for _, some in rules):
        return None
    comment = ' "sur rendez-vous"' if on_call else ""
    written = [
        f"{_named(day)} {','.join('-'.join(span) for span in hours)}".strip() + comment
        for day, hours in rules
    ]
    return "; ".join([*written, "PH off"] if excepted.holidays else written)


# Days of the words between spans; halves of a day that stand before these, and behind.
_Piece = tuple[Days, list[str], list[str]]


def _piece(text: str) -> _Piece | None:
    """Return what words between spans say; None where they say something else as well."""
    at = [match.start() for match in _DAY.finditer(text)]
    before: list[str] = []
    behind: list[str] = []
    for match in HALF.finditer(text):
        if at and at[0] < match.start() < at[-1]:
            # "mardi matin et jeudi": of which of them, nothing tells.
            return None
        (behind if at and match.start() > at[-1] else before).append(half_of(match[0]))
    days = _days(HALF.sub(" ", text))
    return None if days is None else (days, before, behind)


def _by_days(pieces: list[_Piece], spans: list[Span]) -> list[Rule] | None:
    """Give each span its days: `pieces` stand before, between and after them, most without days.

    None where a reader could give them otherwise: "9h-12h lundi, mardi 14h-17h".
    """
    days = [each for each, _, _ in pieces]
    halves: list[list[str]] = [[*pieces[0][1], *pieces[0][2]]]
    if days[0]:
        rules: list[Rule] = [(days[0], [])]
        for span, (following, before, behind) in zip(spans, pieces[1:], strict=True):
            rules[-1][1].append(span)
            halves[-1] += before
            if following:
                rules.append((following, []))
                halves.append(behind)
    elif any(days[:-1]) or not (days[-1] or spans == [("00:00", "24:00")]):
        return None
    else:
        rules = [(days[-1], spans)]
        halves = [[half for _, *some in pieces for each in some for half in each]]
    clear = all(
        hours and all(one[1] <= next_[0] for one, next_ in pairwise(hours)) for _, hours in rules
    )
    fits = all(_fits(some, hours) for some, (_, hours) in zip(halves, rules, strict=True))
    return rules if clear and fits else None


def _fits(halves: list[str], spans: list[Span]) -> bool:
    """Return whether each half that is named is one of a span, and each span in one of them."""
    each_said = all(any(is_in(span, half) for span in spans) for half in halves)
    return not halves or (
        each_said and all(any(is_in(span, half) for half in halves) for span in spans)
    )


def _days(text: str) -> tuple[int, ...] | None:
    """Return the days of a text, () for none, or None where it has other words or is not clear.

    "du lundi au vendredi" -> (0, 1, 2, 3, 4), "mardi et jeudi" -> (1, 3).
    """
    found = list(_DAY.finditer(text))
    if not found:
        return () if _small(text) else None
    if not _small(text[: found[0].start()]) or not _small(text[found[-1].end() :]):
        return None
    order = [
        next(i for i, name in enumerate(_NAMES) if name.startswith(m[1] or m[2])) for m in found
    ]
    between = [text[one.end() : other.start()] for one, other in pairwise(found)]
    # "lundi - mardi - jeudi": no span ends where another one begins.
    near = all((other - one) % 7 < 4 for one, other in pairwise(order))
    dashed = len(order) > 2 and near and all(map(_DASH.fullmatch, between))
    days = [order[0]]
    for day, words in zip(order[1:], between, strict=True):
        apart = (day - days[-1]) % 7
        listed = bool(_LISTED.fullmatch(words)) or ("\n" in words and not words.strip())
        # "lundi - vendredi" is a span, and "mardi - jeudi" may be two days.
        if _TO.fullmatch(words) or (
            _DASH.fullmatch(words) and not dashed and (apart > 3 or apart == 1)
        ):
            days += [(days[-1] + step) % 7 for step in range(1, apart + 1)]
        elif listed or dashed or (_BARE.fullmatch(words) and (len(order) > 2 or apart == 1)):
            days.append(day)
        else:
            return None
    return tuple(days)


def _small(text: str) -> bool:
    """Return whether a text says nothing of when."""
    return set(fold(text).split()) <= _SMALL_WORDS


def _named(days: tuple[int, ...]) -> str:
    """Return days in OSM's syntax: three or more that follow each other as a span."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == (runs[-1][-1] + 1) % 7:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{_WEEK[run[0]]}-{_WEEK[run[-1]]}" if len(run) > 2 else ",".join(_WEEK[d] for d in run)
        for run in runs
    )
