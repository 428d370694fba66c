"""What lists say otherwise than the record of an actor, whose value in place stays.

The last line of each list is in source_row, sealed, as it was read.
"""

import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Actor, Source, SourceFile, SourceRecord, SourceRow
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import among
from app.records.edits import says_nothing
from app.records.record import ActorRecord, Origin, Provenance
from app.records.sealed import open_provenance
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_these
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold
from importers import vocabulary

LABELS = {
    "name": "nom",
    "category": "catégorie",
    "phones": "téléphones",
    "emails": "adresses électroniques",
    "website": "site",
    "address": "adresse",
    "opening_hours": "horaires",
    "age_min": "âge minimum",
    "age_max": "âge maximum",
    "status": "état",
}
NOT_PUBLIC = "contact non public : ouvrez la fiche"
OPENED_AT_ONCE = 300
_REACHED = ("phones", "emails")
STATES = {"published": "ouvert", "archived": "fermé", "draft": "brouillon", "secret": "secret"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of an actor of which a list says something else; since: the day of that list.

    name_of_field: in the record. value: what the list says, as JSON. rank: of the list. by: what
    wrote the value in place, and when. masked: whether the record is to be opened first. mark: of
    both values, as their reader saw them. never_public: what the line withholds and whom it names.
    names_persons: a value is withheld, which present and said leave out.
    """

    public_id: str
    territory: str
    name: str
    field: str
    present: str
    said: str
    source: str
    since: date
    source_id: UUID
    name_of_field: str
    value: Any
    in_place: Any
    rank: int
    masked: bool
    mark: str
    never_public: dict[str, list[str]]
    names_persons: bool
    by: Origin | None = None

    @property
    def is_decided(self) -> bool:
        """Say whether a person has written the value in place since the list came."""
        return self.by is not None and self.by.source == "staff" and self.by.day >= self.since


class _Said(NamedTuple):
    """What a list says of an actor. name, since: of the list; line: as it was read."""

    source: Source
    name: str
    since: date
    line: dict[str, Any]


def conflicts(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    territory: str | None = None,
    *which: ColumnElement[bool],
) -> Iterator[Conflict]:
    """Yield what lists say otherwise, of actors of several lists, by territory.

    territory: code. which: conditions of Actor. They are opened some at a time: who takes the first
    of them opens no more.
    """
    several = (
        select(SourceRecord.actor_id)
        .group_by(SourceRecord.actor_id)
        .having(func.count(SourceRecord.source_id.distinct()) > 1)
    )
    actors = select(Actor.id).where(Actor.id.in_(several), *which)
    if territory is not None:
        actors = actors.where(Actor.territory_code == territory)
    found = session.scalars(actors.order_by(Actor.territory_code, Actor.public_id)).all()
    for first in range(0, len(found), OPENED_AT_ONCE):
        yield from _of_some(session, vault, viewer, found[first : first + OPENED_AT_ONCE])


def _of_some(
    session: Session, vault: Vault, viewer: Viewer, actors: Iterable[UUID]
) -> Iterator[Conflict]:
    """Yield what lists say otherwise of some actors, in the order of conflicts."""
    statement = (
        select(Actor.id, Source, SourceRow, SourceFile.received_at)
        .join(SourceRecord, SourceRecord.actor_id == Actor.id)
        .join(Source, Source.id == SourceRecord.source_id)
        .join(SourceFile, SourceFile.id == SourceRecord.last_file_id)
        .join(
            SourceRow,
            and_(SourceRow.source_file_id == SourceFile.id, SourceRow.actor_id == Actor.id),
        )
        .where(among(Actor.id, actors), SourceRecord.missing_since.is_(None))
        # Of the lines that one list gave of an actor, the last one counts.
        .ext(distinct_on(Actor.territory_code, Actor.public_id, Source.id))
        .order_by(Actor.territory_code, Actor.public_id, Source.id, SourceFile.received_at.desc())
    )
    found = session.execute(statement).all()
    seen = see_these(session, vault, viewer, {actor for actor, *_ in found})
    origins = _origins(session, vault, seen)
    names: dict[UUID, str] = {}
    key = index_key(session, vault) if found else b""
    for actor, source, row, received in found:
        if actor not in seen:
            continue
        if source.id not in names:
            names[source.id] = vault.open("source", source.id, "name", source.name).decode()
        content = vault.open_json("source_row", row.id, "content", row.content)
        said_by = _Said(source, names[source.id], received.date(), content["read"] or {})
        yield from _otherwise(seen[actor], origins[actor], said_by, key)


def _otherwise(seen: Seen, origins: Provenance, said_by: _Said, key: bytes) -> Iterator[Conflict]:
    """Yield what a line says otherwise than an actor. key: of the marks."""
    record, line = seen.record, said_by.line
    withheld = {*record.unpublished, *line.get("unpublished", ())}
    for field, present, said in _differences(record, line):
        reached = field in _REACHED
        yield Conflict(
            seen.public_id,
            record.territory,
            record.name,
            LABELS[field],
            _shown(field, present, withheld),
            _shown(field, said, withheld),
            said_by.name,
            said_by.since,
            *(said_by.source.id, field, said, getattr(record, field), said_by.source.rank),
            is_protected(seen.level, record.status),
            digest(key, "conflict", json.dumps([present, said])).hex(),
            {each: line.get(each, []) for each in ("unpublished", "contacts") if reached},
            reached and not withheld.isdisjoint((*present, *said)),
            origins.get(field),
        )


def _origins(session: Session, vault: Vault, actors: Iterable[UUID]) -> dict[UUID, Provenance]:
    """Return what wrote each field of some actors."""
    statement = select(StoredProvenance).where(among(StoredProvenance.actor_id, set(actors)))
    found: dict[UUID, Provenance] = {each: {} for each in actors}
    for row in session.scalars(statement):
        found[row.actor_id] = open_provenance(vault, row.actor_id, row.fields)
    return found


def _differences(record: ActorRecord, row: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield (field, value in place, value of the line) where a line says another thing."""
    known = record.model_dump(mode="json")
    for field in LABELS:
        present, said = known[field], row.get(field)
        # What a record withholds it has, wherever else it stands.
        known_texts = _texts(known["unpublished"]) if field in _REACHED else set()
        if says_nothing(said) or said == [] or _texts(said) - known_texts <= _texts(present):
            continue
        if field == "status" and "archived" not in (present, said):
            continue
        yield field, present, said


def _texts(value: Any) -> set[str]:
    return {fold(str(each)) for each in (value if isinstance(value, list) else [value])}


def _shown(field: str, value: Any, withheld: Set[str]) -> str:
    if field == "category" and value in (categories := vocabulary.load().categories):
        return categories[value].label
    if field == "status":
        return STATES[value]
    if field in _REACHED:
        value = list(dict.fromkeys(NOT_PUBLIC if each in withheld else each for each in value))
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return " ".join(text.split())
