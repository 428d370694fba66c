"""How a text says the age of a child: in words, in figures, by a birth or by a class."""

import re

_UNITS = r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
NUMBER = rf"(?:\d{{1,2}}|{_UNITS}|seize|dix[- ]sept|dix[- ]huit|dix[- ]neuf|vingt))"
_YOUNG = 21
# An age, also one without "ans" ("âgée de 14"), what is said of when somebody was born, and the
# class of a pupil, which is an age as well.
_ONE = r"(?:e|\(e\)|[·.]e)?s?"
_CLASSES = r"(?:CP|CE[12]|CM[12]|[3-6] ?(?:e|è|i?[eè]me)|(?:six|cinqu|quatr|trois)i[eè]me"
_CLASS = rf"{_CLASSES}|2n?de|1[eè]?re|seconde|première|terminale)\b"
_ANS = r"(?:ans?|années?|printemps|a\.)(?!\w)"
AGE = re.compile(
    rf"\b(?P<years>{NUMBER})\)?\s*{_ANS}"
    rf"|\b[âa]g(?:[ée]{_ONE}\s+de|e\s*(?::|est\s+de|de)?)\s*(?P<aged>{NUMBER})\b"
    rf"|\bné{_ONE}\b(?=[^.\n]{{0,40}}\d)"
    r"|(?:\bd\.?d?\.?n\b|\bdate\s+de\s+naissance\b)(?=[^\n]{0,20}\d)"
    rf"|\b(?:[ée]lève\s+(?:en|de)|en(?:\s+classe\s+de)?|classe\s+de)\s+(?P<class>{_CLASS})",
    re.IGNORECASE,
)
# Whoever is a child today was born in one of them.
_BORN = r"20(?:0[5-9]|1\d|2[0-2])(?!\w|\s*[-–/à]\s*20)"
# "Léa (14)", "L. (14)", "Léa [14/15]", "Léa (2012)".
IN_BRACKETS = re.compile(
    r"(?P<first>\b[A-ZÀ-Ý][\w'’-]{0,40}+\s+)?\b(?P<name>[^\W\d_](?:\.|[\w'’-]{1,40}+))"
    rf"\s*[(\[]\s*(?P<age>[1-9]|1[0-7]|{_BORN})(?:\s*/\s*\d\d?)?\s*[)\]]"
)
_MONTH = (
    r"(?:janv(?:ier)?|févr?(?:ier)?|mars|avril|mai|juin|juil(?:let)?|ao[uû]t"
    r"|(?:sept|oct|nov|déc)(?:em|o)?(?:bre)?)(?!\w)\.?"
)
# "Léa 14", "Emma, 14, Lyon", "Léa – 14a", "Léa, 3e", "Léa 03/05/2012": a birth, or a number that is
# of nothing that follows, be it a month, a street or a time of day.
BARE = re.compile(
    rf"(?<![\w°])(?<!\d[.,/:-])(?:(?:\d{{1,2}}(?:er)?[\s./-](?:\d{{1,2}}|{_MONTH})[\s./-])?{_BORN}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-](?:0[5-9]|1\d|2[0-2])(?!\w)"
    rf"|(?P<years>(?:[3-9]|1[0-7])(?:a|[-–]\d{{1,2}}|/1[3-9])?|{_CLASS})"
    rf"(?!\s*[.,:/–-]\d|(?:\s*(?:,|et|au|-)\s*\d{{1,2}}){{0,4}}\s*{_MONTH}"
    r"|\s*,\s*(?:bis|ter|rue|avenue|av|bd|boulevard|place|quai|allée|impasse|square|chemin|cours)\b)"
    r"(?=\s*(?:$|[\n,;.|/)\]–-])|\s+(?:(?-i:[A-ZÀ-Ý])|(?:et|en)\b)))",
    re.IGNORECASE,
)
RANGE = re.compile(
    rf"(?:\b{NUMBER}\s*(?:à|et|ou|-|–|/)\s*|(?:moins|plus)\s+de\s+|partir\s+de\s+|jusqu['’]à\s+)$",
    re.IGNORECASE,
)
# What a number of a class may be of as well: "en première ligne", "en 5e position".
ORDINAL = re.compile(
    r"\s+(?:ligne|instance|lecture|intention|position|place|lieu|partie|année|arrondissement|étage"
    r"|édition|rang)\b",
    re.IGNORECASE,
)
# "14 ans", "14-15 ans".
YEARS = rf"(?:{NUMBER}\s*(?:[-–/àet]+\s*)?)?{NUMBER}\s*{_ANS}"


def is_young(age: re.Match[str]) -> bool:
    """Return whether an age that AGE found may be that of a child."""
    said = age["years"] or age["aged"] or ""
    return not said.isdigit() or int(said) <= _YOUNG
