"""Signs of accommodation: words of a line by which it houses children, whatever its category says.

A sign can only hide. What the words are, and how much each tells, stands in accommodation.toml.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import NamedTuple

from geo.text import fold, remembered
from importers import hints
from importers.line import REFERRALS, Cell, Line
from importers.phrases import compiled
from importers.row import Sign
from importers.secrecy import spoken
from importers.synonyms import is_ambiguous
from importers.vocabulary import TwoMeanings, load

# Where a word says what the actor is; the finess category is a column of its own.
NAMING = ("category", "finess_category", "sheet", "section", "name", "acronym")
# Read as the columns that are not: their titles may name as well.
SAID = ("access", *REFERRALS)
TEXTS = (
    "functions", "description", "audiences", "opening_hours", "ages", "coverage", "email",
    "website", "address", "complement", "status", "speciality", "specialised", "unread",
    *SAID,
)  # fmt: skip
# Columns that are not read and yet say what the actor is, where their cell is short.
_NAMING_TITLE = re.compile(
    r"^(?:sous |2e |second\w* |autre )?(?:type|typologie|categorie|categ|cat|nature|agrement"
    r"|habilitation|mode|modalite|dispositif)s?(?: \d)?\b(?!.*\b(?:juridique|transport)\b)"
)
_LONGEST_NAMING = 5
_CODED_TITLE = re.compile(r"\b(?:categories?|categ|cat|finess)\b")
# "177", "177.0", "(177)", "175 - Foyer de l'enfance", "Foyer [175]".
_CODE = re.compile(r"^\W*(\d{3})(?:\.0)?(?=\W*$|\W+[^\W\d])|[(\[]\s*(\d{3})\s*[)\]]\W*$")
# What is left of "M.E.C.S.", "C. E. F." or "M E C S" once folded.
_SPELLED = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
_PERSON = re.compile(r"\b(?:famille d accueil|(?:assistante?|accueillante?) familiale?)\b")
_PERSONS = re.compile(
    r"\b(?:familles? d accueil|(?:assistante?|accueillante?)s? famili(?:al|ale|ales|aux))\b"
)
_CIVILITY = re.compile(r"\b(?:m|mr|mme|mmes|mlle|madame|monsieur)\b")
# What else stands in the name of a service that has families: then nobody is named.
_SERVICE = re.compile(
    r"\b(?:services?|association|placements?|accueils? famili\w+|familles d accueil|plateforme"
    r"|bureau|reseau|departement\w*|centre|fondation|dispositif|equipe|unite|pole|antenne|ase"
    r"|assistante?s familiaux|assistante?s familiales|syndicat|maison|federation|conseil)\b"
)

# "Au CHU", "CHU de Lille"; but "CHU de mineurs" gives shelter.
_UNIVERSITY_HOSPITAL = (
    r"|\b(?:(?:du|au|le|un|des|les) chu\b|chu(?= de?\b))"
    r"(?! (?:de|d|des|pour) (?:\d|jeune|mineur|femme|fille|garcon|adolescent|enfant|famille|mere"
    r"|mna|migrant|personne|homme|victime|urgence|sans))"
)


class Found(NamedTuple):
    """Words of one text: those that house, those that mention, and (meaning, word) of doubt."""

    houses: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    doubtful: tuple[tuple[int, str], ...] = ()


_NOTHING = Found()


def plain(text: str) -> str:
    """Return folded words, with known acronyms in one: "M.E.C.S. Les Pins" -> "mecs les pins"."""
    return _SPELLED.sub(_joined, fold(text))


def _joined(letters: re.Match[str]) -> str:
    """Return the known acronyms in a row of single letters: "a c e f" -> "cef"."""
    together = letters[0].replace(" ", "")
    return " ".join(each for each in _acronyms() if each in together) or letters[0]


@cache
def _acronyms() -> tuple[str, ...]:
    words = load().accommodation
    doubtful = (
        each for meaning in words.two_meanings for each in (*meaning.words, *meaning.beside)
    )
    softer = (*words.offices, *words.mentions, *words.named_mentions, *words.hints.names)
    found = {*words.acronyms, *words.adult, *words.adult_alone, *softer, *doubtful}
    return tuple(sorted(each for each in found if each.isalpha() and len(each) <= 6))


def read_signs(line: Line, given: str | None) -> tuple[Sign, ...]:
    """Return the signs of a line, each once; given: the category that its own column names."""
    words = load().accommodation
    beside = _beside(line)
    service = _is_service(line, given)
    found = [
        (field, text, naming, in_text(text, naming=naming, service=service))
        for fields in (NAMING, TEXTS)
        for field in fields
        for text, naming in _texts(line, field)
    ]
    # A category that is itself in doubt ("CHU") decides nothing.
    if any(each.doubtful for field, *_, each in found if field == "category"):
        given = None
    codes = dict(_codes(line))
    if any(code in words.finess.health for code in codes):
        given = "sante"
    signs: dict[Sign, None] = {}
    for field, text, naming, each in found:
        says = "houses" if naming else "mentions"
        for word in each.houses:
            signs[Sign(says=says, word=word, field=field)] = None
        for word in each.mentions:
            signs[Sign(says="mentions", word=word, field=field)] = None
        for meaning, word in each.doubtful:
            more = "" if naming else plain(text)
            if _houses(words.two_meanings[meaning], beside + more, given):
                signs[Sign(says=says, word=word, field=field)] = None
    for code, field in codes.items():
        if code in words.finess.houses:
            signs[Sign(says="houses", word=code, field=field)] = None
        elif code in words.finess.mentions:
            signs[Sign(says="mentions", word=code, field=field)] = None
    if not signs and not service:
        for field, text, naming, _ in found:
            for word in _hints(text, field, naming=naming):
                signs[Sign(says="mentions", word=word, field=field)] = None
    return tuple(signs)


def _is_coded(title: str) -> bool:
    return is_ambiguous(title) or bool(_CODED_TITLE.search(fold(title)))


def _codes(line: Line) -> Iterable[tuple[str, str]]:
    """Yield what may be codes of FINESS, and the fields in which they stand."""
    for field in ("category", "finess_category", "unread"):
        for cell in line.cells(field):
            if field != "unread" or _is_coded(cell.title):
                codes = map(_CODE.search, cell[1:])
                yield from ((code[1] or code[2], field) for code in codes if code)


def _is_service(line: Line, given: str | None) -> bool:
    """Return whether a line says that it is a service that houses nobody."""
    # A category that is known counts as such, not by its words: homes stand in vague ones.
    fields = NAMING if given is None else ("sheet", "section", "name", "acronym")
    return hints.is_service(" ".join(plain(line.text(field)) for field in fields), given)


@remembered(5_000)
def _hints(text: str, field: str, *, naming: bool) -> tuple[str, ...]:
    return hints.found(text, masked(plain(text), naming=naming), field, naming=naming)


def _texts(line: Line, field: str) -> Iterable[tuple[str, bool]]:
    """Yield the cells of a field and whether they name, and what a mapping replaced in them."""
    for cell in line.cells(field):
        if field == "unread" or field in SAID:
            if field == "unread" and _carries_as_hospital(cell, line):
                continue
            yield spoken("unread", cell), False
            short = len(fold(cell.text).split()) <= _LONGEST_NAMING
            # It was nearly the category: its homes hide as they would there.
            if is_ambiguous(cell.title) or (short and _NAMING_TITLE.search(fold(cell.title))):
                yield cell.text, True
            continue
        yield cell.text, field in NAMING
        if cell.given != cell.text and field in NAMING:
            yield cell.given, True


def _carries_as_hospital(cell: Cell, line: Line) -> bool:
    """Return whether a cell is no more than the hospital that carries the service of a line."""
    hospitals = load().accommodation.hospitals
    if fold(cell.title) not in hospitals.carriers:
        return False
    said = plain(cell.text)
    if said == "chu":
        return bool(compiled(hospitals.beside).search(_beside(line)))
    return bool(_university_hospital().fullmatch(said))


@cache
def _university_hospital() -> re.Pattern[str]:
    names = "|".join(load().accommodation.hospitals.names)
    return re.compile(rf"chu (?:(?:de|d|la) )*(?:{names})")


def _beside(line: Line) -> str:
    fields = (*NAMING, "email", "website")
    return " ".join(plain(line.text(field)) for field in fields) + " "


def _houses(meaning: TwoMeanings, beside: str, given: str | None) -> bool:
    """Return whether words of two meanings house children in this line."""
    # A mailbox or site of a university hospital: "chu-lille.fr".
    other = given in meaning.categories or bool(compiled(meaning.beside).search(beside))
    if not meaning.only and "chu" in meaning.words:
        other = other or bool(re.search(r"\bchr?u \w+ fr\b", beside))
    return other if meaning.only else not other


@remembered(20_000)
def in_text(text: str, *, naming: bool, service: bool = False) -> Found:
    """Return what the words of one text say.

    naming: it stands in a naming field. service: of a line that says what other service it is,
    whose sentences on work in the homes of others say nothing.
    """
    words = plain(text)
    # Most texts hold none of all words, and what is masked holds fewer of them.
    if not may_speak(words):
        return _NOTHING
    words = masked(words, naming=naming)
    if service and not naming:
        words = hints.without_work(words)
    in_houses, in_offices, in_mentions, *in_doubt = _patterns(naming)
    houses = [found[0] for found in in_houses.finditer(words)]
    offices = [found[0] for found in in_offices.finditer(words)]
    # "placement educatif a domicile" is no placement elsewhere.
    houses = [word for word in houses if not any(word in each for each in offices)]
    mentions = offices + [found[0] for found in in_mentions.finditer(words)]
    doubtful = [
        (number, found[0])
        for number, pattern in enumerate(in_doubt)
        for found in pattern.finditer(words)
    ]
    if not (houses or mentions or doubtful):
        return _NOTHING
    known = [word for _, word in doubtful]
    return Found(
        tuple(dict.fromkeys(word for word in houses if word not in known)),
        tuple(dict.fromkeys(mentions)),
        tuple(dict.fromkeys(doubtful)),
    )


def may_speak(words: str) -> bool:
    """Return whether plain words hold any that in_text looks for; what it masks counts as well."""
    return _any().search(words) is not None


def masked(words: str, *, naming: bool) -> str:
    """Return plain words without those that resemble a sign and say nothing."""
    return _innocent(naming).sub(" . ", words)


def houses_adults(text: str) -> bool:
    """Return whether a text names a home of adults or of old people."""
    words = plain(text)
    return words in load().accommodation.adult_alone or bool(_adult().search(words))


def names_a_person(described: str, name: str) -> bool:
    """Return whether a line is the home of a person named in it: a foster parent.

    described: what its category, section and sheet say.
    """
    named = plain(name)
    if not (_PERSONS.search(plain(described)) or _PERSON.search(named)):
        return False
    if _CIVILITY.search(named):
        return True
    rest = _PERSON.sub(" ", named).split()
    return bool(rest) and not _SERVICE.search(named)


def _lists(naming: bool) -> tuple[tuple[str, ...], ...]:
    """Return the phrases that in_text looks for: houses, offices, mentions, then the doubtful."""
    words = load().accommodation
    return (
        (*words.words, *words.adult, *(words.named if naming else ())),
        words.offices,
        (*words.mentions, *(words.named_mentions if naming else ())),
        *(meaning.words for meaning in words.two_meanings),
    )


@cache
def _patterns(naming: bool) -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each of these lists; acronyms are words of houses."""
    houses, *others = _lists(naming)
    return (compiled(houses, load().accommodation.acronyms), *map(compiled, others))


@cache
def _any() -> re.Pattern[str]:
    """Return one pattern for all of these lists, whatever the field."""
    return compiled(tuple(chain(*_lists(naming=True))), load().accommodation.acronyms)


@cache
def _adult() -> re.Pattern[str]:
    return compiled(load().accommodation.adult)


@cache
def _innocent(naming: bool) -> re.Pattern[str]:
    words = load().accommodation
    phrases = words.innocent if naming else (*words.innocent, *words.innocent_in_text)
    streets = "|".join(words.streets)
    numbered = "|".join(words.numbered)
    return re.compile(
        # "violences (...) du foyer", "ne propose pas (...) hebergement".
        rf"{compiled(phrases).pattern}|\b(?:{numbered})s?(?: n| no| numero)? \d+\b"
        rf"|\b(?:{streets})(?: (?:de|du|des|la|le|l|les|d))+ \w+"
        r"|\bviolences?(?: \w+){0,3} (?:le|du|au) foyer\b"
        rf"{'' if naming else _UNIVERSITY_HOSPITAL}"
        r"|\b(?:ne|n) (?:propos\w+|offr\w+|assur\w+|comport\w+|fai\w+|dispos\w+)"
        r" (?:pas|plus|aucun)(?: \w+){0,3} hebergements?\b"
    )
