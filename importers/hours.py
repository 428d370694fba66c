"""Opening hours: OpenStreetMap's syntax is taken as it is, plain French is turned into it.

What is not understood whole is reported and left out: half of it could say that a door is open
which is not.
"""

import re

from opening_hours import validate

from geo.text import fold

_DAYS = {
    "lundi": "Mo", "lun": "Mo", "mardi": "Tu", "mar": "Tu", "mercredi": "We", "mer": "We",
    "jeudi": "Th", "jeu": "Th", "vendredi": "Fr", "ven": "Fr", "samedi": "Sa", "sam": "Sa",
    "dimanche": "Su", "dim": "Su",
}  # fmt: skip
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
_ON_CALL = re.compile(
    r"\(?\b(?:uniquement |seulement )?sur (?:rendez[- ]?vous|r\.?d\.?v\b\.?)\)?", re.IGNORECASE
)
_TIME = re.compile(r"\b(\d{1,2})\s*[hH:](?:\s*(\d{2}))?\b")
_RANGE = re.compile(r"\b(\d\d:\d\d)\s*(?:-|–|à|a)\s*(\d\d:\d\d)\b")
_SMALL_WORDS = frozenset(["du", "de", "le", "les", "et", "a", "ouvert", "ouverture", "horaires"])
_WRONG = (
    "Ces horaires ne sont pas lisibles. Écrivez par exemple « lundi-vendredi 9h-12h, 14h-17h » ou "
    "« 24h/24 »."
)


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
    return all(_OSM.fullmatch(rule.strip()) for rule in text.split(";"))


def _from_french(text: str) -> str | None:
    if _ON_CALL.fullmatch(text):
        return '"sur rendez-vous"'
    return _rules(_BOTH.sub(" 24h/24 7j/7 ", text))


def _rules(text: str) -> str | None:
    """Return rules of OSM's syntax, or None where there are other words.

    "lundi 9h-12h, mardi 14h-17h" -> "Mo 09:00-12:00; Tu 14:00-17:00".
    """

    def clock(match: re.Match[str]) -> str:
        return f"{int(match[1]):02}:{match[2] or '00'}"

    words, on_call = _ON_CALL.subn(" ", text)
    words = _EVERY_DAY.sub(" lundi au dimanche ", _DAY_AND_NIGHT.sub(" 00:00-24:00 ", words))
    # Words, start, end, words, start, end and so on, with words at the end.
    pieces = _RANGE.split(_TIME.sub(clock, words))
    spans = list(zip(pieces[1::3], pieces[2::3], strict=True))
    if not spans or any(not "00:00" <= start < end <= "24:00" for start, end in spans):
        return None
    days = [_days(fold(re.sub("[-–]", " au ", piece))) for piece in pieces[::3]]
    if None in days:
        return None
    rules = _by_days([day or "" for day in days], [f"{start}-{end}" for start, end in spans])
    if not all(hours for _, hours in rules):
        return None
    comment = ' "sur rendez-vous"' if on_call else ""
    return "; ".join(f"{day} {','.join(hours)}".strip() + comment for day, hours in rules)


def _by_days(days: list[str], spans: list[str]) -> list[tuple[str, list[str]]]:
    """Give each span its days: `days` stand before, between and after them, most of them ""."""
    rules: list[tuple[str, list[str]]] = [(days[0], [])]
    for span, following in zip(spans, days[1:], strict=True):
        named, hours = rules[-1]
        hours.append(span)
        if following and named:
            rules.append((following, []))
        elif following:
            rules[-1] = (following, hours)
    return rules


def _days(plain: str) -> str | None:
    """Return days in OSM's syntax, or None where there are other words.

    "du lundi au vendredi" -> "Mo-Fr", "mardi et jeudi" -> "Tu,Th".
    """
    words = [word.rstrip("s") if word.rstrip("s") in _DAYS else word for word in plain.split()]
    found: list[str] = []
    joined = False
    for word in words:
        if word in _DAYS:
            if joined and found:
                found[-1] += "-" + _DAYS[word]
            else:
                found.append(_DAYS[word])
            joined = False
        elif word == "au":
            joined = True
        elif word not in _SMALL_WORDS:
            return None
    return ",".join(found)
