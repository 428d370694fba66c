"""How far two names name the same: short forms, the order of words, slips and towns put aside.

Between actors that anybody may read alone: who is hidden is found by exact names.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from rapidfuzz.distance import OSA

from geo.text import fold, remembered
from importers import vocabulary

# "same": but for slips, the same words; "part": one says all that the other does, and more;
# "apart": each says something else beside common words, or another kind of service; "other":
# nothing in common.
Likeness = Literal["same", "part", "apart", "other"]
# Of words of so many letters at least, as many letters may be wrong.
SLIPS = ((8, 2), (5, 1))
# Letters of a word that stands cut short in the other name.
CUT = 4
# Letters of a short form of which the last one may be of a word that is left out.
SHORTEST_OF_MORE = 3
_SMALL = frozenset(
    {
        *("a", "au", "aux", "c", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le"),
        *("les", "n", "par", "s", "sur", "un", "une"),
    }
)
# The category of whoever has no other one.
_OF_ANYBODY = "association"
_SAINTS = {"st": "saint", "ste": "sainte"}
_NO_TOWN = frozenset({"saint", "sainte", "ville", "centre"})
_NUMBER = re.compile(r"(\d+)(?:er|ere|nd|nde|e|eme|ieme)")
_SIGLE = re.compile(r"(?<![\w.])[A-Z]{3,7}(?!\w)")


@dataclass(frozen=True, slots=True)
class Name:
    """A name without its towns. written: all its words; said: in one form, without small ones;
    words: those that tell it from others.

    service: the category that it says first; rest: its words beside all that say this one.
    sigles: those that it has in capitals; towned: whether it says one of its towns.
    """

    written: tuple[str, ...]
    said: tuple[str, ...]
    words: tuple[str, ...]
    service: str
    rest: tuple[str, ...]
    sigles: frozenset[str]
    towned: bool

    @property
    def initials(self) -> str:
        """Return the first letters of its words."""
        return "".join(word[0] for word in self.said)

    @property
    def tells(self) -> bool:
        """Say whether it has a word that says something of who it is."""
        return any(not word.isdigit() and word not in _weak() for word in self.words)

    @property
    def is_proper(self) -> bool:
        """Say whether it has a word that services of its kind have not."""
        return any(not word.isdigit() and word not in _common() for word in self.words)


@remembered(5_000)
def read_name(text: str, towns: tuple[str, ...]) -> Name:
    """Return a name as it is compared; towns: where its actor is, and the other one."""
    said = plain_words(text)
    left = _without(said, towns)
    short = _shortened(left)
    words = _telling(short) or short
    service = _service(text)
    rest = _telling(_shortened(_beside_service(left, service)))
    # In a name of nothing but capitals they tell nothing, but for a short form alone.
    plain = text.isupper() and " " in text
    sigles = frozenset[str]() if plain else frozenset(map(str.lower, _SIGLE.findall(text)))
    return Name(tuple(fold(text).split()), left, words, service, rest, sigles, left != said)


@remembered(5_000)
def plain_words(text: str) -> tuple[str, ...]:
    """Return the words of a name in one form, without small ones; "C.M.P." is one word."""
    words: list[str] = []
    letters: list[str] = []
    for word in (*fold(text).split(), ""):
        if len(word) == 1 and word.isalpha():
            letters.append(word)
            continue
        if not _SMALL.issuperset(letters):
            words.append("".join(letters))
        letters = []
        if word and word not in _SMALL:
            words.append(_singular(_SAINTS.get(word, word)))
    return tuple(words)


def compare(one: Name, other: Name) -> Likeness:
    """Return how far two names name the same."""
    mine, theirs, common = _apart(one.words, other.words)
    if mine and theirs:
        mine, theirs = _without_initials(mine, theirs, one, other)
    # A slip in a long form leaves it long.
    if not (mine or theirs) or not any(_apart(one.said, other.said)[:2]):
        return "same"
    if one.service != other.service and one.service and other.service:
        return "apart"
    of_one_service = bool(one.service) and one.service == other.service
    if of_one_service and not (mine and theirs) and _houses().issuperset((*mine, *theirs)):
        # "UAPED", "UAPED – CH".
        return "same"
    if of_one_service and not any(_apart(one.rest, other.rest)[:2]):
        # "Club de prévention Les Pins", "Prévention spécialisée Les Pins"; or no more than that.
        if one.rest:
            return "part"
        return "other" if mine and theirs else "same"
    if mine and theirs:
        sigles = _has_sigle(mine, one) and _has_sigle(theirs, other)
        return "apart" if common or (sigles and not of_one_service) else "other"
    more, of = (mine, one) if mine else (theirs, other)
    if all(word in of.sigles and _covered(word, of) for word in more):
        # "Brigade de protection des mineurs (BPM)" says in letters what its words say.
        return "same"
    return "apart" if _has_sigle(more, of) and not of_one_service else "part"


def spell_out(one: Name, other: Name) -> bool:
    """Return whether two names have one sigle of their own, that no kind of service has, beside
    words that say it: "SOLFA – Solidarité femmes accueil".
    """
    own = (one.sigles & other.sigles) - _shorts()
    words = (set(one.words), set(other.words))
    return any(len(each - {_singular(sigle)}) > 1 for sigle in own for each in words)


def same_name(one: str, other: str, towns: tuple[str, ...]) -> bool:
    """Return whether two names of one actor say the same: what it is may be said in two ways.

    towns: those in which it is.
    """
    mine, theirs = (read_name(each, towns) for each in (one, other))
    if compare(mine, theirs) == "same":
        return True
    of_one_service = bool(mine.service) and mine.service == theirs.service
    return of_one_service and bool(mine.rest) and not any(_apart(mine.rest, theirs.rest)[:2])


def _apart(one: Sequence[str], other: Sequence[str]) -> tuple[list[str], list[str], int]:
    """Return the words that each has alone, and how many they have in common."""
    left, alone = list(other), []
    for word in one:
        if found := next((each for each in left if _is_word(word, each)), None):
            left.remove(found)
        else:
            alone.append(word)
    return alone, left, len(one) - len(alone)


def _is_word(one: str, other: str) -> bool:
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter >= CUT and (one.startswith(other) or other.startswith(one)):
        return True
    most = next((wrong for letters, wrong in SLIPS if shorter >= letters), 0)
    return not one.isdigit() and OSA.distance(one, other, score_cutoff=most) <= most


def _without_initials(
    mine: list[str], theirs: list[str], one: Name, other: Name
) -> tuple[list[str], list[str]]:
    """Return what is left where a word of one is the first letters of words of the other."""
    for short, long, by, of in ((mine, theirs, one, other), (theirs, mine, other, one)):
        for word in short:
            letters = next((each for each in by.sigles if _singular(each) == word), word)
            if covered := _covered(letters, of):
                short.remove(word)
                long[:] = [each for each in long if each not in covered]
                return mine, theirs
    return mine, theirs


def _covered(letters: str, name: Name) -> tuple[str, ...]:
    """Return the words of a name whose first letters are these; of many the last one may be of a
    word that is left out, and small words give a letter or none.
    """
    least = max(2, len(letters) - (len(letters) > SHORTEST_OF_MORE))
    for small in (_SMALL, frozenset[str]()):
        for start in range(len(name.written)):
            rest, covered = letters, list[str]()
            for word in name.written[start:]:
                if word[0] == rest[:1] and word not in small:
                    rest = rest[1:]
                elif word not in _SMALL:
                    break
                covered.append(word)
                if not rest:
                    break
            if len(letters) - len(rest) >= least:
                return _shortened(plain_words(" ".join(covered)))
    return ()


def _has_sigle(words: Collection[str], name: Name) -> bool:
    return any(word in _shorts() or word in name.sigles for word in words)


def _singular(word: str) -> str:
    """Return a word without the ending of several, or of a number: "18e" is 18."""
    if number := _NUMBER.fullmatch(word):
        return number[1]
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _without(words: tuple[str, ...], towns: Iterable[str]) -> tuple[str, ...]:
    """Return words without the names of towns, or parts of them; all of a name of nothing else."""
    text = f" {' '.join(words)} "
    for town in towns:
        named = plain_words(town)
        # "Saint-Amand" for "Saint-Amand-les-Eaux", "Villefranche" for "Villefranche-sur-Saône".
        parts = [named[:end] for end in range(len(named), 0, -1)]
        for part in (*parts, *((word,) for word in named if len(word) >= CUT)):
            if not _NO_TOWN.issuperset(part):
                text = text.replace(f" {' '.join(part)} ", " ")
    return tuple(text.split()) or words


def _telling(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in _weak())


def _beside_service(words: Sequence[str], service: str) -> tuple[str, ...]:
    """Return words without those that say a service."""
    found, by_words = _services()
    text = found.sub(lambda each: "" if by_words[each[0]] == service else each[0], " ".join(words))
    return tuple(text.split())


def _shortened(words: Sequence[str]) -> tuple[str, ...]:
    text = " ".join(words)
    return tuple(dict.fromkeys(_long().sub(lambda found: _forms()[found[0]], text).split()))


@remembered(5_000)
def _service(text: str) -> str:
    """Return the category that a name says first, "" for none."""
    found = _services()[0].search(" ".join(plain_words(text)))
    return _services()[1][found[0]] if found else ""


# What remembers the names that were compared, once for each.
OF_NAMES = (read_name, plain_words, _service)


@cache
def _services() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds the words of categories, and the category of each."""
    by_words = {
        " ".join(plain_words(words)): category.code
        for category in vocabulary.load().categories.values()
        if category.code != _OF_ANYBODY
        for words in category.words
    }
    return _any_of(by_words), by_words


@cache
def _table() -> dict[str, Any]:
    file = Path(__file__).parent / "short_names.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _forms() -> dict[str, str]:
    """Return long form -> short form, both in plain words."""
    return {
        " ".join(plain_words(form)): " ".join(plain_words(short))
        for short, forms in (*_table()["short"].items(), *_table()["synonyms"].items())
        for form in forms
    }


@cache
def _long() -> re.Pattern[str]:
    return _any_of(_forms())


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(filter(None, phrases), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest))})(?!\S)")


@cache
def _shorts() -> frozenset[str]:
    return frozenset(word for short in _table()["short"] for word in plain_words(short))


@cache
def _weak() -> frozenset[str]:
    return frozenset(word for each in _table()["weak"]["words"] for word in plain_words(each))


@cache
def _houses() -> frozenset[str]:
    """Return the words that say where a service is."""
    return frozenset(word for each in _table()["houses"]["words"] for word in plain_words(each))


@cache
def _common() -> frozenset[str]:
    """Return the words of names of services."""
    found = {word for pair in _forms().items() for each in pair for word in each.split()}
    found |= {word for each in _services()[1] for word in each.split()}
    return frozenset(found | _weak() | _shorts())
