"""What lists say otherwise than the record of an actor, whose value in place stays."""

import json
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.models import Actor, Batch, Revision, SourceRecord
from app.records import wording
from app.records.choosing import is_taken
from app.records.record import Origin, Provenance
from app.records.said import REACHED, Said, differences, is_answered, last_said
from app.records.sealed import origins_of
from app.records.sheets import is_protected
from app.records.viewing import Seen, see_these
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from app.visibility import Viewer

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


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field of an actor of which a list says something else; since: the day of that list.

    name_of_field: in the record. value: what the list says, as JSON. rank: of the list. by: what
    wrote the value in place, and when. masked: whether the record is to be opened first. mark: of
    the value in place and all that lists say of it, as their reader saw them. never_public: what
    the line withholds and whom it names. is_taken: what the list says may be taken as it is.
    is_decided: a person who knew what the list says wrote the value in place.
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
    is_taken: bool
    is_decided: bool
    by: Origin | None = None


def conflicts(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    territory: str | None = None,
    *which: ColumnElement[bool],
) -> Iterator[Conflict]:
    """Yield what lists say otherwise, by territory.

    territory: code. which: conditions of Actor. They are opened some at a time: who takes the first
    of them opens no more.
    """
    actors = select(Actor.id).where(may_dispute(), *which)
    if territory is not None:
        actors = actors.where(Actor.territory_code == territory)
    found = session.scalars(actors.order_by(Actor.territory_code, Actor.public_id)).all()
    for first in range(0, len(found), OPENED_AT_ONCE):
        yield from _of_some(session, vault, viewer, found[first : first + OPENED_AT_ONCE])


def may_dispute() -> ColumnElement[bool]:
    """Return of which actors a list may say otherwise: of several lists, or corrected by a person.

    The others are as their only list says.
    """
    several = (
        select(SourceRecord.actor_id)
        .group_by(SourceRecord.actor_id)
        .having(func.count(SourceRecord.source_id.distinct()) > 1)
    )
    corrected = (
        select(Revision.actor_id)
        .join(Batch, Batch.id == Revision.batch_id)
        .where(Batch.cause == "edit")
    )
    return Actor.id.in_(several) | Actor.id.in_(corrected)


def _of_some(
    session: Session, vault: Vault, viewer: Viewer, actors: Iterable[UUID]
) -> Iterator[Conflict]:
    """Yield what lists say otherwise of some actors, in the order of conflicts."""
    seen = see_these(session, vault, viewer, actors)
    if not seen:
        return
    origins, key = origins_of(session, vault, seen), index_key(session, vault)
    names: dict[UUID, str] = {}
    for actor, of_actor in groupby(last_said(session, vault, seen), key=lambda each: each.actor_id):
        lines = list(of_actor)
        for source in (each.source for each in lines if each.source.id not in names):
            names[source.id] = vault.open("source", source.id, "name", source.name).decode()
        yield from _otherwise(seen[actor], origins.get(actor, {}), lines, names, key)


def _otherwise(
    seen: Seen, origins: Provenance, lines: list[Said], names: dict[UUID, str], key: bytes
) -> Iterator[Conflict]:
    """Yield what lines say otherwise than their actor. names: of lists; key: of the marks."""
    record = seen.record
    for said_by in lines:
        line, source = said_by.line, said_by.source
        withheld = {*record.unpublished, *line.get("unpublished", ())}
        for each in differences(record, line):
            field, reached, by = each.field, each.field in REACHED, origins.get(each.field)
            if by and by.source == source.id:
                # Two of its lines are one actor now: it says otherwise than itself.
                continue
            heard = [[str(one.source.id), one.line.get(field)] for one in lines]
            yield Conflict(
                seen.public_id,
                record.territory,
                record.name,
                LABELS[field],
                _shown(field, each.present, withheld),
                _shown(field, each.said, withheld),
                names[source.id],
                said_by.since,
                *(source.id, field, each.said, getattr(record, field), source.rank),
                is_protected(seen.level, record.status),
                digest(key, "conflict", json.dumps([each.present, heard])).hex(),
                {name: line.get(name, []) for name in ("unpublished", "contacts") if reached},
                is_taken(each, withheld),
                is_answered(key, by, source.id, said_by.since, each),
                by,
            )


def _shown(field: str, value: Any, withheld: Set[str]) -> str:
    if field not in REACHED:
        return " ".join(wording.said(field, value).split())
    each_shown = (NOT_PUBLIC if one in withheld else wording.said(field, [one]) for one in value)
    return ", ".join(dict.fromkeys(each_shown))
