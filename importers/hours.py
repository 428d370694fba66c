"""Opening hours: OpenStreetMap's syntax is kept, plain French turned into it, the rest told."""

import re

from importers.text import fold

_DAYS = {
    "lundi": "Mo", "lun": "Mo", "mardi": "Tu", "mar": "Tu", "mercredi": "We", "mer": "We",
    "jeudi": "Th", "jeu": "Th", "vendredi": "Fr", "ven": "Fr", "samedi": "Sa", "sam": "Sa",
    "dimanche": "Su", "dim": "Su",
}  # fmt: skip
# What hours that nothing closes look like in OSM's syntax; `read_hours` writes the first of them.
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
_OSM = re.compile(
    rf"(?:24/7|(?:(?:{_ABOVE})(?:[-,](?:{_ABOVE}))*\s+)?"
    r"(?:off|\d\d:\d\d-\d\d:\d\d(?:,\s?\d\d:\d\d-\d\d:\d\d)*))"
)
_TIME = re.compile(r"\b(\d{1,2})\s*[hH:]\s*(\d{2})?\b")
_RANGE = re.compile(r"\b(\d\d:\d\d)\s*(?:-|–|à|a)\s*(\d\d:\d\d)\b")
_SMALL_WORDS = frozenset(["du", "de", "le", "les", "et", "a", "ouvert", "ouverture", "horaires"])
_WRONG = (
    "Ces horaires ne sont pas lisibles. Écrivez par exemple « lundi-vendredi 9h-12h, 14h-17h » ou "
    "« 24h/24 »."
)


def read_hours(text: str) -> tuple[str | None, str | None]:
    """ "Du lundi au vendredi de 9h à 17h30" -> "Mo-Fr 09:00-17:30", or None; and what is wrong."""
    text = text.strip()
    if text and all(_OSM.fullmatch(rule.strip()) for rule in text.split(";")):
        return text, None
    if re.search(r"24\s*h?\s*(?:/|sur)\s*24|7\s*j?\s*/\s*7.*24|24/7", text, re.IGNORECASE):
        return "24/7", None
    rules = [_rule(part) for part in re.split(r"[;\n]", text) if part.strip()]
    if not rules or None in rules:
        return None, _WRONG
    return "; ".join(rule for rule in rules if rule), None


def _rule(text: str) -> str | None:
    def clock(match: re.Match[str]) -> str:
        return f"{int(match[1]):02}:{match[2] or '00'}"

    plain = _TIME.sub(clock, text)
    ranges = _RANGE.findall(plain)
    if not ranges or any(not "00:00" <= start < end <= "24:00" for start, end in ranges):
        return None
    days = _days(fold(re.sub("[-–]", " au ", _RANGE.sub(" ", plain))))
    if days is None:
        return None
    return f"{days} ".lstrip() + ",".join(f"{start}-{end}" for start, end in ranges)


def _days(plain: str) -> str | None:
    """ "du lundi au vendredi" -> "Mo-Fr", "mardi et jeudi" -> "Tu,Th"; None: other words."""
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
