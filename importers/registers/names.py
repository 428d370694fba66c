"""Names that a register writes in capitals, as French writes them."""

import re
import tomllib
from pathlib import Path

from geo.text import fold

_WORDS: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "names.toml").read_text(encoding="utf-8")
)
_COMMON = {fold(word): word for word in _WORDS["common"]}
_SMALL = {fold(word): word for word in _WORDS["small"]}
_LEADING, _ACRONYMS = frozenset(_WORDS["leading"]), frozenset(_WORDS["acronyms"])
_ARTICLES = frozenset(("l", "la", "le", "les"))
_MIXED = {"CEGIDD": "CeGIDD"}
# Up to thirty-nine, which is as far as popes, kings and units of towns go.
_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_VOWEL = re.compile("[aeiouy]")
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)+\.?|[^\W_]+")
# An apostrophe that was typed as a space: "MAISON D ENFANTS".
_SPACED = re.compile(r"\b([DL]) (?=[AEIOUYÀÂÉÈÊËÎÏÔÖÙÛÜ]\w)")


def readable(text: str) -> str:
    """Return a name in capitals as French writes it, with the same words; another text as it is.

    "MAISON D'ENFANTS LES MARMOUSETS" -> "Maison d'enfants Les Marmousets". Acronyms and Roman
    numerals stay; what is no word of the field is a name.
    """
    text = " ".join(text.split())
    if not text.isupper():
        return text
    text = _SPACED.sub(r"\1'", text)
    words = list(_WORD.finditer(text))
    parts: list[str] = []
    end = 0
    for place, word in enumerate(words):
        before = fold(words[place - 1][0]) if place else ""
        after = words[place + 1][0] if place + 1 < len(words) else ""
        parts += text[end : word.start()], _written(word[0], before, after)
        end = word.end()
    written = "".join((*parts, text[end:]))
    first = words[0].start() if words else 0
    return written[:first] + written[first : first + 1].upper() + written[first + 1 :]


def _written(word: str, before: str, after: str) -> str:
    plain = fold(word)
    if word in _MIXED:
        return _MIXED[word]
    if plain in _SMALL:
        # A letter by itself at the end is that of a building.
        if plain in {"a", "d", "l"} and not after:
            return word
        names = plain in _ARTICLES and before not in _LEADING and _is_name(after)
        return _SMALL[plain].capitalize() if names else _SMALL[plain]
    if plain in _COMMON:
        # Accents that the capitals have stay, such as they are.
        return _COMMON[plain] if word.isascii() else word.lower()
    return word.capitalize() if _is_name(word) else word


def _is_name(word: str) -> bool:
    """Return whether a word in capitals is neither of the field nor an acronym or a number."""
    plain = fold(word)
    return (
        plain not in _COMMON
        and plain not in _SMALL
        and word not in _ACRONYMS
        and word not in _MIXED
        and "." not in word
        and not any(letter.isdigit() for letter in word)
        and not (word and _ROMAN.fullmatch(word))
        and (plain in {"st", "ste", "mgr", "dr"} or _VOWEL.search(plain) is not None)
    )
