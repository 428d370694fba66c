"""Writes lines to actors: the sealed record first, the public record as its projection."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.models import (
    Actor,
    ActorFingerprint,
    ActorProtected,
    Geocoding,
    Revision,
    new_public_id,
)
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import among
from app.records.protection import Candidate, marks, spread
from app.records.record import (
    Fields,
    Origin,
    Placed,
    Provenance,
    fields_of,
    first,
    merge,
    own_reason,
    place,
    project,
    question,
)
from app.vault.digests import digest
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer
from importers.plan import PlannedLine


@dataclass(slots=True)
class Record:
    """An actor being written. changes: {field: [before, after]}; why: what its revision keeps.

    was_protected: as it is stored, None for a new one. act: the name of a decision by a person.
    """

    actor_id: UUID
    fields: Fields
    provenance: Provenance
    changes: dict[str, list[Any]] = field(default_factory=dict)
    reason: str | None = None
    decided_on: date | None = None
    geocoded: Placed | None = None
    was_protected: bool | None = None
    public_id: str = ""
    why: dict[str, Any] = field(default_factory=lambda: {"shared": True})
    act: str | None = None

    @property
    def turned(self) -> bool:
        """True where the actor is new, or its public record turns neutral or back."""
        return bool(self.reason) != self.was_protected

    @property
    def is_new(self) -> bool:
        """True for an actor that this import creates."""
        return self.was_protected is None


@dataclass(slots=True)
class Written:
    """What became of the lines: line number -> actor, and sets of actors."""

    actors: dict[int, UUID] = field(default_factory=dict)
    created: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    hidden_beside: set[UUID] = field(default_factory=set)


class Writer:
    """Writes the lines of one list within the caller's transaction."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        key: bytes,
        gazetteer: Gazetteer,
        who: str,
    ) -> None:
        self._session, self._vault, self._key = session, vault, key
        self._gazetteer, self._who = gazetteer, who
        self._territories = {each.code: each for each in gazetteer.territories}

    def write(self, lines: Iterable[tuple[PlannedLine[UUID], Origin]], *, draft: bool) -> Written:
        """Create or update the actor of each line, and hide what shares with a protected place."""
        todo = list(lines)
        stored = self.stored({line.actor for line, _ in todo if line.actor})
        written, records = Written(), {}
        for line, origin in todo:
            record = self._record(line, origin, stored, draft=draft)
            records[record.actor_id] = record
            written.actors[line.row.line] = record.actor_id
            if record.is_new:
                written.created.add(line.row.line)
            elif record.changes:
                written.updated.add(line.row.line)
        written.hidden_beside = self.settle(records)
        return written

    def settle(self, records: dict[UUID, Record]) -> set[UUID]:
        """Save records once it is known who shares with a protected place.

        Returns the stored actors, not among the records, that had to be hidden as well.
        """
        candidates = {
            record.actor_id: Candidate(
                record.reason,
                record.decided_on is not None,
                marks(record.fields, self._key),
            )
            for record in records.values()
        }
        beside = self.stored(spread(self._session, candidates))
        for record in beside.values():
            record.reason = "shared"
        for actor_id, candidate in candidates.items():
            records[actor_id].reason = candidate.reason
        self.save([*records.values(), *beside.values()])
        self._save_marks(candidates)
        return set(beside)

    def stored(self, actors: Iterable[UUID]) -> dict[UUID, Record]:
        """Return the whole records of stored actors."""
        statement = (
            select(Actor.protected, Actor.public_id, ActorProtected, StoredProvenance, Geocoding)
            .join(ActorProtected, ActorProtected.actor_id == Actor.id)
            .join(StoredProvenance, StoredProvenance.actor_id == Actor.id)
            .outerjoin(Geocoding, Geocoding.actor_id == Actor.id)
            .where(among(Actor.id, actors))
        )
        open_json = self._vault.open_json
        found = {}
        rows = self._session.execute(statement, execution_options={"populate_existing": True})
        for was, public_id, sealed, provenance, geocoding in rows:
            actor_id = sealed.actor_id
            fields = open_json("actor_protected", actor_id, "record", sealed.record)
            found[actor_id] = Record(
                actor_id,
                fields,
                open_json("provenance", actor_id, "fields", provenance.fields),
                reason=sealed.reason,
                decided_on=sealed.decided_on,
                geocoded=self._geocoded(geocoding, fields),
                was_protected=was,
                public_id=public_id,
            )
        return found

    def question(self, fields: Fields) -> bytes:
        """Return the digest of what a geocoder is asked of a record: whether it was, as it is."""
        return digest(self._key, "question", repr(question(fields)))

    def _geocoded(self, geocoding: Geocoding | None, fields: Fields) -> Placed | None:
        if geocoding is None or geocoding.decision != "accepted":
            return None
        if geocoding.question != self.question(fields):
            return None  # the point of an address that the actor has left
        answer = self._vault.open_json("geocoding", geocoding.actor_id, "answer", geocoding.answer)
        return Placed(answer["lon"], answer["lat"], answer["precision"])

    def _record(
        self, line: PlannedLine[UUID], origin: Origin, stored: dict[UUID, Record], *, draft: bool
    ) -> Record:
        new = fields_of(line.row)
        if line.actor is None:
            if draft and new["status"] == "published":
                new["status"] = "draft"
            record = Record(uuid4(), new, *first(new, origin))
        else:
            record = stored[line.actor]
            asked = question(record.fields)
            record.fields, record.provenance, record.changes = merge(
                record.fields, record.provenance, new, origin
            )
            if question(record.fields) != asked:
                record.geocoded = None
        record.why = origin.as_json()
        # Once protected, an actor stays so until a decision, whatever a later list calls it; only
        # what nobody could classify was never more than unknown.
        own, kept = own_reason(record.fields), record.reason
        if record.decided_on is not None or kept == "unknown":
            kept = None
        record.reason = own or kept
        return record

    def save(self, records: Iterable[Record]) -> None:
        """Write records, their public projection, and a revision of each one that changed."""
        changed = [record for record in records if record.changes or record.turned or record.act]
        new = [record for record in changed if record.is_new]
        old = [record for record in changed if not record.is_new]
        execute = self._session.execute
        if new:
            execute(insert(Actor), [self._public(record) for record in new])
            execute(insert(ActorProtected), [self._sealed(record) for record in new])
            execute(insert(StoredProvenance), [self._provenance(record) for record in new])
        if old:
            execute(update(Actor), [self._public(record) for record in old])
            execute(update(ActorProtected), [self._sealed(record) for record in old])
            execute(update(StoredProvenance), [self._provenance(record) for record in old])
        if changed:
            execute(insert(Revision), [self._revision(record) for record in changed])

    def _public(self, record: Record) -> dict[str, Any]:
        territory = self._territories[record.fields["territory"]]
        commune = self._gazetteer.by_insee(record.fields["commune"] or "")
        placed = place(record.fields, record.geocoded, commune)
        columns = project(record.fields, record.reason, territory, placed)
        columns |= {"id": record.actor_id, "updated_at": datetime.now(UTC)}
        # A sheet that turns neutral, or back, gets a new address: the old one must lead nowhere.
        columns["public_id"] = new_public_id() if record.turned else record.public_id
        return columns

    def _sealed(self, record: Record) -> dict[str, Any]:
        sealed = self._vault.seal_json("actor_protected", record.actor_id, "record", record.fields)
        return {
            "actor_id": record.actor_id,
            "reason": record.reason,
            "decided_on": record.decided_on,
            "record": sealed,
        }

    def _provenance(self, record: Record) -> dict[str, Any]:
        seal = self._vault.seal_json
        sealed = seal("provenance", record.actor_id, "fields", record.provenance)
        return {"actor_id": record.actor_id, "fields": sealed}

    def _revision(self, record: Record) -> dict[str, Any]:
        revision_id = uuid4()
        # "protect" wherever a public record turned neutral: app/operations/erasure.py looks for it.
        turned = "protect" if record.turned else "update"
        told = "create" if record.is_new else turned if record.reason else "update"
        return {
            "id": revision_id,
            "actor_id": record.actor_id,
            "who": self._who,
            "action": record.act or told,
            "why": self._vault.seal_json("revision", revision_id, "why", record.why),
            "change": self._vault.seal_json("revision", revision_id, "change", record.changes),
        }

    def _save_marks(self, candidates: dict[UUID, Candidate]) -> None:
        statement = delete(ActorFingerprint).where(among(ActorFingerprint.actor_id, candidates))
        self._session.execute(statement)
        rows = [
            {"actor_id": actor_id, "kind": kind, "digest": value}
            for actor_id, candidate in candidates.items()
            for kind, value in candidate.marks
        ]
        if rows:
            self._session.execute(insert(ActorFingerprint), rows)
