"""What the sheet of an actor shows of each field: its value, whether it is public, whose it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts.people import names_of
from app.desk.actors.form import LABELS
from app.desk.shell import gate
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.lists.received import A_LIST, source_names
from app.models import Role
from app.records.entered import FIELDS as ENTERED
from app.records.past import Step
from app.records.record import Origin
from app.records.sheets import Sheet, public_fields
from app.records.wording import FIELDS, lines
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.gazetteer import Gazetteer

ACTORS = f"{gate.HOME}/acteurs"
# What the record has of a field of the form under another name.
_ENTERED_AS = {
    "unpublished": "withheld",
    "hours_text": "opening_hours",
    "access_text": "access",
    "street": "address",
    "commune": "city",
    "precision": "lat",
    **dict.fromkeys(
        (
            *("covers_national", "covers_territories", "covers_epcis", "covers_communes"),
            "communes_said",
        ),
        "coverage",
    ),
}
_LOOKED_FOR = (
    "phones",
    "emails",
    "website",
    "opening_hours",
    "address",
    "audiences",
    "description",
)
# Who said so to a person who wrote it.
BY_HAND = {
    None: "Bureau",
    "own": "L’acteur lui-même",
    "call": "Bureau, par téléphone",
    "meeting": "Bureau, en réunion de la CDLP",
}
# As the reason of what two people did has it: an account may lose its name, or change it.
_ASKED_BY = re.compile(r"(?<=demandé par )[0-9a-f-]{36}")
# Who works on actors; each on those that app/visibility.py says.
WORKERS = (Role.REFERENT_DEPARTEMENT, Role.REFERENT_ETAT, Role.CURATEUR)


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a deed for several lacked, and what was chosen for it; word: of a pile.

    Without an error: a page on which nothing was chosen yet.
    """

    error: Mesure23Error | None = None
    chosen: frozenset[str] = frozenset()
    category: str = ""
    scope: str = ""
    word: str | None = None

    @property
    def status(self) -> int:
        """Return that of its page."""
        return self.error.status if self.error else 200


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field as the sheet shows it. public: all or some of it, or nothing.

    link: to the line of the list that gave it. entered: the field of the form that corrects it.
    """

    label: str
    value: str
    public: Literal["all", "some", ""]
    source: str
    on: date | None
    link: str
    entered: str


def field_lines(session: Session, vault: Vault, viewer: Viewer, sheet: Sheet) -> list[FieldLine]:
    """Return what is known of an actor, field by field; nothing of one that is masked."""
    if sheet.record is None or sheet.provenance is None:
        return []
    public = public_fields(session, sheet.actor_id, sheet.record)
    origins = sheet.provenance
    sources = [each.source for each in origins.values() if isinstance(each.source, UUID)]
    names = source_names(session, vault, viewer, sources)
    gazetteer = cached_gazetteer(session.connection())
    return [
        FieldLine(
            FIELDS[field],
            _with_name(gazetteer, field, value),
            public.get(field, ""),
            _source(origins.get(field), names),
            origins[field].day if field in origins else None,
            _link(sheet.public_id, origins.get(field)),
            entered_as(field),
        )
        for field, value in lines(sheet.record).items()
    ]


def unsaid(known: Iterable[FieldLine]) -> dict[str, str]:
    """Return which fields of the form nothing is known of, and a visitor would look for."""
    said = {each.entered for each in known}
    return {name: LABELS[name] for name in _LOOKED_FOR if name not in said}


def with_names(
    session: Session, vault: Vault, steps: Iterable[Step], *others: str
) -> tuple[list[Step], dict[str, str]]:
    """Return steps that name who asked for them, and who is who in them; others: named as well."""
    steps = list(steps)
    asked_for = (each for step in steps for each in _ASKED_BY.findall(step.why))
    names = names_of(session, vault, [*(step.who for step in steps), *asked_for, *others])
    said = [
        replace(step, why=_ASKED_BY.sub(lambda found: names.get(found[0], found[0]), step.why))
        for step in steps
    ]
    return said, names


def _with_name(gazetteer: Gazetteer, field: str, value: str) -> str:
    """Return a code of a commune or a territory behind its name, any other value as it is."""
    match field:
        case "commune" if commune := gazetteer.by_insee(value):
            return f"{commune.name} ({value})"
        case "territory":
            name = next((each.name for each in gazetteer.territories if each.code == value), "")
            return f"{name} ({value})" if name else value
    return value


def entered_as(name: str) -> str:
    """Return the field of the form that says a field of the record, or nothing."""
    found = _ENTERED_AS.get(name, name)
    return found if found in ENTERED else ""


def _source(origin: Origin | None, names: Mapping[UUID, str]) -> str:
    if origin is None:
        return ""
    if isinstance(origin.source, str):
        return BY_HAND[origin.how]
    return names.get(origin.source, A_LIST)


def _link(public_id: str, origin: Origin | None) -> str:
    if origin is None or origin.file is None or origin.line is None:
        return ""
    asked = {"fichier": str(origin.file), "ligne": str(origin.line)}
    if origin.sheet is not None:
        asked["feuille"] = origin.sheet
    return f"{ACTORS}/{public_id}/recu?{urlencode(asked)}"
