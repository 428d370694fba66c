"""Opening hours in French: the week on a sheet, the moment on a card."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.hours.opening import Opening, Reason, State, always_open, readable
from geo.zones import PARIS_TIME

_DAYS = {
    "Mo": "lundi", "Tu": "mardi", "We": "mercredi", "Th": "jeudi", "Fr": "vendredi",
    "Sa": "samedi", "Su": "dimanche",
}  # fmt: skip
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_HOLIDAYS = {"PH": "les jours fériés", "SH": "pendant les vacances scolaires"}
_DAY = "Mo|Tu|We|Th|Fr|Sa|Su"
_SPAN = r"\d?\d:\d\d(?:-\d?\d:\d\d|\+)"
_RULE = re.compile(
    rf"(?P<days>(?:(?:{_DAY})(?:-(?:{_DAY}))?|PH|SH)(?:,(?:(?:{_DAY})(?:-(?:{_DAY}))?|PH|SH))*)?"
    rf"\s*(?P<times>24/7|{_SPAN}(?:,\s*{_SPAN})*)?"
    r"\s*(?P<closed>off|closed)?"
    r'\s*(?:"(?P<comment>[^"]*)")?'
)
_BETWEEN_RULES = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
# A line never breaks inside a time.
_NO_BREAK = "\u00a0"


def describe(osm: str) -> tuple[str, ...]:
    """Say hours in OSM syntax as lines of French; whole and as written where one rule is other.

    "Mo-Fr 09:00-12:30; PH off" -> ("Du lundi au vendredi : 9 h – 12 h 30", "Fermé les jours
    fériés"), with a no-break space before and after each "h".
    """
    if always_open(osm):
        return ("Ouvert jour et nuit, tous les jours",)
    rules = [_RULE.fullmatch(rule.strip()) for rule in _BETWEEN_RULES.split(osm)]
    lines = [_line(rule) if rule else None for rule in rules]
    if not readable(osm) or None in lines:
        return (osm,)
    return tuple(line for line in lines if line)


def phrase(opening: Opening, zone: ZoneInfo) -> str:
    """Say a state in a few words for a card, its times in `zone`: "Fermé, ouvre demain à 9 h"."""
    match opening:
        case Opening(state=State.OPEN, reason=Reason.ALWAYS):
            return "Ouvert jour et nuit"
        case Opening(state=State.OPEN, until=datetime() as until):
            end = _end(until.astimezone(zone), opening.at.astimezone(zone))
            return f"Ouvert, ferme {end}{_clock(zone)}"
        case Opening(state=State.OPEN):
            return "Ouvert"
        case Opening(state=State.CLOSED, until=datetime() as until):
            begin = _moment(until.astimezone(zone), opening.at.astimezone(zone))
            return f"Fermé, ouvre {begin}{_clock(zone)}"
        case Opening(state=State.CLOSED):
            return f"Fermé ({opening.comment})" if opening.comment else "Fermé"
        case Opening(state=State.CHECK, reason=Reason() as reason):
            return f"Horaires à vérifier : {reason}"
        case Opening(state=State.CHECK, comment=str() as comment):
            return _capital(comment)
        case Opening(state=State.CHECK):
            return "Horaires à vérifier"
    return "Horaires non connus"


def _line(rule: re.Match[str]) -> str | None:
    days, times, closed, comment = rule.group("days", "times", "closed", "comment")
    if closed and not times:
        line = f"Fermé {_days(days)}" if days else "Fermé"
    elif times and not closed:
        line = f"{_capital(_days(days)) if days else 'Tous les jours'} : {_times(times)}"
    elif comment and not (days or closed):
        return _capital(comment)
    elif days and comment and not closed:
        return f"{_capital(_days(days))} : {comment}"
    else:
        return None
    return f"{line} ({comment})" if comment else line


def _days(text: str) -> str:
    """ "Mo-Fr,PH" -> "du lundi au vendredi et les jours fériés"."""
    words: list[str] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        if part == "Mo-Su":
            words.append("tous les jours")
        elif part in _HOLIDAYS:
            words.append(_HOLIDAYS[part])
        elif part in ("Sa-Su", "Su-Mo"):
            words += [f"le {_DAYS[first]}", f"le {_DAYS[last]}"]
        elif last:
            words.append(f"du {_DAYS[first]} au {_DAYS[last]}")
        else:
            words.append(f"le {_DAYS[first]}")
    return _and(words)


def _times(text: str) -> str:
    return (
        "jour et nuit"
        if text in ("24/7", "00:00-24:00")
        else _and([_span(part.strip()) for part in text.split(",")])
    )


def _span(text: str) -> str:
    start, _, end = text.rstrip("+").partition("-")
    return f"{hour(start)} – {hour(end)}" if end else f"à partir de {hour(start)}"


def hour(text: str) -> str:
    """Say a time: "09:00" -> "9 h", "14:30" -> "14 h 30", "24:00" -> "minuit", "26:00" -> "2 h"."""
    hour, minute = (int(part) for part in text.split(":"))
    if hour % 24 == minute == 0:
        return "minuit"
    return f"{hour % 24}{_NO_BREAK}h" + (f"{_NO_BREAK}{minute:02}" if minute else "")


def _clock(zone: ZoneInfo) -> str:
    """Say whose time it is, where most readers have another one."""
    return "" if zone == PARIS_TIME else " (heure locale)"


def _end(moment: datetime, at: datetime) -> str:
    """ "à 18 h", "à 2 h" of the same night; with the day where that is further away."""
    near = moment - at < timedelta(hours=24)
    return f"à {hour(f'{moment:%H:%M}')}" if near else _moment(moment, at)


def _moment(moment: datetime, at: datetime) -> str:
    """ "demain à 9 h": a weekday within the week, a date beyond it."""
    days = (moment.date() - at.date()).days
    weekday = tuple(_DAYS.values())[moment.weekday()]
    if days < 2:
        day = "demain" if days else "aujourd’hui"
    elif days < 7:
        day = weekday
    else:
        number = "1er" if moment.day == 1 else moment.day
        day = f"{weekday} {number} {_MONTHS[moment.month - 1]}"
    # "Demain à minuit" would be heard as the end of tomorrow.
    clock = hour(f"{moment:%H:%M}").replace("minuit", f"0{_NO_BREAK}h")
    return f"{day} à {clock}"


def _and(words: list[str]) -> str:
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
