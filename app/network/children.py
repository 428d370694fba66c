"""Whether a text names a child: a name, or what stands for one, beside an age in one sentence.

What is doubtful is refused: whoever wrote it says it otherwise.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from pathlib import Path

_WORDS = tomllib.loads(Path(__file__).with_name("children.toml").read_text(encoding="utf-8"))
_NAMES = frozenset(_WORDS["names"])
_UNITS = r"(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
_NUMBER = rf"(?:\d{{1,2}}|{_UNITS}|seize|dix[- ]sept|dix[- ]huit|dix[- ]neuf|vingt))"
_YOUNG = 21
# An age, also one without "ans" ("âgée de 14"), what is said of when somebody was born, and the
# class of a pupil, which is an age as well.
_ONE = r"(?:e|\(e\)|[·.]e)?s?"
_CLASSES = r"(?:CP|CE[12]|CM[12]|[3-6] ?(?:e|è|i?[eè]me)|(?:six|cinqu|quatr|trois)i[eè]me"
_CLASS = rf"{_CLASSES}|2n?de|1[eè]?re|seconde|première|terminale)\b"
_AGE = re.compile(
    rf"\b(?P<years>{_NUMBER})\)?\s*(?:ans?|années?|printemps|a\.)(?!\w)"
    rf"|\b[âa]g(?:[ée]{_ONE}\s+de|e\s*(?::|est\s+de|de)?)\s*(?P<aged>{_NUMBER})\b"
    rf"|\bné{_ONE}\b(?=[^.\n]{{0,40}}\d)"
    r"|(?:\bd\.?d\.?n\b|\bdate\s+de\s+naissance\b)(?=[^\n]{0,20}\d)"
    rf"|\b(?:élève\s+(?:en|de)|en(?:\s+classe\s+de)?|classe\s+de)\s+(?P<class>{_CLASS})",
    re.IGNORECASE,
)
# "Léa (14)", "L. (14)", "Léa [14/15]".
_IN_BRACKETS = re.compile(
    r"(?P<first>\b[A-ZÀ-Ý][\w'’-]*\s+)?\b(?P<name>[^\W\d_](?:\.|[\w'’-]+))"
    r"\s*[(\[]\s*(?P<age>[1-9]|1[0-7])(?:\s*/\s*\d{1,2})?\s*[)\]]"
)
# Behind them stands an adult.
_TITLES = frozenset({"madame", "monsieur", "mme", "dr", "docteur"})
# A school is called by somebody's name, who is no pupil of it.
_SCHOOL = re.compile(r"\b((?i:collège|lycée|école))((?:\s+[A-ZÀ-Ý][\w'’-]*)+)")
# What years are of, where they are of no person.
_AFTER = re.compile(r"\s*(?:d['’]|de\s+|du\s+)(\w+)", re.IGNORECASE)
_BEFORE = re.compile(r"(\w+)\W*$")
_RANGE = re.compile(
    rf"(?:{_NUMBER}\s*(?:à|et|ou|-|–|/)\s*|(?:moins|plus)\s+de\s+|partir\s+de\s+|jusqu['’]à\s+)$",
    re.IGNORECASE,
)
# What a number of a class may be of as well: "en première ligne", "en 5e position".
_ORDINAL = re.compile(
    r"\s+(?:ligne|instance|lecture|intention|position|place|lieu|partie|année|arrondissement|étage"
    r"|édition|rang)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:pré|sur|dé)?nommée?\b|\bprénoms?\b|\bappelée?\b|\bs['’]appelle\b|\binitiales?\b"
    r"|\balias\b|\bpseudo\w*",
    re.IGNORECASE,
)
# A sentence ends with its mark and a capital after it: an initial has a point too, and "Elle a
# 14 ans" speaks of whom the sentence before names.
_GOES_ON = r"(?:elle|il|celle|celui|cette|ce|sa|son|âgée?|née?)\b"
_ENDS = re.compile(
    rf"(?<=[^\W\d_][^\W\d_])[.!?…]+\s+(?![a-zà-ÿ]|(?i:{_GOES_ON}))|\n\s*(?!(?i:{_GOES_ON}))|;"
)
# What a line of decisions begins with: "Renforcer", "Accompagnement". As far from an age as this
# it is nobody’s name.
_DEED = re.compile(r"\w+(?:er|ir|re|tion|ment|ance|age|ité)s?")
_WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")
# What stands between a name that is a word as well and the age of whom it is.
_HAS = re.compile(r"[\s,:(–—-]*(?:(?:a|avait|aura|qui a|bientôt|âgée?s?|de)\s+)*", re.IGNORECASE)
# So many words beside an age, and of a range of ages, which is mostly of no one.
_NEAR, _BESIDE = 7, 2
# Characters that these words have at most.
_FAR = 200


def names_a_child(text: str, places: Collection[str] = ()) -> bool:
    """Return whether a text has a name beside the age of a child.

    places: names of territories, which numbers in brackets are of as well.
    """
    # Letters and digits of other widths read as the usual ones, and so do blanks.
    plain = _SCHOOL.sub(r"\1", unicodedata.normalize("NFKC", text))
    known = {_plain(each) for each in places}
    if any(_is_bracketed(each, known) for each in _IN_BRACKETS.finditer(plain)):
        return True
    return any(_names(each) for each in _ENDS.split(plain) if each)


def _is_bracketed(found: re.Match[str], places: Collection[str]) -> bool:
    """Return whether a number in brackets is the age of whom the word before it names."""
    name = found["name"]
    plain = _plain(name)
    # "Aude (11)" is the département, and "Aude (14)" may be a girl.
    if plain in places and not (plain == "aude" and found["age"] != "11"):
        return False
    if name.endswith(".") or _is_listed(name):
        return True
    # Any other capital, but of several words, of more than one person, and of what is done.
    first = (found["first"] or "").strip().casefold()
    is_lone = not first or (first in _WORDS["common"] and first not in _TITLES)
    is_alone = is_lone and name[:1].isupper() and not name.isupper()
    is_word = name.casefold() in _WORDS["common"] or plain[-1] in "sx" or _DEED.fullmatch(name)
    return is_alone and not is_word


def _names(sentence: str) -> bool:
    says_a_name = bool(_CALLED.search(sentence))
    for age in _AGE.finditer(sentence):
        before = sentence[max(0, age.start() - _FAR) : age.start()]
        after = sentence[age.end() : age.end() + _FAR]
        if not _is_young(age) or _is_of_no_person(before, after):
            continue
        if says_a_name:
            return True
        if age["class"]:
            words = list(_WORD.finditer(before))[-_BESIDE:]
            named = any(_is_name(each, before) and not _is_deed(each, before) for each in words)
            if named and not _ORDINAL.match(after):
                return True
            continue
        several = _RANGE.search(before)
        near = _BESIDE if several else _NEAR
        before = before[: several.start()] if several else before
        words = list(_WORD.finditer(before))[-near:]
        if any(_is_name(each, before) for each in words[-_BESIDE:]):
            return True
        if any(_has_age(each, before) for each in words[-_NEAR:]):
            return True
        if any(_is_name(each, before) and not _is_deed(each, before) for each in words[:-_BESIDE]):
            return True
        if any(_is_name(each, after) for each in _first(after, near)):
            return True
    return False


def _first(text: str, most: int) -> Iterator[re.Match[str]]:
    for place, each in enumerate(_WORD.finditer(text)):
        if place == most:
            return
        yield each


def _is_young(age: re.Match[str]) -> bool:
    said = age["years"] or age["aged"] or ""
    return not said.isdigit() or int(said) <= _YOUNG


def _is_of_no_person(before: str, after: str) -> bool:
    of, since = _AFTER.match(after), _BEFORE.search(before)
    return bool(of and of[1].lower() in _WORDS["after"]) or bool(
        since and since[1].lower() in _WORDS["before"]
    )


def _plain(word: str) -> str:
    """Return a word in small letters and without accents, as the list of names has it."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _is_listed(word: str) -> bool:
    """Return whether a word, or a part of one with a hyphen, is a first name."""
    return any(each in _NAMES for each in _plain(word).split("-"))


def _has_age(word: re.Match[str], text: str) -> bool:
    """Return whether a name that is a word as well is followed by the age that ends a text."""
    return _plain(word[0]) in _WORDS["also_words"] and bool(_HAS.fullmatch(text[word.end() :]))


def _is_deed(word: re.Match[str], text: str) -> bool:
    begins = text[: word.start()].rstrip(" -–—•*'’")
    if _is_listed(word[0]):
        return False
    return (not begins or begins[-1] in ":\n") and bool(_DEED.fullmatch(word[0]))


def _is_name(word: re.Match[str], text: str) -> bool:
    # "l’Aisne", "d’Amélie": what stands behind the article.
    said = re.split(r"['’]", word[0])[-1]
    if said in _WORDS["acronyms"]:
        return False
    if not said[:1].isupper():
        # "l. b." is an initial, but for what counts the lines of a list.
        begins = not text[: word.start()].strip()
        is_initial = len(said) == 1 and not begins and text[word.end() :][:1] == "."
        return is_initial or _is_listed(said)
    if len(said) == 1:
        # An initial, but for a word of one letter as a sentence begins.
        begins = not text[: word.start()].strip()
        return not (said in "ÀAY" and begins and text[word.end() :][:1] != ".")
    return said.casefold() not in _WORDS["common"]
