"""Actors that their list named once, and names no more: they stay as they are, and are said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Actor, Source, SourceRecord
from app.records.viewing import see_these
from app.vault.sealing import Vault
from app.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Missing:
    """An actor by its true name, the list that names it no more, and since when."""

    name: str
    territory: str
    public_id: str
    source: str
    since: date


def missing(
    session: Session, vault: Vault, viewer: Viewer, territory: str | None = None
) -> Iterator[Missing]:
    """Yield actors that no line of their list is any more, by territory; territory: its code."""
    since = func.max(SourceRecord.missing_since).label("since")
    absent = (
        select(SourceRecord.source_id, SourceRecord.actor_id, since)
        .group_by(SourceRecord.source_id, SourceRecord.actor_id)
        # Of several lines of one list, one that is there is enough.
        .having(func.bool_and(SourceRecord.missing_since.is_not(None)))
        .subquery()
    )
    statement = (
        select(absent.c.since, Source, Actor.id)
        .join(Source, Source.id == absent.c.source_id)
        .join(Actor, Actor.id == absent.c.actor_id)
        .where(Actor.status != "archived")
        .order_by(Actor.territory_code, absent.c.since, Actor.public_id)
    )
    if territory is not None:
        statement = statement.where(Actor.territory_code == territory)
    found = session.execute(statement).all()
    seen = see_these(session, vault, viewer, {actor for _, _, actor in found})
    names: dict[UUID, str] = {}
    for day, source, actor in found:
        if each := seen.get(actor):
            if source.id not in names:
                names[source.id] = vault.open("source", source.id, "name", source.name).decode()
            record = each.record
            yield Missing(record.name, record.territory, each.public_id, names[source.id], day)
