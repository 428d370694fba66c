"""The day of what a file holds, as its name says it: nothing inside a list does."""

import re
import unicodedata
from datetime import date

from geo.text import fold

_MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
_YEAR = r"(?:19|20)\d\d"
_YEAR_FIRST = re.compile(rf"(?<!\d)({_YEAR})[-._ ]?([01]\d)(?:[-._ ]?([0-3]\d))?(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(\d{{1,2}})[-._ ](\d{{1,2}})[-._ ]({_YEAR})(?!\d)")
_LONG = "|".join(_MONTHS).replace("fe", "f[eé]").replace("de", "d[eé]").replace("aou", "ao[uû]")
_SHORT = "janv?|f[eé]vr?|avr|juill?|sept?|oct|nov|d[eé]c"
# "Acteurs 93 novembre 2026": the number may be a département, so it stays in the name unless a word
# before it ("du 5 novembre") says that it is a day.
_OF_MONTH = r"(?:(?:du|au|le)[-. ](?:1er|\d{1,2})[-. ]|1er )?"
_IN_WORDS = rf"\b{_OF_MONTH}(?P<month>{_LONG}|{_SHORT})\.?[-. ]*(?P<year>{_YEAR})(?!\d)"
_FIND_WORDS = re.compile(_IN_WORDS, re.IGNORECASE)
# "ListeMars2026", "liste2026mars": words that nothing parts.
_JOINED = re.compile(
    rf"(?<!saint)(?<!cinq)(?<!\bst)(?:(?-i:(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ]))|(?<=\d))((?:{_LONG}|{_SHORT})"
    rf"(?-i:(?![a-zß-ÿ])))|(?-i:(?<=[a-zß-ÿ]))({_YEAR})(?!\d)",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
# What a list is, beside which a month is none of a place.
_KIND = re.compile(
    r"(?<!\w)(?:listes?|acteurs|partenaires|structures|services|contacts|annuaire|fichier|tableau"
    r"|export|recensement)[- ]$",
    re.IGNORECASE,
)
_DATES = (
    _IN_WORDS,
    # Without a year a short month has its point: "sept" is a number, "oct" a word as any other.
    rf"\b{_OF_MONTH}(?:{_LONG})\b|\b(?:{_SHORT})\.",
    rf"\b\d{{1,2}}[-./ ]\d{{1,2}}[-./ ]{_YEAR}\b",
    rf"\b[0-3]\d[01]\d{_YEAR}\b",
    rf"\b{_YEAR}(?:[-./ ]?[01]\d(?:[-./ ]?[0-3]\d)?)?\b",
    rf"\b[01]?\d[./]{_YEAR}\b",
)
# Belongs to the date that follows: "màj du 12-03-2026", "mois de janvier".
_BEFORE = r"(?:\b(?:m[aà]j|mise à jour)\b[-. ]*)?(?:\b(?:mois )?(?:du|de|en|au) |\bd[’'])?"
# Of what is called by a month or a day, that is in its name: "Saint-Mars", "Mars-la-Tour", "Mars
# Bleu", "du 8 mai 1945". A month alone has no capital, and before its year it is a date.
_CAPITAL = rf"(?-i:(?=[A-ZÀ-Þ]))(?:{_LONG})\b"
_CALLED = (
    r"\b(?:association|amicale|comit[eé]|rue|place|avenue|boulevard|square|quartier|cit[eé]|[eé]cole"
    r"|coll[eè]ge|lyc[eé]e|stade|r[eé]sidence|foyer|maison)[- ]du[- ]"
    r"(?:8[- ]mai|11[- ]novembre|1er[- ]mai|14[- ]juillet|19[- ]mars|18[- ]juin|4[- ]septembre)\b"
)
_SURELY_NAMED = (
    rf"\b(?:saint|st|sainte|ste|champs?[- ]de)[- ]?(?:{_LONG})(?-i:(?![a-zß-ÿ]))"
    r"|\bcinq-?mars(?-i:(?![a-zß-ÿ]))"
    rf"|\b(?:{_LONG})-(?:la|les?|l|sous|sur|en|l[eè][sz]|du|des?|d)\b"
    rf"|\b{_CAPITAL}(?= (?:la|les?|sous|sur) (?!{_LONG})(?-i:[A-ZÀ-Þ][a-zß-ÿ]))"
    rf"|{_CALLED}(?: 1[89]\d\d\b|(?![-. ]*{_YEAR}))"
)
_NAMED = re.compile(
    rf"{_SURELY_NAMED}|(?<=[^\W\d_]-){_CAPITAL}(?!-\d)"
    rf"|\b{_CAPITAL}(?= (?!{_LONG})(?-i:[A-ZÀ-Þ][a-zß-ÿ]))",
    re.IGNORECASE,
)
_SURE = re.compile(_SURELY_NAMED, re.IGNORECASE)
# What may be a month or a year, and may be a word: told by what else is there.
_PERHAPS = re.compile(
    rf"\b(?:{_LONG}|{_SHORT})(?:\.|(?![^\W\d]))(?:[-. ]*[2-9]\d(?!\d))?|(?<!\d){_YEAR}(?!\d)"
    r"|\b[0-3]?\d[-./][01]?\d[-./][2-9]\d\b",
    re.IGNORECASE,
)
_DATED = re.compile(rf"[-–—,.( ]*{_BEFORE}(?:{'|'.join(_DATES)})[-–—,.) ]*", re.IGNORECASE)


def content_day(filename: str) -> tuple[date, bool] | None:
    """Return the day that a name says, and whether it says more than a month; None for no day."""
    filename = _without_names(_apart(_composed(filename)))
    if found := _DAY_FIRST.search(filename):
        day, month, year = map(int, found.groups())
        return _day(year, month, day)
    if found := _YEAR_FIRST.search(filename):
        year, month = int(found[1]), int(found[2])
        return _day(year, month, int(found[3]) if found[3] else None)
    if found := _FIND_WORDS.search(filename):
        word = fold(found["month"])
        month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word))
        return _day(int(found["year"]), month, None)
    return None


def without_day(name: str) -> str:
    """Return the name of a list without the months and days in it; "" where it says nothing else.

    Of one without any, nothing is changed.
    """
    given, start, rest = _composed(name), 0, ""
    name = _apart(given)
    for found in _DATED.finditer(_without_names(name)):
        between = " " if found.start() and found.end() < len(name) else ""
        rest, start = rest + name[start : found.start()] + between, found.end()
    return (rest + name[start:]).strip(" _-–—,.") if start else given


def likeness(name: str) -> str:
    """Return what is left of the name of a list without all that may be a day of it, folded.

    Two names of one likeness may be those of one list: somebody is to be asked.
    """
    text = _composed(name).replace("_", " ")
    called = _SURE.findall(text)
    rest = _CAMEL.sub(" ", without_day(_SURE.sub(" ", text)))
    return fold(" ".join((_PERHAPS.sub(" ", rest), *called)))


def _without_names(text: str) -> str:
    """Return a text of the same length without the months and days that are in a name."""
    text = text.replace("_", " ")

    def blank(found: re.Match[str]) -> str:
        # "Liste-Mars 2026", "Liste Mars Nord": no place is called so.
        is_month = _KIND.search(text[: found.start()]) and not _SURE.match(text, found.start())
        return found[0] if is_month else "\0" * len(found[0])

    return _NAMED.sub(blank, text)


def _apart(text: str) -> str:
    return _JOINED.sub(lambda found: f" {found[0]}", text)


def _composed(text: str) -> str:
    # The system of some senders writes an accent as a sign of its own.
    return unicodedata.normalize("NFC", text)


def _day(year: int, month: int, day: int | None) -> tuple[date, bool] | None:
    try:
        return date(year, month, day or 1), day is not None
    except ValueError:
        return None
