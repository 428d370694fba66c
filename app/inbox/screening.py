"""Whether a text tells of a child, and not of a sheet: then it is answered, and stored nowhere."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from geo.text import fold, forget

_WORDS = Path(__file__).with_name("situations.toml")
_SENTENCES = re.compile(r"[.!?;\n]+")
_AGE = "(?:[4-9]|1[0-7])"

# A rule: what has to be found in one sentence, and what must not be.
_Rule = tuple[tuple[re.Pattern[str], bool], ...]


def tells_of_a_child(text: str) -> bool:
    """Return whether a text reads as a cry, or tells what happens to somebody."""
    try:
        sentences = [fold(each) for each in _SENTENCES.split(text)]
    finally:
        # What somebody tells stays in no memory.
        forget()
    return any(_applies(rule, said) for said in sentences for rule in _rules())


def _applies(rule: _Rule, said: str) -> bool:
    return all(bool(words.search(said)) is there for words, there in rule)


@cache
def _rules() -> tuple[_Rule, ...]:
    read = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    found = {name: _any_of(words) for name, words in read["words"].items()}
    return tuple(
        tuple((found[name.removeprefix("not ")], not name.startswith("not ")) for name in rule)
        for rule in read["rules"]
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    found = (each.replace("*", r"\w*").replace("#", _AGE) for each in words)
    return re.compile(rf"\b(?:{'|'.join(found)})\b")
