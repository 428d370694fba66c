"""Numbers that a French text writes in letters, as digits: "dix, rue X" is "10, rue X"."""

import re

_UNITS = (
    *("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze"),
    *("douze", "treize", "quatorze", "quinze", "seize"),
)
_VALUES = {word: value for value, word in enumerate(_UNITS, 1)} | {
    **{"une": 1, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50},
    **{"soixante": 60, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90},
    **{"cent": 100, "cents": 100},
}
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
# "soixante et onze" is one number, "dix et douze" are two.
_JOINED = r"(?:[ \u2010\u2011-]|[ \u2010\u2011-]et[ \u2010\u2011-](?=(?:une?|onze)\b))"
_NUMBER = re.compile(
    rf"(?<![^\W_])(?:z[ée]ro|(?:{_WORD})(?:{_JOINED}(?:{_WORD})){{0,6}})(?![^\W_])", re.IGNORECASE
)
_WORDS = re.compile(_WORD, re.IGNORECASE)
# Alone it is an article, unless it is said to be a number.
_ONE = frozenset(("un", "une"))
_IS_NUMBER = re.compile(r"(?:num[ée]ro|n°|z[ée]ro) $", re.IGNORECASE)


def in_digits(text: str) -> str:
    """Return a text whose numbers below a thousand are digits; its words are parted by blanks."""
    return _NUMBER.sub(_digits, text)


def _digits(found: re.Match[str]) -> str:
    words = [each.lower() for each in _WORDS.findall(found[0])]
    if len(words) == 1 and words[0] in _ONE:
        before, behind = found.string[: found.start()][-8:], found.string[found.end() :][:2]
        if not (_IS_NUMBER.search(before) or behind.lstrip().startswith(",")):
            return found[0]
    return str(_value(words)) if words else "0"


def _value(words: list[str]) -> int:
    hundreds, rest = 0, 0
    for word in words:
        if _VALUES[word] == 100:
            hundreds, rest = 100 * (rest or 1), 0
        elif _VALUES[word] == 20 and rest == 4:
            rest = 80
        else:
            rest += _VALUES[word]
    return hundreds + rest
