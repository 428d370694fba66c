"""The words of a search, as PostgreSQL looks for them: stems, acronyms, terms of the vocabulary."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

from geo.names import normalise, words
from importers import vocabulary

MOST_WORDS = 8
# Names of towns, without article -> the codes of the communes that are called so.
Towns = tuple[tuple[str, tuple[str, ...]], ...]
ACRONYM = re.compile(r"\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for of a text: values, or parameters that are filled in later.

    among: public ids of those whose names resemble it, as PostgreSQL writes an array, once they are
    known. name: what a name must
    resemble. everywhere: a query of to_tsquery; in_towns: others, each with the codes of the towns
    that its words name, where nobody needs to have them as well. None for what is not looked for.
    """

    among: Any = None
    name: Any = None
    everywhere: Any = None
    in_towns: tuple[tuple[Any, Any], ...] = ()


def folded(text: str) -> str:
    """Return a text as names are compared with it: small letters, no accents, single spaces."""
    return " ".join(words(text)[:MOST_WORDS])


def tsquery(text: str) -> str:
    """Return a query for to_tsquery('plain_french', …), every word of which must be found.

    What vocabulary.toml calls a function or a category also finds those who do or are that: "mise
    à l'abri" finds the function hebergement. Only letters, digits and our own signs are in it.
    Empty where there is no word in the text.
    """
    return " & ".join(query for query, _ in parts(text))


def parts(text: str, towns: Towns = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Return the queries that must all find something, each with the towns that its words name."""
    return list(_parts(words(text)[:MOST_WORDS], dict(towns)))


def sought(text: str, towns: Towns) -> Sought:
    """Return what is looked for of a text by its words; towns: those that it names."""
    found = parts(text, towns)
    return Sought(
        everywhere=" & ".join(query for query, codes in found if not codes) or None,
        in_towns=tuple(part for part in found if part[1]),
    )


def phrases(text: str) -> list[str]:
    """Return the runs of words that may be the name of a town, normalised and without article."""
    given = words(text)[:MOST_WORDS]
    spans = combinations(range(len(given) + 1), 2)
    return [" ".join(given[start:end]) for start, end in spans]


def _parts(
    given: list[str], towns: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = _phrases()
    at = 0
    while at < len(given):
        # The longest phrase that begins here; a single word is one, known or not.
        several = ((n, tuple(given[at : at + n])) for n in range(len(given) - at, 1, -1))
        length = next((n for n, each in several if each in known or " ".join(each) in towns), 1)
        phrase = tuple(given[at : at + length])
        query = f"({' | '.join([' & '.join(phrase), *known.get(phrase, ())])})"
        yield query, towns.get(" ".join(phrase), ())
        at += length


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return what each phrase of the vocabulary stands for, as migration 0006 writes codes."""
    known = vocabulary.load()
    found: dict[tuple[str, ...], set[str]] = {}
    for code, function in known.functions.items():
        for phrase in (function.label, *function.words, *function.asked):
            found.setdefault(tuple(words(phrase)), set()).add("xf" + code.replace("_", ""))
    # Not the words of categories: lists write "CIDFF" for an association, and who types it wants
    # that one.
    for code, category in known.categories.items():
        label = (ACRONYM.sub("", category.label), *ACRONYM.findall(category.label))
        asked = [words(phrase) for phrase in category.asked]
        for given in (*(normalise(phrase).split() for phrase in label), *asked):
            found.setdefault(tuple(given), set()).add("xc" + code.replace("_", ""))
    return {phrase: tuple(sorted(codes)) for phrase, codes in found.items()}
