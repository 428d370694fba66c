"""What lists say otherwise than the record of an actor, whose value in place stays.

The last line of each list is in source_row, sealed, as it was read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.models import Actor, Source, SourceFile, SourceRecord, SourceRow
from app.records.edits import says_nothing
from app.records.record import ActorRecord
from app.records.viewing import see_these
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
STATES = {"published": "ouvert", "archived": "fermé", "draft": "brouillon", "secret": "secret"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of an actor of which a list says something else; since: the day of that list."""

    public_id: str
    territory: str
    name: str
    field: str
    present: str
    said: str
    source: str
    since: date


def conflicts(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> Iterator[Conflict]:
    """Yield what lists say otherwise, of actors of several lists; territory: code."""
    several = (
        select(SourceRecord.actor_id)
        .group_by(SourceRecord.actor_id)
        .having(func.count(SourceRecord.source_id.distinct()) > 1)
    )
    statement = (
        select(Actor.id, Source, SourceRow, SourceFile.received_at)
        .join(SourceRecord, SourceRecord.actor_id == Actor.id)
        .join(Source, Source.id == SourceRecord.source_id)
        .join(SourceFile, SourceFile.id == SourceRecord.last_file_id)
        .join(
            SourceRow,
            and_(SourceRow.source_file_id == SourceFile.id, SourceRow.actor_id == Actor.id),
        )
        .where(Actor.id.in_(several), SourceRecord.missing_since.is_(None))
        # Of the lines that one list gave of an actor, the last one counts.
        .ext(distinct_on(Actor.territory_code, Actor.public_id, Source.id))
        .order_by(Actor.territory_code, Actor.public_id, Source.id, SourceFile.received_at.desc())
    )
    if territory is not None:
        statement = statement.where(Actor.territory_code == territory)
    found = session.execute(statement).all()
    seen = see_these(session, vault, viewer, {actor for actor, *_ in found})
    names: dict[UUID, str] = {}
    for actor, source, row, received in found:
        if actor not in seen:
            continue
        record = seen[actor].record
        content = vault.open_json("source_row", row.id, "content", row.content)
        if source.id not in names:
            names[source.id] = vault.open("source", source.id, "name", source.name).decode()
        for field, present, said in _differences(record, content["read"] or {}):
            yield Conflict(
                seen[actor].public_id,
                record.territory,
                record.name,
                LABELS[field],
                present,
                said,
                names[source.id],
                received.date(),
            )


def _differences(record: ActorRecord, row: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (field, value in place, value of the line) where a line says another thing."""
    known = record.model_dump(mode="json")
    for field in LABELS:
        present, said = known[field], row.get(field)
        if says_nothing(said) or said == [] or _texts(said) <= _texts(present):
            continue
        if field == "status" and "archived" not in (present, said):
            continue
        yield field, _shown(field, present), _shown(field, said)


def _texts(value: Any) -> set[str]:
    return {fold(str(each)) for each in (value if isinstance(value, list) else [value])}


def _shown(field: str, value: Any) -> str:
    if field == "category" and value in (categories := vocabulary.load().categories):
        return categories[value].label
    if field == "status":
        return STATES[value]
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    return " ".join(text.split())
