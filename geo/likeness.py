"""How close two names are, whatever was shortened, turned round or misspelt in them."""

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from geo.text import fold

# Two words of which one was misspelt; two runs of words of which one lost a space.
_WORD, _RUN = 66, 80
_SMALL = frozenset(
    {
        *("l", "le", "la", "les", "d", "de", "du", "des"),
        *("a", "au", "aux", "en", "et", "sur", "pour"),
    }
)
_SAINT = {"st": "saint", "ste": "sainte"}
# What is left of "C.R.F." and "M E C S" once folded.
_SPELLED = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
# Letters of what is shortened to its initials.
_SHORTEST, _LONGEST = 2, 6
# Of names that are not the same, and of those that differ by a word of each.
_ALMOST, _APART = 99, 0


def closeness(first: str, second: str) -> int:
    """Return from 0 to 100 how close two names are; 0 where each has a word of its own.

    "PAEJ Les Pins" and "Point accueil écoute jeunes - LES PINS" are close, "Les Pins Nord" and "Les
    Pins Sud" are not.
    """
    plain, other = fold(first), fold(second)
    if plain == other:
        return 100
    mine, theirs = _words(plain), _words(other)
    mine, theirs = _initials(mine, theirs), _initials(theirs, mine)
    mine, theirs = _full(mine, theirs), _full(theirs, mine)
    if _each_has_its_own(mine, theirs):
        return _APART
    found = (fuzz.ratio(" ".join(mine), " ".join(theirs)), _sorted(mine, theirs))
    return min(_ALMOST, round(max(found)))


def _sorted(mine: Iterable[str], theirs: Iterable[str]) -> float:
    return fuzz.ratio(" ".join(sorted(mine)), " ".join(sorted(theirs)))


def _words(plain: str) -> list[str]:
    together = _SPELLED.sub(lambda found: found[0].replace(" ", ""), plain)
    words = [_SAINT.get(word, word) for word in together.split()]
    return [word for word in words if word not in _SMALL] or words


def _initials(words: list[str], others: list[str]) -> list[str]:
    """Return words of which a run is shortened as the others do: "point accueil jeunes", "paj"."""
    for short in others:
        size = len(short)
        if not _SHORTEST <= size <= _LONGEST or short in words:
            continue
        for start in range(len(words) - size + 1):
            if all(word[0] == letter for word, letter in zip(words[start:], short, strict=False)):
                return [*words[:start], short, *words[start + size :]]
    return words


def _full(words: list[str], others: list[str]) -> list[str]:
    """Return words of which the short ones are in full, as the others have them: "svce"."""
    free = [other for other in others if other not in words]
    return [
        next((other for other in free if _shortens(word, other)), word)
        if word not in others
        else word
        for word in words
    ]


def _shortens(word: str, full: str) -> bool:
    """Return whether the letters of a word stand in another one, in their order."""
    if not _SHORTEST < len(word) < len(full) or word[0] != full[0] or word.isdigit():
        return False
    letters = iter(full)
    return all(letter in letters for letter in word)


def _each_has_its_own(mine: list[str], theirs: list[str]) -> bool:
    """Return whether each has a word that is not a misspelt one of the other."""
    left = [word for word in mine if word not in theirs]
    right = [word for word in theirs if word not in mine]
    if not left or not right or fuzz.ratio("".join(left), "".join(right)) >= _RUN:
        return any(word.isdigit() for word in left) and any(word.isdigit() for word in right)
    for word in list(left):
        near = next((other for other in right if fuzz.ratio(word, other) >= _WORD), None)
        if near is not None and not word.isdigit() and not near.isdigit():
            left.remove(word)
            right.remove(near)
    return bool(left and right)
