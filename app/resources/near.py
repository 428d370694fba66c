"""The word of a list that somebody may have meant by one that is not in it."""

from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

from geo.text import fold

# Of a hundred: from here on a word may be a slip of another one.
CLOSE = 70
# A longer text is no word of a list.
LONGEST = 100


def perhaps(word: str, lists: Mapping[str, Iterable[str]]) -> str:
    """Return a sentence that names the nearest of a list, with a space before it; "" for none.

    lists: what may be written for it, by what it is called.
    """
    if len(word) > LONGEST:
        return ""
    names = [(fold(each), name) for name, known in lists.items() for each in (name, *known)]
    written = [each for each, _ in names]
    found = process.extractOne(fold(word), written, scorer=fuzz.ratio, score_cutoff=CLOSE)
    return f" Peut-être « {names[found[2]][1]} »\N{NO-BREAK SPACE}?" if found else ""
