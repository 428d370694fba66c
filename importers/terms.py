"""Words of a list -> codes of the vocabulary: category, functions, audiences."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from geo.text import fold, remembered
from importers.accommodation import houses_adults, masked
from importers.accommodation import plain as spelled
from importers.ages import with_years, without_ages
from importers.vocabulary import Category, Term, load

UNKNOWN = "a_classer"
# What a word of categories means of which no category of the map is, and since which day.
OFF_MAP = "hors_cartographie"
# The function of who houses children.
HOUSING = "hebergement"
# Terms that a message has room for.
MOST_NAMED = 30
_SEPARATORS = re.compile(r"[;,/|\n•+]|\bet\b|\s[-–]\s")
# What stands between words of which each may name a category.
_ALTERNATIVES = re.compile(r"[;,/|\n•+&]|\b(?:et|ou)\b|\s[-–]\s", re.IGNORECASE)


# Labels and words of the vocabulary are asked for at every cell.
@remembered(10_000)
def stem(text: str) -> str:
    """Return folded words without their plural: "Maisons d'enfants" -> "maison d enfant"."""
    return " ".join(w[:-1] if len(w) > 3 and w[-1] in "sx" else w for w in fold(text).split())


def off_map(day: date) -> str:
    """Return the code of a word that belongs to no category, as a person said on a day."""
    return f"{OFF_MAP} {day.isoformat()}"


def off_map_since(code: str | None) -> date | None:
    """Return the day since which a word belongs to no category; None where it was not said."""
    found, _, day = (code or "").partition(" ")
    return date.fromisoformat(day) if found == OFF_MAP else None


def category_of(text: str) -> str | None:
    """Return the category that a cell names, by code, label or words; None where it names none."""
    return _category(text) if text else None


@remembered(10_000)
def _category(text: str) -> str | None:
    """Return a category that houses children before all others, then the more precise one.

    A home of adults or of old people is no child's: somebody has to class it.
    """
    categories = {code: each for code, each in load().categories.items() if not each.neutral}
    whole = stem(text)
    for code, category in categories.items():
        if whole in (stem(code), stem(category.label), stem(category.label_plural)):
            return code
    if houses_adults(text):
        return UNKNOWN
    # "Foyer rural" is no home.
    words = stem(masked(spelled(text), naming=True))
    found = [
        (not category.protected, category.rank, -len(word), code)
        for code, category in categories.items()
        for word in _words(category)
        if f" {word} " in f" {words} "
    ]
    return min(found)[3] if found else None


@remembered(10_000)
def categories_of(text: str) -> tuple[str, ...]:
    """Return the categories between which a cell leaves the choice: "Police / gendarmerie" has two.

    One that houses children stands alone: in doubt it hides.
    """
    code = category_of(text)
    if code is None:
        return ()
    if load().categories[code].protected or _is_label(text, code):
        return (code,)
    named = {found: None for part in _ALTERNATIVES.split(text) if (found := category_of(part))}
    return tuple(named) if len(named) > 1 else (code,)


def _is_label(text: str, code: str) -> bool:
    category, whole = load().categories[code], stem(text)
    return whole in (stem(category.label), stem(category.label_plural), *_words(category))


@remembered(200)
def _words(term: Term) -> tuple[str, ...]:
    return tuple(stem(word) for word in term.words)


def pieces(text: str) -> list[str]:
    """Return a cell that lists things, cut at what separates them."""
    return re.split(r"[;,/|\n•]", text)


def codes_of(text: str, terms: Mapping[str, Term]) -> tuple[list[str], list[str]]:
    """Return the codes that a cell names, in its order, and the pieces that name none."""
    codes: list[str] = []
    unknown: list[str] = []
    for piece in _SEPARATORS.split(text):
        plain = stem(piece)
        if not plain:
            continue
        found = _exact(plain, terms) or _inside(plain, terms)
        if HOUSING in found:
            # "Ordonner le placement" is no accommodation.
            innocent = stem(masked(spelled(piece), naming=False))
            found = [code for code in found if code != HOUSING or code in _inside(innocent, terms)]
        codes += found
        if not found:
            unknown.append(" ".join(piece.split()))
    return list(dict.fromkeys(codes)), unknown


def codes_in(field: str, text: str) -> tuple[list[str], list[str]]:
    """Return what codes_of does of a cell of a field; ages among audiences are no word."""
    terms = load().terms(field)
    if field != "audiences":
        return codes_of(text, terms)
    codes, unknown = codes_of(with_years(text), terms)
    return codes, list(filter(None, map(without_ages, unknown)))


def _exact(plain: str, terms: Mapping[str, Term]) -> list[str]:
    for code, term in terms.items():
        if plain in (stem(code), stem(term.label), *_words(term)):
            return [code]
    return []


def _inside(plain: str, terms: Mapping[str, Term]) -> list[str]:
    return [
        code
        for code, term in terms.items()
        if any(f" {word} " in f" {plain} " for word in (stem(term.label), *_words(term)))
    ]


def names(terms: Iterable[Term | Category]) -> str:
    """Return the labels as a message lists them: some of them, where there are many."""
    labels = [term.label for term in terms]
    more = ", etc." if len(labels) > MOST_NAMED else ""
    return ", ".join(labels[:MOST_NAMED]) + more
