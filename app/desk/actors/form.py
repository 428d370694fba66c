"""The form of an actor: its labels and choices, and what a page shows of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from app.desk.shell.gate import DeskOf, Signed, viewer_of
from app.gazetteer.load import cached_gazetteer
from app.hours.week import Weekday, week
from app.models import Role
from app.platform.database.sessions import read
from app.platform.uuids import uuid_in
from app.records.correcting import Wish
from app.records.entered import FIELDS, Remark, mark_of
from app.visibility import FAMILIES_OF_THE_STATE, Viewer
from geo.gazetteer import Gazetteer
from geo.text import curled
from importers import vocabulary
from importers.hours import read_hours
from importers.vocabulary import LISTS, Category, Term

# Of hours in words: a week takes no more, and each word more takes longer.
LONGEST_HOURS = 500
# Of a body with every text as long as a list may give it, percent-encoded.
LARGEST = 300_000
LONGEST_WHY = 500
LABELS = {
    "name": "Nom",
    "acronym": "Sigle",
    "category": "Catégorie",
    "description": "Description",
    "functions": "Missions",
    "audiences": "Publics",
    "languages": "Langues parlées",
    "age_min": "Âge minimum",
    "age_max": "Âge maximum",
    "phones": "Téléphones",
    "duty_phones": "Téléphones hors des heures d’ouverture",
    "duty_hours": "Quand ces téléphones répondent",
    "emails": "Adresses électroniques",
    "withheld": "Contacts non publics",
    "website": "Site",
    "opening_hours": "Horaires",
    "access": "Accès des personnes handicapées",
    "referral_public": "Comment être orienté, pour le public",
    "referral": "Comment orienter, pour les professionnels",
    "referrers_public": "Qui peut orienter, pour le public",
    "referrers": "Qui peut orienter, pour les professionnels",
    "address": "Adresse",
    "postcode": "Code postal",
    "city": "Commune",
    "territory": "Département",
    "lat": "Latitude",
    "lon": "Longitude",
    "siret": "SIRET",
    "finess": "FINESS",
    "rna": "RNA",
    "coverage": "Territoires couverts",
    "verified_on": "Vérifié le",
}
# Sent apart from the fields of an actor.
_OTHERS = ("why", "based_on", "what", "anyway", "actor")


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose from. categories: label of a family -> its categories."""

    categories: Mapping[str, tuple[Category, ...]]
    territories: tuple[tuple[str, str], ...]
    terms: Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which two versions say other things, in words."""

    label: str
    before: str
    now: str
    mine: str

    @property
    def is_mine_alone(self) -> bool:
        """Say whether only the person who writes changed it."""
        return self.before == self.now


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows. begun_at: when its reader began another one that they never saved.

    resumed: whether it shows what was entered and never saved. differences: between the version
    now and what was entered on another one. focus: the field that its reader came for.
    """

    entered: Mapping[str, str]
    choices: Choices
    remarks: tuple[Remark, ...] = ()
    based_on: int = 0
    why: str = ""
    anyway: str = ""
    begun_at: datetime | None = None
    resumed: bool = False
    differences: tuple[Difference, ...] = field(default=())
    focus: str = ""

    @property
    def labels(self) -> Mapping[str, str]:
        """Return what each field is called."""
        return LABELS

    @property
    def week(self) -> tuple[Weekday, ...]:
        """Return the hours that were entered, day by day."""
        return week_of(self.entered["opening_hours"])

    @property
    def problems(self) -> dict[str, list[str]]:
        """Return the sentences of each field of which something is said."""
        found: dict[str, list[str]] = {}
        for each in sorted(self.remarks, key=lambda each: list(FIELDS).index(each.field)):
            found.setdefault(each.field, []).append(curled(each.message))
        return found

    @property
    def focused(self) -> str:
        """Return the field that has the focus first: one that is wrong, if any."""
        return next(iter(self.problems), self.focus)

    @property
    def may_save_anyway(self) -> bool:
        """Say whether a person may save it in spite of what is said."""
        return bool(self.remarks) and not any(each.fatal for each in self.remarks)

    @property
    def read_mark(self) -> str:
        """Return what is sent by whoever saves in spite of what is said."""
        return mark_of(self.remarks)

    def codes(self, name: str) -> frozenset[str]:
        """Return the codes that are chosen of a list."""
        return frozenset(self.entered[name].split())


def week_of(text: str) -> tuple[Weekday, ...]:
    """Return hours in French words or OSM's syntax, day by day; none if not understood."""
    return week(read_hours(text)[0] if 0 < len(text.strip()) <= LONGEST_HOURS else None)


def choices_of(gazetteer: Gazetteer, viewer: Viewer, category: str = "") -> Choices:
    """Return what a viewer may choose; category: that of the actor, whatever they may choose."""
    words = vocabulary.load()
    state = viewer.role is Role.REFERENT_ETAT
    found: dict[str, tuple[Category, ...]] = {}
    for family in words.families.values():
        if state and family.code not in FAMILIES_OF_THE_STATE:
            continue
        found[family.label] = tuple(
            each
            for each in words.categories.values()
            if each.family == family.code
            and not each.neutral
            and (each.publishable or each.code == category)
        )
    territories = tuple(
        (each.code, each.name)
        for each in gazetteer.territories
        if viewer.role is Role.CURATEUR or each.code in viewer.territories
    )
    terms = {name: tuple(words.terms(name).values()) for name in LISTS}
    return Choices(found, territories, terms)


def said(name: str, text: str) -> str:
    """Return what was entered in a field as words."""
    words = vocabulary.load()
    if name == "category" and text in words.categories:
        return words.categories[text].label
    if name in LISTS:
        terms = words.terms(name)
        return ", ".join(terms[code].label for code in text.split() if code in terms)
    return text


def differences(
    base: Mapping[str, str], now: Mapping[str, str], mine: Mapping[str, str], fields: Iterable[str]
) -> tuple[Difference, ...]:
    """Return fields with what they were, are now, and were made."""
    return tuple(
        Difference(LABELS[name], *(said(name, each[name]) for each in (base, now, mine)))
        for name in fields
    )


async def _wish(request: Request) -> Wish:
    """Return what a form sends; a field that it lacks is empty."""
    sent = await request.form()
    given = {
        name: [each for each in sent.getlist(name) if isinstance(each, str)]
        for name in (*FIELDS, *_OTHERS)
    }
    entered = {name: (" " if name in LISTS else "\n").join(given[name]) for name in FIELDS}
    number = "".join(given["based_on"][:1])
    return Wish(
        entered,
        int(number) if number.isdecimal() and len(number) < 9 else -1,
        "".join(given["why"][:1]).strip()[:LONGEST_WHY],
        publish="publier" in given["what"],
        anyway="".join(given["anyway"][:1]),
        actor=uuid_in("".join(given["actor"][:1])),
    )


WishOf = Annotated[Wish, Depends(_wish)]


def _gazetteer(desk: DeskOf) -> Gazetteer:
    with read(desk.engine) as session:
        return cached_gazetteer(session.connection())


GazetteerOf = Annotated[Gazetteer, Depends(_gazetteer)]


def _viewer(signed: Signed) -> Viewer:
    return viewer_of(signed)


ViewerOf = Annotated[Viewer, Depends(_viewer)]
