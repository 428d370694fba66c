"""Phrases of a vocabulary, such as "accueil* ~ confie*", as one pattern of folded words."""

import re
from functools import cache

from geo.text import fold

# For what a number and some words are written.
_NUMBER, _SOME = "#", "~"
_SIGNS = {_NUMBER: r"\d+", _SOME: r"(?:\w+ ){0,4}"}


@cache
def compiled(phrases: tuple[str, ...], acronyms: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Return one pattern for many phrases, by their first letters: an alternation tried once.

    A word in the singular stands for both numbers, "*" for any ending, "#" for a number, "~" for up
    to four words; an acronym may have a number behind it.
    """
    forms: dict[str, list[str]] = {}
    for phrase in sorted({fold_signs(each) for each in phrases}, key=len, reverse=True):
        form = "".join(map(_piece, phrase.split())).removesuffix(" ?").rstrip()
        # A number: its first digit, then the others.
        first, rest = phrase[0], form[1:]
        if first == _NUMBER:
            first, rest = r"\d", r"\d*" + form.removeprefix(_SIGNS[_NUMBER])
        forms.setdefault(first, []).append(rest)
    for acronym in acronyms:
        forms.setdefault(acronym[0], []).append(rf"{acronym[1:]}\d{{0,2}}")
    groups = (f"{letter}(?:{'|'.join(rest)})" for letter, rest in sorted(forms.items()))
    return re.compile(rf"\b(?:{'|'.join(groups)})\b")


def fold_signs(phrase: str) -> str:
    """Return a phrase folded, with its "*", "#" and "~" kept."""
    return " ".join(
        word if word in _SIGNS else fold(word) + "*" * word.endswith("*") for word in phrase.split()
    )


def _piece(word: str) -> str:
    """Return the pattern of a word and of what parts it from the next: "d'enfants", "denfants"."""
    if word == _SOME:
        return _SIGNS[word]
    return f"{word} ?" if word in ("d", "l") else f"{_inflected(word)} "


def _inflected(word: str) -> str:
    """Return a pattern of a word: written in the singular it stands for both numbers."""
    if word in _SIGNS:
        return _SIGNS[word]
    if word.endswith("*"):
        return rf"{word[:-1]}\w*"
    return word if len(word) <= 3 or word[-1] in "sx" else f"{word}[sx]?"
