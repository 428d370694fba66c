"""Whether a text names a child: a name, or what stands for one, beside an age.

Read are sentences, whatever number stands behind a first name, and the first row of a table. What
is doubtful is refused: whoever wrote it says it otherwise.
"""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

from app.network.ages import AGE, BARE, IN_BRACKETS, ORDINAL, RANGE, YEARS, is_young

_WORDS = tomllib.loads(Path(__file__).with_name("children.toml").read_text(encoding="utf-8"))
_NAMES = frozenset(_WORDS["names"])
# Behind them stands an adult.
_TITLES = frozenset({"madame", "monsieur", "mme", "m", "dr", "docteur", "me"})
# "Saint-Étienne" is a town.
_SAINTS = ("saint-", "sainte-")
# A school or a street is called by somebody's name, who is no pupil of it.
_SCHOOL = re.compile(
    r"\b((?i:collège|lycée|école|rue|avenue|boulevard|quai|allée|square))((?:\s+[A-ZÀ-Ý][\w'’-]*)+)"
)
# What years are of, where they are of no person: "3 ans de bilan", "convention de 3 ans".
_AFTER = re.compile(
    r"\s*(?:(?:d['’]|de\s+)(?P<of>\w+)|du\s+(?P<this>\w+)|(?P<rest>[:=]\s*\d|(?:et\s+(?:plus|moins)|en\s+moyenne)\b))",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(\w+)(?:\s+de|\s+d['’])?\W*$")
_OF_NONE = re.compile(r"\by\s+a\s*$|\bâge\s+m(?:oyen|édian)\b[^\n]{0,40}$", re.IGNORECASE)
# Behind it stands a town.
_IN = re.compile(
    r"\b(?:à|(?:ville|commune|mairie|métropole|préfecture|parquet|tribunal|département)\s+de)\s+$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:pré|sur|dé)?nommée?\b|\bprénoms?\b|\bnoms?\s*:|\bappelée?\b|\bs['’]appelle\b|\binitiales?\b"
    r"|\balias\b|\bpseudo\w*",
    re.IGNORECASE,
)
# Who has an age, and is one alone.
_CHILD = (
    r"(?:jeune\s+)?(?:mineure?|ado(?:lescente?)?|fill(?:ett)?e|garçon|enfant|jeune|collégienne?"
    r"|lycéenne?|[ée]lève|victime)\b"
)
_IS_CHILD = re.compile(_CHILD, re.IGNORECASE)
_SAID = rf"(?:{_CHILD}|[àa]|aura|avait|bientôt|presque|environ|entre|de|[âa]gée?)\s+"
_BULLET = r"[\s*•·|–—-]{0,12}+"
# A sentence ends with its mark and a capital after it: an initial has a point too, and "Elle a
# 14 ans", "La mineure a 14 ans", "14 ans" and "Âge : 14" speak of whom the sentence before names.
_GOES_ON = (
    rf"{_BULLET}(?i:(?:elle|il|celle|celui|cette|ce|sa|son|[âa]gée?|née?)\b|(?:(?:la|le)\s+|l['’])?{_CHILD}"
    rf"|(?:{_SAID}){{0,3}}{YEARS}"
    r"|(?:(?:pré)?nom|initiales|âge|age|sexe|genre|nationalité|classe|date\s+de\s+naissance)\s*:)"
)
_ENDS = re.compile(
    rf"(?<=[^\W\d_][^\W\d_])[.!?…]++\s++(?![a-zà-ÿ]|{_GOES_ON})|\n(?!{_GOES_ON})|;(?!{_GOES_ON})"
)
_AGE_ALONE = re.compile(rf"{_BULLET}{YEARS}{_BULLET}", re.IGNORECASE)
# "Sarah est suivie. Une jeune fille de 14 ans": of nobody named, but behind a first name.
_SOMEBODY = re.compile(rf"{_BULLET}une?\s+{_CHILD}\s+(?:{_SAID}){{0,2}}{YEARS}", re.IGNORECASE)
_OF_A_CHILD = re.compile(
    rf"(?:une?\s+|la\s+|le\s+|l['’])?{_CHILD}\s+(?:(?:[âa]gée?\s+)?(?:de|entre)\s+)?$",
    re.IGNORECASE,
)
_NAME_OF_ROW = re.compile(r"\b(?:(?:pré)?noms?|initiales)\b", re.IGNORECASE)
_AGE_OF_ROW = re.compile(r"\b[âa]ge\b", re.IGNORECASE)
_CELL = re.compile(r"[|;,\t]\s*\d{1,2}\s*(?:$|[|;,\t])")
# What a line of decisions begins with: "Renforcer", "Accompagnement". As far from an age as this
# it is nobody’s name.
_DEED = re.compile(r"\w+(?:er|ir|re|tion|ment|ance|age|ité)s?")
_ARTICLE = re.compile(r"['’]")
_WORD = re.compile(r"[^\W_](?:[\w'’-]*\w)?")
# What stands between a name that is a word as well and the age of whom it is.
_HAS = re.compile(rf"[\s,:(–—-]*+(?:(?:qui\s+)?{_SAID}){{0,4}}", re.IGNORECASE)
_VERBS = frozenset({"a", "aura", "avait", "bientot", "presque", "tout", "juste", "environ"})
# So many words beside an age, and of a range of ages, which is mostly of no one.
_NEAR, _BESIDE = 7, 2
# Characters that these words have at most, those beside a number, and the one before another.
_FAR, _SHORT, _BY = 200, 60, 30
_DIGITS = 2


def names_a_child(text: str, places: Collection[str] = ()) -> bool:
    """Return whether a text has a name beside the age of a child.

    places: names of territories, which numbers in brackets are of as well.
    """
    # Letters and digits of other widths read as the usual ones, and so do blanks.
    plain = _SCHOOL.sub(r"\1", unicodedata.normalize("NFKC", text))
    known = {_plain(each) for each in places}
    if any(_is_bracketed(each, known) for each in IN_BRACKETS.finditer(plain)):
        return True
    if any(_is_beside(each, plain) for each in BARE.finditer(plain)) or _has_rows(plain):
        return True
    said = [each for each in _ENDS.split(plain) if each.strip()]
    return any(_names(each, known) for each in said) or any(
        (_AGE_ALONE.fullmatch(one.rpartition("\n")[2]) and _names(f"{one}\n{other}", known))
        or (_SOMEBODY.match(other) and _ends_with_a_first_name(one))
        for one, other in pairwise(said)
    )


def _is_beside(number: re.Match[str], text: str) -> bool:
    """Return whether a number without a word stands behind a first name, or the initials of one."""
    before = text[max(0, number.start() - _SHORT) : number.start()]
    words = list(_WORD.finditer(before))
    while words and _plain(words[-1][0]) in _VERBS:
        words.pop()
    if not words:
        return False
    gap = before[words[-1].end() :]
    # "3. Budget" below a name is the next line of a list.
    if "\n" in gap and not re.match(r"\s*(?:\n|$)", text[number.end() :]):
        return False
    return _is_called(words, before)


def _is_called(words: list[re.Match[str]], text: str) -> bool:
    """Return whether words of a text end with the name of a child: a first name, or one alone."""
    last = [_ARTICLE.split(each[0])[-1] for each in words[-4:]]
    between = [text[one.end() : other.start()] for one, other in pairwise(words[-4:])]
    before = [_plain(each) for each in last[:-1]]
    if last[-1][0].isupper() and before and _IS_CHILD.fullmatch(before[-1]):
        return True
    initials = [_is_initial(each) for each in last]
    if len(last) > 1 and initials[-2:] == [True, True] and initials[:-2] != [True]:
        return between[-1].strip() in {"", "."}
    found = False
    for place in range(len(last) - 1, -1, -1):
        # "M. Roy", but "Yasmina M.".
        if place < len(last) - 1 and _plain(last[place]) in _TITLES:
            return False
        first = _is_first(last[place])
        if not (first or last[place][0].isupper()):
            break
        found = found or first
        if place and between[place - 1].strip() not in {"", "."}:
            break
    return found


def _is_first(word: str) -> bool:
    listed = _is_listed(word) or (word[0].isupper() and _plain(word) in _WORDS["also_words"])
    return listed and not _plain(word).startswith(_SAINTS)


def _ends_with_a_first_name(sentence: str) -> bool:
    words = [each[0] for each in _WORD.finditer(sentence[-_FAR:])][-_NEAR:]
    return any(
        word[0].isupper()
        and _is_listed(word)
        and (not place or _plain(words[place - 1]) not in _TITLES)
        for place, word in enumerate(words)
    )


def _has_rows(text: str) -> bool:
    """Return whether a table with a column of names and one of ages has a row."""
    lines = [each for each in text.split("\n") if any(map(str.isalnum, each))]
    return any(
        _NAME_OF_ROW.search(one) and _AGE_OF_ROW.search(one) and _CELL.search(other)
        for one, other in pairwise(lines)
    )


def _is_bracketed(found: re.Match[str], places: Collection[str]) -> bool:
    """Return whether a number in brackets is the age of whom the word before it names."""
    name = found["name"]
    plain = _plain(name)
    # "Aude (11)" is the département, and "Aude (14)" may be a girl.
    if plain in places and not (_is_aude(plain) and found["age"] != "11"):
        return False
    if name.endswith(".") or _is_first(name):
        return True
    if len(found["age"]) > _DIGITS or plain.startswith(_SAINTS):
        return False
    # Any other capital, but of several words, of more than one person, and of what is done.
    first = (found["first"] or "").strip().casefold()
    is_lone = not first or (first in _WORDS["common"] and first not in _TITLES)
    is_alone = is_lone and name[:1].isupper() and not name.isupper()
    is_word = name.casefold() in _WORDS["common"] or plain[-1] in "sx" or _DEED.fullmatch(name)
    return is_alone and not is_word


def _names(sentence: str, places: Collection[str]) -> bool:
    says_a_name = bool(_CALLED.search(sentence))
    for age in AGE.finditer(sentence):
        before = sentence[max(0, age.start() - _FAR) : age.start()]
        after = sentence[age.end() : age.end() + _FAR]
        if not is_young(age) or _is_of_no_person(before, after):
            continue
        if says_a_name:
            return True
        if age["class"]:
            near = _NEAR if age[0].lower().endswith("ve", 0, 5) else _BESIDE
            words = list(_WORD.finditer(before))[-near:]
            named = any(_is_name(each, before) and not _is_deed(each, before) for each in words)
            if named and not ORDINAL.match(after):
                return True
        elif _is_near(before, after, places):
            return True
    return False


def _is_near(before: str, after: str, places: Collection[str]) -> bool:
    """Return whether a name is among the words before or after an age."""
    several = RANGE.search(before)
    near = _BESIDE if several else _NEAR
    if several:
        before = _OF_A_CHILD.sub("", before[: several.start()])

    def is_name(word: re.Match[str], text: str, between: str) -> bool:
        # A range on a line of its own is of whom the line above calls by a first name alone.
        if _is_listed(word[0]) or (several and "\n" in between):
            return _is_listed(word[0])
        return _is_name(word, text) and not _is_place(word, text, places)

    words = list(_WORD.finditer(before))[-near:]
    return (
        any(_has_age(each, before) for each in words)
        or any(
            is_name(each, before, before[each.end() :])
            and (each in words[-_BESIDE:] or not _is_deed(each, before))
            for each in words
        )
        or any(is_name(each, after, after[: each.start()]) for each in _first(after, near))
    )


def _is_place(word: re.Match[str], text: str, places: Collection[str]) -> bool:
    if _plain(word[0]) in places:
        return not _is_aude(word[0])
    return bool(_IN.search(text[max(0, word.start() - _BY) : word.start()]))


def _first(text: str, most: int) -> Iterator[re.Match[str]]:
    for place, each in enumerate(_WORD.finditer(text)):
        if place == most:
            return
        yield each


def _is_of_no_person(before: str, after: str) -> bool:
    tail = before[-_SHORT:]
    since = _BEFORE.search(tail[-_BY:])
    if (since and since[1].lower() in _WORDS["before"]) or _OF_NONE.search(tail):
        return True
    of = _AFTER.match(after)
    if not of:
        return False
    word = of["of"] or of["this"] or ""
    if word.lower() in _WORDS["after"]:
        return True
    # "3 ans de bilan", "14 ans : 3 situations", but "Léa, 14 ans : 3 fugues".
    beside = [each[0] for each in _WORD.finditer(before)][-_BESIDE:]
    if of["this"] or any(_is_listed(each) or _is_initial(each) for each in beside):
        return False
    return bool(of["rest"]) or (word[0].islower() and word.lower() not in _WORDS["of_a_child"])


def _plain(word: str) -> str:
    """Return a word in small letters and without accents, as the list of names has it."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _is_aude(word: str) -> bool:
    """Return whether the name of a territory may be that of a girl."""
    return word.casefold() == "aude"


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isupper()


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
    said = _ARTICLE.split(word[0])[-1]
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
