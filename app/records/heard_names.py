"""What lists call actors, each in the last of its files that named them, as true names are read.

A record has one name; whoever writes of a place may know it by another one.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app.models import ActorProtected, SourceRecord, SourceRow
from app.platform.database.sessions import among_ids
from app.records.memory import Beside, Memory
from app.vault.sealing import json_of


class Heard(NamedTuple):
    """What a line calls its actor, and its town; an unusable line names nobody."""

    name: str = ""
    city: str | None = None


def heard_in(clear: bytes) -> Heard:
    """Return what an opened line calls its actor."""
    read = json_of(clear)["read"]
    return Heard(read["name"], read.get("city")) if read else Heard()


def _with_lines(records: Select[UUID, bytes]) -> Select[UUID, bytes]:
    lines = records.join(SourceRow, SourceRow.actor_id == ActorProtected.actor_id)
    is_last = SourceRecord.last_file_id == SourceRow.source_file_id
    return lines.join(SourceRecord, and_(SourceRecord.actor_id == SourceRow.actor_id, is_last))


LINES = Beside(SourceRow.id, SourceRow.content, _with_lines)
# Of this process, by line.
HEARD = Memory(LINES, heard_in)


def actors_of(session: Session, lines: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return the actors that some lines are of, which they may not have been when they came."""
    of = select(SourceRow.id, SourceRow.actor_id).where(among_ids(SourceRow.id, lines))
    return {line: actor for line, actor in session.execute(of) if actor}
