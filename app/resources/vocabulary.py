"""The words that resources are sorted by: reference data of vocabulary.toml, checked."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.resources.forms import Form, Proof, Reach


class Term(BaseModel):
    """A word of a list. words: what catalogues write for it, without accents or capitals.

    ris, schema: what a type is called there. back: a relation, as the other end says it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z][a-z_-]*$")
    label: str = Field(min_length=2)
    sentence: str = ""
    words: tuple[str, ...] = ()
    ris: str = ""
    schema_type: str = Field("", alias="schema")
    back: str = ""


class Vocabulary(BaseModel):
    """Every list, in the order in which it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forms: tuple[Term, ...]
    types: tuple[Term, ...]
    natures: tuple[Term, ...]
    themes: tuple[Term, ...]
    publics: tuple[Term, ...]
    reaches: tuple[Term, ...]
    media: tuple[Term, ...]
    accessibility: tuple[Term, ...]
    proofs: tuple[Term, ...]
    relations: tuple[Term, ...]
    modes: tuple[Term, ...]
    states: tuple[Term, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name in type(self).model_fields:
            codes = [term.code for term in getattr(self, name)]
            if len(codes) != len({*codes}):
                raise ValueError(f"a code of {name} is written twice")
        for terms, words in ((self.forms, Form), (self.proofs, Proof), (self.reaches, Reach)):
            if {term.code for term in terms} != {*words}:
                raise ValueError(f"labels of other words than {words.__name__}")
        if not all(term.ris and term.schema_type for term in self.types):
            raise ValueError("a type without its names in RIS and schema.org")
        return self


@cache
def load() -> Vocabulary:
    """Read vocabulary.toml once; ValidationError where it is wrong."""
    path = Path(__file__).with_name("vocabulary.toml")
    return Vocabulary.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


@cache
def terms(name: str) -> dict[str, Term]:
    """Return one of the lists, by code."""
    return {term.code: term for term in getattr(load(), name)}


def label(name: str, code: str) -> str:
    """Return a code of one of the lists in French; the code where the list lost it."""
    term = terms(name).get(code)
    return term.label if term else code
