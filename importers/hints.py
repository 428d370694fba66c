"""Hints that a line may house children: words that tell little, and only where nothing else speaks.

They hide an address, never a name, and nothing of a line that says what other service it is.
"""

import re
from functools import cache

from geo.text import remembered
from importers.phrases import compiled
from importers.vocabulary import load

# What leads somewhere, or is read for one kind of word alone.
_NO_HINTS = frozenset({"email", "website", "address", "complement", "coverage"})


def found(text: str, words: str, field: str, *, naming: bool) -> tuple[str, ...]:
    """Return the hints of one cell, each once; words: its text, plain; naming: it names."""
    if field in _NO_HINTS:
        return ()
    words = _innocent().sub(" . ", words)
    hints = [hit[0] for hit in _in_texts().finditer(words)]
    if naming:
        hints += [hit[0] for hit in _in_names().finditer(words)]
    elif field == "audiences":
        hints += [hit[0] for hit in _in_audiences().finditer(words)]
    elif field == "opening_hours":
        hints += [hit[0] for hit in _in_hours().finditer(words)]
        hints += [hit[0] for hit in _as_written().finditer(text)]
    return tuple(dict.fromkeys(hints))


@remembered(5_000)
def is_service(named: str, given: str | None) -> bool:
    """Return whether a line says that it is a service that houses nobody.

    named: the plain words that name it. given: the category that its column names.
    """
    services = load().accommodation.services
    if given is not None and given not in services.vague and _is_open(given):
        return True
    return bool(compiled(services.words).search(named))


def without_work(words: str) -> str:
    """Return plain words without those on work in the homes of others: "intervient en MECS"."""
    return _work().sub(" . ", words)


def _is_open(code: str) -> bool:
    category = load().categories[code]
    return category.publishable and not category.protected


@cache
def _innocent() -> re.Pattern[str]:
    return compiled(load().accommodation.hints.innocent)


@cache
def _in_texts() -> re.Pattern[str]:
    hints = load().accommodation.hints
    return _with_shapes(hints.texts, hints.text_shapes)


@cache
def _in_names() -> re.Pattern[str]:
    hints = load().accommodation.hints
    return _with_shapes(hints.names, hints.name_shapes)


@cache
def _in_audiences() -> re.Pattern[str]:
    return compiled(load().accommodation.hints.audiences)


@cache
def _in_hours() -> re.Pattern[str]:
    return compiled(load().accommodation.hints.hours)


@cache
def _as_written() -> re.Pattern[str]:
    return re.compile("|".join(load().accommodation.hints.hour_shapes), re.IGNORECASE)


@cache
def _work() -> re.Pattern[str]:
    return re.compile("|".join(load().accommodation.services.work_shapes))


def _with_shapes(phrases: tuple[str, ...], shapes: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join((compiled(phrases).pattern, *shapes)))
