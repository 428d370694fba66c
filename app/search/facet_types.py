"""The types of facet: codes of a closed list, an age, opening hours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, Integer
from sqlalchemy.types import TypeEngine

from app.search.conditions import TEXTS, always_open, has_one_of, is_one_of, spans
from app.search.facet import Facet, Fact, Row
from app.search.values import number, one_of
from importers import vocabulary
from importers.vocabulary import Category, Term, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CodesFacet(Facet):
    """Codes of a list of the vocabulary. single: an actor has exactly one."""

    several: ClassVar[bool] = True
    control: ClassVar[str] = "codes"
    counted: ClassVar[bool] = True
    parameter: ClassVar[TypeEngine[Any] | None] = TEXTS

    terms_of: Callable[[Vocabulary], Mapping[str, Term]]
    single: bool = False

    @property
    def terms(self) -> Mapping[str, Term]:
        """Return the terms of the list, by code."""
        return _terms(self)

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the codes that the public may choose."""
        return _choices(self)

    def read(self, given: str | Iterable[str]) -> tuple[str, ...]:
        """Return the codes that are given, once each; raises FilterUnknown."""
        asked = {value for value in ((given,) if isinstance(given, str) else given) if value}
        if not asked:
            return ()
        choices = self.choices
        for value in sorted(asked):
            one_of(self.name, value, choices)
        return tuple(code for code in choices if code in asked)

    def has(self, actor: FromClause, asked: tuple[str, ...]) -> ColumnElement[bool]:
        """Say that an actor has one of them."""
        column = actor.c[self.columns[0]]
        return is_one_of(column, asked) if self.single else has_one_of(column, asked)

    def passes(self, asked: tuple[str, ...]) -> Callable[[str], bool]:
        """Return the same for codes between spaces."""
        codes = frozenset(asked)
        return lambda part: not codes.isdisjoint(part.split())

    def occurring(self, part: str) -> Iterable[str]:
        """Return the codes between spaces."""
        return part.split()

    def word(self, value: str) -> str:
        """Return the label of a code."""
        return self.terms[value].label

    def fact(self, row: Row) -> Fact:
        """Return the labels of the codes that the list still knows, in its order."""
        value = row[self.columns[0]]
        return _fact(self, (value,) if self.single else tuple(value))


@cache
def _choices(facet: CodesFacet) -> tuple[str, ...]:
    return tuple(
        code
        for code, term in facet.terms.items()
        if not isinstance(term, Category) or term.searched
    )


@cache
def _terms(facet: CodesFacet) -> Mapping[str, Term]:
    return facet.terms_of(vocabulary.load())


# The same few combinations again and again, in a file of 100,000 actors.
@lru_cache(maxsize=10_000)
def _fact(facet: CodesFacet, codes: tuple[str, ...]) -> Fact:
    known = set(codes)
    labels = tuple(term.label for code, term in facet.terms.items() if code in known)
    return Fact(facet, labels, (labels,) * len(facet.files))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgeFacet(Facet):
    """An age in years, between what two columns say: who says nothing receives every age."""

    several: ClassVar[bool] = False
    control: ClassVar[str] = "number"
    counted: ClassVar[bool] = False
    parameter: ClassVar[TypeEngine[Any] | None] = Integer()

    most: int

    @property
    def choices(self) -> tuple[str, ...]:
        """Return every age that one may ask for."""
        return tuple(map(str, range(self.most + 1)))

    def read(self, given: str | Iterable[str]) -> tuple[str, ...]:
        """Return one age, or nothing; raises RequestInvalid."""
        text = given if isinstance(given, str) else next(iter(given), "")
        return (str(number(self.name, text, 0, self.most)),) if text else ()

    def has(self, actor: FromClause, asked: tuple[str, ...]) -> ColumnElement[bool]:
        """Say that an actor receives somebody of that age, or does not say whom it receives."""
        least, most = (actor.c[name] for name in self.columns)
        return spans(least, most, asked if isinstance(asked, ColumnElement) else self.given(asked))

    def given(self, asked: tuple[str, ...]) -> int:
        """Return the age."""
        return int(asked[0])

    def passes(self, asked: tuple[str, ...]) -> Callable[[str], bool]:
        """Return the same for "least-most", either of which may be empty."""
        age = int(asked[0])

        def receives(part: str) -> bool:
            least, _, most = part.partition("-")
            return (not least or int(least) <= age) and (not most or int(most) >= age)

        return receives

    def occurring(self, part: str) -> Iterable[str]:
        """Return nothing: ages are not counted one by one."""
        return ()

    def word(self, value: str) -> str:
        """Return an age with its unit."""
        return f"{value} {_years(int(value))}"

    def fact(self, row: Row) -> Fact:
        """Return which ages an actor receives, where it says so."""
        least, most = (row[name] for name in self.columns)
        return Fact(self, _ages(least, most), (least, most))


def _years(number: int) -> str:
    return "an" if number < 2 else "ans"


def _ages(least: int | None, most: int | None) -> tuple[str, ...]:
    words = ages_in_words(least, most)
    return (words,) if words else ()


def ages_in_words(least: int | None, most: int | None) -> str | None:
    """Return from which age to which: "de 12 à 17 ans"; None where neither is said."""
    if most is not None:
        start = "jusqu’à" if least is None else f"de {least} à"
        return f"{start} {most} {_years(most)}"
    return None if least is None else f"à partir de {least} {_years(least)}"


class Opening(StrEnum):
    """What is asked of opening hours."""

    NOW = "maintenant"
    ALWAYS = "24h"


OPENINGS = {Opening.NOW: "Ouvert maintenant", Opening.ALWAYS: "Jour et nuit"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpeningFacet(Facet):
    """Opening hours. What is open now depends on the hour: app.search.selection selects it.

    anytime: the label of asking for nothing.
    """

    several: ClassVar[bool] = False
    control: ClassVar[str] = "choice"
    counted: ClassVar[bool] = True
    parameter: ClassVar[TypeEngine[Any] | None] = None

    anytime: str

    @property
    def choices(self) -> tuple[str, ...]:
        """Return what may be asked."""
        return tuple(Opening)

    def read(self, given: str | Iterable[str]) -> tuple[str, ...]:
        """Return what is asked, or nothing; raises FilterUnknown."""
        text = given if isinstance(given, str) else next(iter(given), "")
        return (str(one_of(self.name, text, self.choices)),) if text else ()

    def has(self, actor: FromClause, asked: tuple[str, ...]) -> ColumnElement[bool] | None:
        """Say that an actor is open day and night."""
        return always_open(actor) if Opening.ALWAYS in asked else None

    def passes(self, asked: tuple[str, ...]) -> Callable[[str], bool]:
        """Return the same for what occurring reads."""
        return lambda part: Opening.ALWAYS not in asked or part == Opening.ALWAYS

    def occurring(self, part: str) -> Iterable[str]:
        """Return "24h", or nothing."""
        return (part,) if part else ()

    def word(self, value: str) -> str:
        """Return what is asked."""
        return OPENINGS[Opening(value)]

    def fact(self, row: Row) -> Fact:
        """Return nothing: pages show opening hours themselves."""
        return Fact(self, (), ())
