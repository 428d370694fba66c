"""The words of the service: families, categories, functions, audiences, languages, checked."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from babel import Locale
from pydantic import BaseModel, ConfigDict, Field, model_validator

from geo.text import fold

# Lists of terms that an actor has several of, as fields of importers.row.ActorFields.
LISTS = ("functions", "audiences", "languages")
# The function of those whose subject is that of the service: a mark of their cards.
SPECIALITY = "exploitation"
# Two letters that ISO 639-1 has withdrawn, and Unicode's names still hold.
WITHDRAWN = frozenset({"sh"})
CODE = r"^[a-z][a-z_]*$"
COLOUR = r"^#[0-9a-f]{6}$"


class Term(BaseModel):
    """A word people filter by. words: what lists write for it, without accents or capitals.

    asked: what only people who search write, since in a list it may say something else.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=CODE)
    label: str = Field(min_length=2)
    sentence: str = ""
    words: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()

    def __hash__(self) -> int:
        """Return that of the code: a page asks a hundred times, and pydantic's takes all fields."""
        return hash(self.code)


# How a protected actor is drawn in a list, in the colour of its family.
NEUTRAL_SHAPE = "lock"


class Family(BaseModel):
    """What a category is for. Colours: "#rrggbb", for a white page and for a dark one.

    neutral_name, neutral_functions: all that the public record of a protected actor says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=CODE)
    label: str
    sentence: str
    colour_light: str = Field(pattern=COLOUR)
    colour_dark: str = Field(pattern=COLOUR)
    neutral_name: str
    neutral_plural: str
    neutral_sentence: str
    neutral_functions: tuple[str, ...] = ()

    def neutral(self) -> dict[str, Any]:
        """Return the category under which the public record of a protected actor stands."""
        return {
            "code": self.code,
            "label": self.neutral_name,
            "label_plural": self.neutral_plural,
            "sentence": self.neutral_sentence,
            "family": self.code,
            "shape": NEUTRAL_SHAPE,
            "neutral": True,
            "functions": self.neutral_functions,
        }


class Category(Term):
    """A kind of actor. protected: its places stay hidden until an operator's dated consent."""

    label_plural: str
    # The label where a line also holds a town and a distance; none where it is short enough.
    short: str | None = None
    family: str
    # Names a drawing in static/; distinct within the family, whose colour it takes.
    shape: str = Field(pattern=r"^[a-z-]+$")
    protected: bool = False
    # True: no list names it; the public records of protected actors of its family stand in it.
    neutral: bool = False
    # False: never shown to the public, not even under its neutral name.
    publishable: bool = True
    # True: no answer by itself. Searches leave it out; a step that nobody takes names it.
    host: bool = False
    # Where words of several categories are found, the lowest rank is the more precise one.
    rank: int = 50
    functions: tuple[str, ...] = ()

    @property
    def searched(self) -> bool:
        """Say whether the public may look for it."""
        return self.publishable and not self.host


class TwoMeanings(BaseModel):
    """Words that house children or not, by what stands beside them.

    beside, categories: where one is there, the words are another thing; only: the other way round.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    beside: tuple[str, ...]
    categories: tuple[str, ...] = ()
    only: bool = False


class Hints(BaseModel):
    """Words and patterns that tell little by themselves, by where they stand.

    innocent: what resembles one. hour_shapes are patterns of hours as written, the others of plain
    words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: tuple[str, ...]
    name_shapes: tuple[str, ...]
    texts: tuple[str, ...]
    text_shapes: tuple[str, ...]
    audiences: tuple[str, ...]
    hours: tuple[str, ...]
    hour_shapes: tuple[str, ...]
    innocent: tuple[str, ...]


class Services(BaseModel):
    """Words and categories of services that house nobody, and what they say of work in homes.

    vague: the categories that say too little for that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    vague: tuple[str, ...]
    work_shapes: tuple[str, ...]


class FinessCategories(BaseModel):
    """Codes of categories of FINESS: who houses, who may, and who is a hospital."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    houses: frozenset[str]
    mentions: frozenset[str]
    health: frozenset[str]


class Hospitals(BaseModel):
    """Titles of columns of who carries a service, university hospitals, and words of theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carriers: frozenset[str]
    names: tuple[str, ...]
    beside: tuple[str, ...]


class Accommodation(BaseModel):
    """Words by which importers/accommodation.py knows who houses children.

    Each list is explained where it stands, in importers/accommodation.toml.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    acronyms: tuple[str, ...]
    # By subject.
    houses: dict[str, tuple[str, ...]]
    named: tuple[str, ...]
    offices: tuple[str, ...]
    mentions: tuple[str, ...]
    named_mentions: tuple[str, ...]
    innocent: tuple[str, ...]
    innocent_in_text: tuple[str, ...]
    numbered: tuple[str, ...]
    streets: tuple[str, ...]
    adult: tuple[str, ...]
    adult_alone: tuple[str, ...]
    hints: Hints
    services: Services
    finess: FinessCategories
    hospitals: Hospitals
    two_meanings: tuple[TwoMeanings, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of every subject that house wherever they name."""
        return tuple(word for words in self.houses.values() for word in words)


# Who reads a field of a record, from the fewest to the most.
Readers = Literal["protege", "professionnel", "public"]
FEWEST_FIRST: tuple[Readers, ...] = ("protege", "professionnel", "public")


class FieldReaders(BaseModel):
    """Who reads a field, how far a person may open it, and the operator of a neutral sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    usual: Readers
    widest: Readers
    neutral: Readers = "protege"


class Vocabulary(BaseModel):
    """Everything by code, in the order in which it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    families: dict[str, Family]
    categories: dict[str, Category]
    functions: dict[str, Term]
    audiences: dict[str, Term]
    # By ISO 639-1.
    languages: dict[str, Term]
    accommodation: Accommodation
    # Mailboxes of a service, and what people who answer are called: importers/persons.py.
    services: tuple[str, ...]
    # By field: app/visibility.py alone applies it.
    readers: dict[str, FieldReaders]

    def terms(self, name: str) -> dict[str, Term]:
        """Return one of LISTS by its name."""
        terms: dict[str, Term] = getattr(self, name)
        return terms

    @model_validator(mode="after")
    def _references_hold(self) -> Self:
        seen: set[tuple[str, str]] = set()
        for category in self.categories.values():
            if category.family not in self.families:
                raise ValueError(f"{category.code}: unknown family {category.family}")
            if unknown := set(category.functions) - set(self.functions):
                raise ValueError(f"{category.code}: unknown functions {sorted(unknown)}")
            if (mark := (category.family, category.shape)) in seen:
                raise ValueError(f"{category.code}: shape {category.shape} is already taken")
            seen.add(mark)
        named = {code for each in self.accommodation.two_meanings for code in each.categories}
        named |= set(self.accommodation.services.vague)
        if unknown := named - set(self.categories):
            raise ValueError(f"accommodation: unknown categories {sorted(unknown)}")
        return self


def _by_code(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    codes = [item["code"] for item in items]
    if len(codes) != len(set(codes)):
        raise ValueError("a code of vocabulary.toml is written twice")
    return dict(zip(codes, items, strict=True))


@cache
def load() -> Vocabulary:
    """Read vocabulary.toml and accommodation.toml once; ValidationError where they are wrong."""
    raw = _read("vocabulary.toml")
    languages = _languages(raw.pop("words_of_languages"))
    others = {
        "accommodation": _read("accommodation.toml"),
        "services": raw.pop("services")["words"],
        "readers": raw.pop("readers"),
    }
    terms = {name: _by_code(items) for name, items in raw.items()}
    families = [Family.model_validate(family) for family in terms["families"].values()]
    terms["categories"] = _by_family(terms["categories"], families)
    return Vocabulary.model_validate(terms | others | {"languages": languages})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _by_family(
    categories: dict[str, dict[str, Any]], families: list[Family]
) -> dict[str, dict[str, Any]]:
    """Return the categories family by family, the neutral one of each behind its others."""
    rank = {family.code: number for number, family in enumerate(families)}
    all_of_them = categories | {family.code: family.neutral() for family in families}
    # What names an unknown family is refused later, with what it says.
    ordered = sorted(all_of_them.items(), key=lambda pair: rank.get(str(pair[1].get("family")), 0))
    return dict(ordered)


def _languages(words: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    """Return the languages of ISO 639-1 by their French names; words: what lists write as well."""
    names = {
        code: name
        for code, name in Locale("fr").languages.items()
        if len(code) == 2 and code not in WITHDRAWN
    }
    if unknown := words.keys() - names.keys():
        raise ValueError(f"unknown languages {sorted(unknown)}")
    return {
        code: {"code": code, "label": name[0].upper() + name[1:], "words": words.get(code, [])}
        for code, name in sorted(names.items(), key=lambda pair: fold(pair[1]))
    }
