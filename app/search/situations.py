"""Situations and who must act: reference data of situations.toml and who_acts.toml, checked."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.reference.national_numbers import NATIONAL_NUMBERS, NationalNumber
from importers import vocabulary


class _Rule(BaseModel):
    """What names categories and functions of vocabulary.toml; ValidationError for another one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> Self:
        words = vocabulary.load()
        unknown = {*self.categories} - {*words.categories} | {*self.functions} - {*words.functions}
        if unknown or not (self.categories or self.functions):
            raise ValueError(f"no rule, or words that vocabulary.toml does not know: {unknown}")
        return self


class Step(_Rule):
    """Who acts next. competent: only who is in charge of the place, wherever its office is.

    meanwhile: who does it where nobody of the step is known; hosts: hospitals do, and are named.
    """

    title: str
    sentence: str
    meanwhile: str
    competent: bool = False
    hosts: bool = False


class Situation(BaseModel):
    """What somebody is faced with. number: what addresses call it, since a word would tell.

    numbers: national numbers to call first, by their digits.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    label: str
    sentence: str
    numbers: tuple[str, ...]
    step: tuple[Step, ...] = Field(min_length=1)

    @property
    def national_numbers(self) -> list[NationalNumber]:
        """Return the numbers to call first; KeyError for one that nobody knows."""
        return [NATIONAL_NUMBERS[digits] for digits in self.numbers]


class Role(_Rule):
    """A body that must act for a place.

    departmental: each such actor is in charge of all of its seat's territory, where its list says
    nothing else; departmental_if: those are that have this function. short: as a line of several
    names it. decides: it must be asked whatever a search leaves out.
    """

    label: str
    short: str
    sentence: str
    departmental: bool = False
    departmental_if: str = ""
    decides: bool = False
    sectors: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    by_commune: Literal["", "named", "asked"] = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the categories of all who may stand in its line."""
        return (*self.categories, *self.sectors, *self.ways)

    @property
    def follows(self) -> bool:
        """Say whether it decides for the children of its territory, wherever these are."""
        return self.decides and bool(self.departmental or self.departmental_if)

    @model_validator(mode="after")
    def _function_known(self) -> Self:
        words = vocabulary.load()
        if self.departmental_if and self.departmental_if not in words.functions:
            raise ValueError(f"unknown function {self.departmental_if}")
        if unknown := {*self.asked} - {*words.categories}:
            raise ValueError(f"unknown categories {unknown}")
        return self


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


@cache
def situations() -> dict[int, Situation]:
    """Return the situations by number, in the order in which they are shown."""
    found = [Situation.model_validate(each) for each in _read("situations.toml")["situation"]]
    return {each.number: each for each in found}


@cache
def roles() -> tuple[Role, ...]:
    """Return who must act for any place, in the order in which they are shown."""
    return tuple(Role.model_validate(each) for each in _read("who_acts.toml")["role"])


@cache
def departmental_roles() -> tuple[Role, ...]:
    """Return the roles some of whose actors are in charge of the territory of their seat."""
    return tuple(role for role in roles() if role.departmental or role.departmental_if)
