"""Finds the number and way in a line of an address, and writes them in one form."""

import re
from collections.abc import Iterator
from itertools import pairwise

from geo.postal import BOX
from geo.text import capitals, remembered, straighten
from geo.ways import (
    ACCENTED,
    BUILDING,
    PLACE,
    PLACE_WAYS,
    SITE,
    SITES,
    SMALL_WORDS,
    STREET,
    STREET_UNNUMBERED,
    STREET_WAYS,
)

# "BP 25-4", "CS 50 001", but not the number of the street that follows: "BP 12 100 rue X".
_MAIL = re.compile(
    rf"{BOX}\s*(?:N°\s*)?:?\s*\d{{1,6}}"
    rf"(?:-\d+|\s\d{{3}}(?!\d)(?!\s*(?:BIS|TER)?,?\s*(?:{STREET})\b))?"
)
# "1 A 15 RUE X" is a range, "1 A RUE X" a suffix.
_SUFFIX = r"(?:BIS|TER|QUATER|QUINQUIES|A(?!\s?\d)|[B-H])\b"
_NUMBER = rf"(?P<number>\d{{1,5}})(?:\s?(?P<suffix>{_SUFFIX}))?"
# "7-21 rue", "5-7-9 rue", "29 et 31 cours", "11 13, avenue": the first number is asked.
_BETWEEN = rf"(?:\s*[-–/&,+]\s*\d{{1,5}}(?:\s?{_SUFFIX})?){{0,4}}?"
_RANGE = rf"(?:{_BETWEEN}\s*(?:[-–/&,+]|\bA\b|\bET\b|\s)\s*(?P<last>\d{{1,5}})(?:\s?{_SUFFIX})?)?"
_NUMBERED = re.compile(
    rf"(?<![\w/-]){_NUMBER}\b{_RANGE}\s*,?\s*(?P<way>{STREET}|{PLACE})\b\.?\s*(?=\S)"
)
# "25 - 27 rue", but not "Immeuble 2 - 1 rue": the range begins its segment.
_SPLIT_RANGE = re.compile(
    rf"(?:^|(?<=[\n,;])|(?<=[,;] )|(?<= - ))(?P<first>\d{{1,5}})\s+[-–]\s+"
    rf"(?=\d{{1,5}}\s*(?:{_SUFFIX})?\s*,?\s*(?:{STREET})\b)"
)
# "N° 5 avenue X" begins with the number of the street, not with that of a building.
_LEADING_SIGN = re.compile(r"(?:^|(?<=[\n,;])|(?<=[\n,;] )|(?<= - ))N[°º]\s*(?=\d)")
# "Avenue X, 5 bis", "avenue X n° 5": the number behind its way.
_NUMBER_BEHIND = re.compile(
    rf"(?:^|(?<=[\n,;])|(?<=[\n,;] )|(?<= - ))(?P<named>(?:{STREET_UNNUMBERED})\b[^\n,;]{{2,60}}?)"
    rf"(?:\s*,\s*(?:N[°º]\s*)?|\s*N[°º]\s*|\s+(?=\d+ ?(?:BIS|TER)\b))"
    rf"(?P<behind>\d{{1,3}}(?:\s?{_SUFFIX})?)(?:\s*[-–/]\s*\d{{1,4}})?\s*(?=$|[\n,;]| - )"
)
_MAY_STAND_BEHIND = re.compile(r"[,°º]\s*\d|\d\s?(?:bis|ter)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SPLIT_NUMBER = re.compile(rf"(?<=\d)(?P<suffix>\s?{_SUFFIX})?\s*,\s*(?=(?:{STREET})\b)")
_UNNUMBERED = re.compile(rf"^(?P<way>{STREET_UNNUMBERED})\b\.?\s+(?=\S)")
_INSIDE = re.compile(
    r"(?<=\s)(?P<way>RUE|AVENUE|BOULEVARD|CHEMIN|ROUTE|ALLEE|IMPASSE|QUAI|PLACE)\b\s+(?=\S)"
)
_PLACE = re.compile(rf"^(?P<way>{PLACE})\b\.?\s+(?=\S)")
_NUMBERED_NAME = re.compile(rf"^{_NUMBER}\b\s*,?\s+(?=[A-Z]{{2}})")
# What carries no number of its own: "Mairie 5 avenue X".
_NAMED_SITE = {"REZ", "REZ-DE-CHAUSSEE", "REZ-DE-JARDIN", "RDC", "HOTEL", "MAIRIE", "ECOLE"}
_NUMBERED_BUILDING = "|".join(word for word in BUILDING if word not in _NAMED_SITE)
_BUILDING_WORD = re.compile(rf"(?:^|[\s,])(?:{_NUMBERED_BUILDING}|N°)\.?\s*(?:N°\s*)?$")
_BUILDING = re.compile(rf"^(?:{'|'.join(BUILDING)}|\d+\s?(?:ER|E|EME|ND|ND E)\b)(?=\W|$)")
_TAIL = re.compile(
    r"\s*(?:\(.*|\b\d{1,2}\s?(?:ER|E|EME|ND)\sETAGE\b.*|\bREZ[ -]DE.*"
    r"|\b(?:APPARTEMENT|APPT|APT|PORTE|BATIMENT|BAT|ESCALIER|ESC|ETAGE|HALL|BUREAU|BOITE)\b\.?\s"
    r"(?:N°\s*)?(?:[A-Z]|\d+\w?|[A-Z]\d+)(?:\s.*)?)$"
)
# Where the name of a way ends at the latest: a mark, or a point that no short form explains.
SENTENCE_END = re.compile(r"[\n,;:()!?]|(?<=\w{4})\.|\.(?=\s*$)|\s[-–—]\s")
_LONGEST_NAME = 80
# Between the numbers of one building.
_WIDEST = 40
_SITE = re.compile(rf"(?:AUX? )?(?P<site>{SITE})\b\.?\s+(?=\S)")
_WORDS = re.compile("[A-Z0-9]+")
_BEHIND_DIGIT = re.compile(r"(?<=\d)(?=[A-Z])")
_WHOLE_SUFFIX = re.compile(_SUFFIX)
_TWO_LETTERS = re.compile(r"[^\W\d]{2}")
_SEGMENTS = re.compile(r"\n|[,;]| [-–—] | / ")
# Short forms that La Poste and FINESS write in names of ways.
NAME_WORDS = {
    "ST": "SAINT",
    "STE": "SAINTE",
    "GAL": "GENERAL",
    "GL": "GENERAL",
    "GEN": "GENERAL",
    "GENERAL": "GENERAL",
    "MAL": "MARECHAL",
    "DR": "DOCTEUR",
    "DOCT": "DOCTEUR",
    "PDT": "PRESIDENT",
    "PT": "PRESIDENT",
    "CDT": "COMMANDANT",
    "COL": "COLONEL",
    "CPT": "CAPITAINE",
    "CAP": "CAPITAINE",
    "LT": "LIEUTENANT",
    "PR": "PROFESSEUR",
    "PROF": "PROFESSEUR",
    "MGR": "MONSEIGNEUR",
    "MLLE": "MADEMOISELLE",
    "MELLE": "MADEMOISELLE",
    "MME": "MADAME",
    "NTRE": "NOTRE",
    "FG": "FAUBOURG",
    "FBG": "FAUBOURG",
}


def find_street(text: str, *, ways_only: bool = False) -> str | None:
    """Return the street to ask for, "14 rue Stanislas" of "Maison X - 14 rue Stanislas - BP 25-4".

    A numbered way wins over a way, a way over a neighbourhood, and that over a bare name
    ("Le Bourg"), which ways_only leaves out. The way's word is written in full, the name as it was.
    """
    found = _find_way(text)
    if found or ways_only:
        return found
    names = [
        s for s in _segments(text) if not _BUILDING.match(capitals(s)) and _TWO_LETTERS.search(s)
    ]
    for segment in names:
        if match := _NUMBERED_NAME.match(capitals(segment)):
            return f"{_number(match)} {segment[match.end() :].strip()}"
    return next(iter(names), None)


# A list asks twice: for a geocoder, and for what two writings share.
@remembered(100)
def _find_way(text: str) -> str | None:
    if not text:
        return None
    segments = _segments(text)
    for pick in (_numbered, _unnumbered, _inside, _place):
        for segment in segments:
            if found := pick(segment):
                return found
    return None


def _segments(text: str) -> list[str]:
    parts = _SEGMENTS.split(_joined(straighten(text)))
    return [segment for part in parts if (segment := part.strip(" .-"))]


def numbered_ways(text: str) -> Iterator[str]:
    """Yield each number and way of a text with the words that follow, of which some are its name.

    "reçoit au 5, av. Victor Hugo et au lac" -> "5 avenue Victor Hugo et au lac".
    """
    text = _joined(straighten(text))
    for match in _NUMBERED.finditer(capitals(text)):
        behind = SENTENCE_END.split(text[match.end() : match.end() + _LONGEST_NAME], maxsplit=1)[0]
        if named := _named(match["way"], behind):
            yield f"{int(match['number'])} {_small(named)}"


def parted_ways(text: str) -> list[str]:
    """Return each number and way of a text with all up to the next: "6 rue X et 4 rue Y" -> two."""
    text = _joined(straighten(text))
    starts = [match.start() for match in _NUMBERED.finditer(capitals(text))]
    return [text[start:end] for start, end in pairwise([*starts, len(text)])] if starts else []


def before_way(text: str) -> str:
    """Return a text up to its first number and way: "Antenne, 5 rue X" -> "Antenne, "."""
    found = _NUMBERED.search(capitals(text))
    return text[: found.start()] if found else text


def numbers_of(text: str) -> range:
    """Return the numbers that the first range of a text stands for: "10-14 rue X" -> 10, 12, 14.

    Empty where it gives no range, or one too wide for a building.
    """
    plain = capitals(_joined(straighten(text)))
    for match in _NUMBERED.finditer(plain):
        if match["last"] and not _BUILDING_WORD.search(plain[: match.start()]):
            first, last = int(match["number"]), int(match["last"])
            step = 2 if (last - first) % 2 == 0 else 1
            return range(first, last + 1, step) if last - first <= _WIDEST else range(0)
    return range(0)


def site_key(text: str) -> str | None:
    """Return the key of a building or a place that has a name of its own, or None.

    "Hôpital Avicenne" -> "HOPITAL AVICENNE", "LD Les Pins" -> "LIEU DIT PINS". A town, a street
    without number or a business park is no such place.
    """
    for segment in _SEGMENTS.split(_joined(straighten(text))):
        plain = capitals(segment.strip(" .-"))
        if not (match := _SITE.match(plain)):
            continue
        tail = _TAIL.search(plain, match.end())
        named = street_key(plain[match.end() : tail.start() if tail else None])
        if named:
            return f"{SITES[match['site']]} {named}"
    return None


def street_key(street: str) -> str | None:
    """Return number, suffix and words in capitals, short forms expanded, small words dropped."""
    plain = capitals(straighten(street))
    words = _WORDS.findall(_BEHIND_DIGIT.sub(" ", plain))
    number: list[str] = []
    if words and words[0].isdigit():
        number.append(str(int(words.pop(0))))
        if len(words) > 1 and _WHOLE_SUFFIX.fullmatch(words[0]):
            number.append({"BIS": "B", "TER": "T", "QUATER": "Q"}.get(words[0], words[0]))
            words.pop(0)
    if words:
        way = STREET_WAYS.get(words[0]) or PLACE_WAYS.get(words[0])
        words[0] = way if way and len(words) > 1 else words[0]
    significant = [NAME_WORDS.get(word, word) for word in words if word not in SMALL_WORDS]
    return " ".join(["".join(number), *significant]).strip() if significant else None


@remembered(20_000)
def _joined(text: str) -> str:
    """Return a text without mail codes, and with "12, rue" and "25 - 27 rue" in one piece."""
    plain = capitals(text)
    if not _DIGIT.search(plain):
        return text
    for pattern, to in (
        (_MAIL, ","),
        (_LEADING_SIGN, ""),
        (_SPLIT_RANGE, r"\g<first>-"),
        (_SPLIT_NUMBER, r"\g<suffix> "),
    ):
        parts, end = [], 0
        for match in pattern.finditer(plain):
            parts += [text[end : match.start()], match.expand(to)]
            end = match.end()
        if parts:
            text = "".join(parts) + text[end:]
            plain = capitals(text)
    if _MAY_STAND_BEHIND.search(text) and (found := _NUMBER_BEHIND.search(plain)):
        number, named = (text[slice(*found.span(part))] for part in ("behind", "named"))
        text = f"{text[: found.start()]}{number} {named}{text[found.end() :]}"
    return text


def _number(match: re.Match[str]) -> str:
    suffix = match["suffix"]
    return str(int(match["number"])) + (
        f" {suffix.lower() if len(suffix) > 1 else suffix}" if suffix else ""
    )


def _named(way: str, name: str) -> str | None:
    words = STREET_WAYS.get(way) or PLACE_WAYS.get(way) or way
    words = ACCENTED.get(words, words.lower())
    plain = capitals(name)
    if tail := _TAIL.search(plain):
        name = name[: tail.start()]
    name = name.strip(" .-,")
    return f"{words[0].upper()}{words[1:]} {name}" if name else None


def _numbered(segment: str) -> str | None:
    plain = capitals(segment)
    for match in _NUMBERED.finditer(plain):
        named = _named(match["way"], segment[match.end() :])
        if not named:
            continue
        if _BUILDING_WORD.search(plain[: match.start()]):
            # "Bâtiment 1 15 avenue X": the first number is the building's.
            return f"{int(match['last'])} {_small(named)}" if match["last"] else named
        return f"{_number(match)} {_small(named)}"
    return None


def _small(named: str) -> str:
    return named[0].lower() + named[1:]


def _unnumbered(segment: str) -> str | None:
    match = _UNNUMBERED.match(capitals(segment))
    return _named(match["way"], segment[match.end() :]) if match else None


def _inside(segment: str) -> str | None:
    match = _INSIDE.search(capitals(segment))
    return _named(match["way"], segment[match.end() :]) if match else None


def _place(segment: str) -> str | None:
    match = _PLACE.match(capitals(segment))
    if not match or match["way"] in {"RES", "RESIDENCE"}:
        return None
    return _named(match["way"], segment[match.end() :])
