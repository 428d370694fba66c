"""What becomes of the fields of a known actor once somebody finds that a line of a list is it.

As it would be applied now, before anybody answers. Of whoever is hidden nothing is foretold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Source, SourceFile
from app.records.edits import Edit, merge, says_nothing
from app.records.given import without_given
from app.records.record import ActorRecord, Origin, Provenance
from app.records.said import REACHED
from app.records.sealed import origins_of
from app.records.spelling import as_in_place
from app.records.viewing import Seen
from app.records.wording import FIELDS
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from geo.zones import paris_day
from importers.row import ActorRow

# "hides": a number or a mailbox of the actor is public no more.
Effect = Literal["stays", "replaces", "adds", "hides"]


def withheld_marks(row: ActorRow, key: bytes) -> dict[str, list[str]]:
    """Return digests of what a line withholds, and of what a name alone does: no value of it."""
    return {
        "withheld": [_mark(key, each) for each in row.unpublished],
        "by_name": [_mark(key, each) for each in row.beside_names],
    }


def _mark(key: bytes, value: str) -> str:
    return digest(key, "withheld", value).hex()


@dataclass(frozen=True, slots=True)
class Foretelling:
    """What writes the lines of a list. origins: of the fields of the actors that they may be."""

    key: bytes
    by: Origin
    origins: Mapping[UUID, Provenance]

    def of(self, actor: Seen, pair: Mapping[str, Any]) -> dict[str, Effect]:
        """Return what becomes of each field; pair: as it is sealed beside the line."""
        record = actor.record
        if "withheld" not in pair or (actor.level, record.status) != (None, "published"):
            return {}
        row = self._row(record, pair)
        if row.status == "draft":
            return {}
        edit = Edit(
            actor.actor_id,
            record.model_copy(),
            dict(self.origins.get(actor.actor_id, {})),
            former_level=actor.level,
            former_status=record.status,
            was_protected=False,
        )
        line = without_given(as_in_place(row, record), edit, self.by)
        merge(edit, line, self.by, last_wins=False)
        found = ((name, _effect(name, record, edit.record, row)) for name in FIELDS)
        return {name: effect for name, effect in found if effect}

    def _row(self, record: ActorRecord, pair: Mapping[str, Any]) -> ActorRow:
        """Return a line as far as it says something of an actor: of what it withholds, what the
        actor has as well.
        """
        known = {_mark(self.key, each): each for each in (*record.phones, *record.emails)}
        bearing = [known[each] for each in pair["withheld"] if each in known]
        by_name = [known[each] for each in pair["by_name"] if each in known]
        said = pair["said"]
        phones = [*said.get("phones", ()), *(each for each in bearing if "@" not in each)]
        emails = [*said.get("emails", ()), *(each for each in bearing if "@" in each)]
        more = {"phones": phones, "emails": emails, "unpublished": bearing, "beside_names": by_name}
        return ActorRow.model_validate({**said, **more, "line": 1})


def foretelling(
    session: Session, vault: Vault, deposit_id: UUID, actors: Iterable[UUID]
) -> Foretelling:
    """Return what foretells the answers to lines of a deposit; actors: those that they may be."""
    statement = (
        select(Source.id, Source.rank)
        .join(SourceFile, SourceFile.source_id == Source.id)
        .where(SourceFile.id == deposit_id)
    )
    source, rank = session.execute(statement).one()
    by = Origin(source=source, day=paris_day(), rank=rank)
    return Foretelling(index_key(session, vault), by, origins_of(session, vault, set(actors)))


def _effect(name: str, before: ActorRecord, after: ActorRecord, row: ActorRow) -> Effect | None:
    """Return what becomes of a field, None where the line says nothing else of it."""
    was, now = getattr(before, name), getattr(after, name)
    if name in REACHED:
        hidden = set(after.unpublished) - set(before.unpublished)
        if not hidden.isdisjoint(was):
            return "hides"
    if now != was:
        return "adds" if says_nothing(was) else "replaces"
    said = getattr(row, name, None)
    return None if says_nothing(said) or said == was else "stays"
