"""Which column of a list is what: mappings/*.toml of the project, or a guess from the titles."""

import re
import tomllib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from rapidfuzz import fuzz, process

from geo.text import fold
from importers.errors import UnknownMapping
from importers.line import REFERRALS
from importers.row import ActorRow
from importers.secrecy import governs
from importers.synonyms import CLOSE_ENOUGH, IN_BRACKETS, synonyms
from importers.terms import UNKNOWN
from importers.vocabulary import LISTS
from importers.vocabulary import load as load_vocabulary

_HERE = Path(__file__).parent

# Fields whose cells are read together where several columns hold them; else the first is read.
MANY = frozenset({
    "category", "phone", "phone_front_gate", "phone_withheld", "duty_phone", "email",
    "email_withheld", "packed", "address", "complement", "description", "consent_on",
    "speciality", "specialised", "access", *REFERRALS, *LISTS,
})  # fmt: skip
_EXTRA = frozenset({"insee_hint", "email_withheld"})
# Titles of these columns match word for word: "Désaccord de publication" resembles its opposite.
# "Contact", in the singular, is a person.
_EXACT = frozenset(
    {
        *("phone_front_gate", "phone_withheld", "duty_phone", "consent_on", "packed"),
        *("specialised", "referral_public", "referrers_public"),
        *("actor_id", "actor_marks"),
    }
)

# What a title adds to say whose it is: "Adresse de la structure"; and of a front desk, which is
# nobody's own: "Tél. accueil".
_OF = r"\b(?:(?:de|du|des|d|l|la|le|les) )*(?:{})\b"
_WHOSE = re.compile(
    _OF.format(
        "structures?|services?|etablissements?|organismes?|associations?|asso|dispositif|antenne"
        "|partenaire|acteur|lieu"
    )
)
_DESK = re.compile(_OF.format("accueil|secretariat|standard|generale?|generique|principale?|fixe"))
_WHOSE_FIELDS = frozenset({
    "name", "acronym", "category", "description", "functions", "audiences", "ages", "languages",
    "phone", "email", "website", "opening_hours", "address", "complement", "postcode", "city",
    "territory", "siret", "finess", "access",
})  # fmt: skip
# Where people are received may be where they live: a person says so of such a column.
_WHERE = re.compile(r"\b(?:lieu|dispositif|antenne)\b")
_WHERE_FIELDS = frozenset({"address", "complement"})
_DESK_FIELDS = frozenset({"phone", "email", "opening_hours"})
# What else an actor is called where a title gives it two names: "Structure / dispositif".
_ACTORS = frozenset({
    "dispositif", "dispositifs", "antenne", "antennes", "structures", "services", "etablissements",
    "associations", "organismes", "partenaires", "acteurs",
})  # fmt: skip
_EITHER = re.compile(r"[/|()]|\bou\b|\bet\b", re.IGNORECASE)
# Beside these titles brackets explain, and give nobody away: "Type (ASE, PJJ…)".
_EXPLAINED = frozenset({"category", "ages", "audiences", "functions"})
# The seat of a body is no page of it: "Adresse du siège".
_NEVER_SLIPS = frozenset({"adresse du site", "adresse site"})
# The name of a mapping that titles alone gave.
GUESS = "guess"
# Alone they say too little of what is counted or divided.
_VAGUE = frozenset({"numero", "secteur", "lieu", "service", "structure"})


class Extract(BaseModel):
    """Several fields packed in one column: the named groups of the pattern are fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    pattern: re.Pattern[str]
    # Whether the cell as a whole is read as well, for words that hide.
    whole: bool = False


class Rule(BaseModel):
    """The first rule whose pattern is found in a value replaces it; no rule: it stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: re.Pattern[str]
    value: str
    # Reported of the line where the rule decides, when somebody must look at it.
    report: str | None = None


class Mapping(BaseModel):
    """What a list says and where. See mappings/README.md for the file's form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str
    # The titles of the list, by which it is recognised when nobody names the mapping.
    header: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    extracts: tuple[Extract, ...] = ()
    # Fields that are the same for each line, where the line itself says nothing.
    fixed: dict[str, str] = {}
    values: dict[str, tuple[Rule, ...]] = {}
    # The category by words of the name, where no column says it; before the vocabulary's words.
    category_by_name: tuple[Rule, ...] = ()
    functions_by_category: dict[str, tuple[str, ...]] = Field(default={})
    guessed: bool = False
    # Field -> word as stem() makes it -> code, as people chose it where the vocabulary knows none.
    words: dict[str, dict[str, str]] = {}

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        groups = {group for extract in self.extracts for group in extract.pattern.groupindex}
        used = {*self.columns.values(), *groups, *self.fixed, *self.values}
        if unknown := used - fields():
            raise ValueError(f"{self.name}: unknown fields {sorted(unknown)}")
        vocabulary = load_vocabulary()
        codes = {rule.value for rule in (*self.category_by_name, *self.values.get("category", ()))}
        codes |= set(self.functions_by_category)
        if unknown := codes - set(vocabulary.categories):
            raise ValueError(f"{self.name}: unknown categories {sorted(unknown)}")
        functions = {code for codes in self.functions_by_category.values() for code in codes}
        if unknown := functions - set(vocabulary.functions):
            raise ValueError(f"{self.name}: unknown functions {sorted(unknown)}")
        return self

    def classes(self, row: ActorRow) -> bool:
        """Return whether something said what this actor is, or had a column for it."""
        groups = {group for extract in self.extracts for group in extract.pattern.groupindex}
        return (
            "category" in {*self.columns.values(), *groups, *self.fixed}
            or row.category != UNKNOWN
            or any(rule.pattern.search(fold(row.name)) for rule in self.category_by_name)
        )

    @property
    def titles(self) -> set[str]:
        """Return the columns that the list must have."""
        return {*self.columns, *(extract.column for extract in self.extracts)}

    def described(self) -> dict[str, str]:
        """Return column -> fields, as it is printed."""
        by_column: dict[str, list[str]] = {}
        for column, field in self.columns.items():
            by_column.setdefault(column, []).append(field)
        for extract in self.extracts:
            by_column.setdefault(extract.column, []).extend(extract.pattern.groupindex)
        return {column: ", ".join(dict.fromkeys(found)) for column, found in by_column.items()}


@cache
def fields() -> frozenset[str]:
    """Return every field that a mapping may name."""
    return frozenset(synonyms().values()) | _EXTRA


@cache
def shipped() -> dict[str, Mapping]:
    """Return the mappings of mappings/*.toml by name; ValueError where one contradicts itself."""
    found = {}
    for path in sorted((_HERE / "mappings").glob("*.toml")):
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = Mapping.model_validate({"name": path.stem, **raw})
    return found


def named(name: str) -> Mapping:
    """Return the shipped mapping of this name, or raise UnknownMapping with those that exist."""
    if name not in shipped():
        raise UnknownMapping(name=name, known=", ".join(shipped()))
    return shipped()[name]


def recognise(titles: Sequence[str]) -> Mapping | None:
    """Return the shipped mapping that has this very header, title by title, or None."""
    while titles and not titles[-1]:
        titles = titles[:-1]
    plain = [fold(title) for title in titles]
    for mapping in shipped().values():
        if mapping.header and [fold(title) for title in mapping.header] == plain:
            return mapping
    return None


def guess(titles: Sequence[str], hidden: Collection[int] = ()) -> Mapping:
    """Return a mapping by the words of the titles; one column a field, save those of MANY.

    hidden: columns that nobody sees, which give way to those that are seen.
    """
    scored: list[tuple[bool, float, int, str, str]] = []
    # Where there are first names, "Nom" is a person's, and no person is listed here.
    persons = any("prenom" in fold(title) for title in titles)
    for column, title in enumerate(titles):
        if persons and fold(title) == "nom":
            continue
        if found := field_of(title):
            scored.append((column in hidden, -found[1], column, title, found[0]))
    taken: set[str] = set()
    columns: dict[int, tuple[str, str]] = {}
    for _, _, column, title, field in sorted(scored):
        if field in MANY or field not in taken:
            taken.add(field)
            columns[column] = (title, field)
    in_order = {title: field for _, (title, field) in sorted(columns.items())}
    return Mapping(name=GUESS, label="Devinée d'après les titres", columns=in_order, guessed=True)


@cache
def field_of(title: str) -> tuple[str, float] | None:
    """Return the field that a title names and how surely (0 to 100), or None."""
    plain = fold(title)
    if plain in synonyms():
        return synonyms()[plain], 100.0
    if field := governs(title):
        return field, 100.0
    if len(title) > 60 or not plain:
        return None
    if field := _of_structure(plain) or _of_either(title) or _of_explained(title):
        return field, 95.0
    if len(plain) < 5:
        return None
    best = process.extractOne(plain, _titles(), scorer=fuzz.ratio, score_cutoff=CLOSE_ENOUGH)
    return (synonyms()[best[0]], best[1]) if best and best[0] not in _NEVER_SLIPS else None


def _of_structure(plain: str) -> str | None:
    """Return the field of a title once the words that say whose it is are left out, or None."""
    for words, allowed in ((_WHOSE, _WHOSE_FIELDS), (_DESK, _DESK_FIELDS)):
        rest = " ".join(words.sub(" ", plain).split())
        field = synonyms().get(rest)
        if field in _WHERE_FIELDS and _WHERE.search(plain):
            return None
        if rest != plain and rest not in _VAGUE and field in allowed:
            return field
    return None


def _of_either(title: str) -> str | None:
    """Return the field of a title that says the same twice: "Structure / dispositif", or None."""
    words = [word for part in _EITHER.split(title) if (word := fold(part))]
    named = {"name" if word in _ACTORS else synonyms().get(word) for word in words}
    if named == {"audiences", "ages"}:
        return "audiences"
    field = named.pop() if len(named) == 1 and len(words) > 1 else None
    return field if field in _WHOSE_FIELDS else None


def _of_explained(title: str) -> str | None:
    """Return the field of a title behind which brackets explain it, or None."""
    rest = IN_BRACKETS.sub("", title)
    field = synonyms().get(fold(rest)) if rest != title else None
    return field if field in _EXPLAINED else None


@cache
def _titles() -> list[str]:
    """Return the titles that may be written with a typing slip."""
    return [title for title, field in synonyms().items() if field not in _EXACT]
