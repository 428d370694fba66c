"""Plans and writes edits: the sealed record first, the public one as its projection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from app.models import Actor, ActorFingerprint, ActorProtected, new_public_id
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.history import Entry, History
from app.records.marks import Mark, marks
from app.records.placing import place
from app.records.projection import project
from app.records.protection import Candidate, spread
from app.records.sealed import seal_provenance, seal_record
from app.records.stored import read_edits
from app.vault.sealing import Vault
from geo.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Changes:
    """Edits of which nothing is written yet, with the marks of each.

    also_hidden: stored actors to hide with them, since they share an address or a phone.
    """

    edits: Mapping[UUID, Edit]
    marks: Mapping[UUID, set[Mark]]
    also_hidden: Mapping[UUID, Edit]


class Writer:
    """Plans and writes within the caller's transaction."""

    def __init__(
        self,
        session: Session,
        vault: Vault,
        key: bytes,
        gazetteer: Gazetteer,
    ) -> None:
        self._session, self._vault, self._key = session, vault, key
        self._gazetteer = gazetteer
        self._territories = {each.code: each for each in gazetteer.territories}

    def settle(self, edits: dict[UUID, Edit], history: History) -> set[UUID]:
        """Save edits once it is known who shares with a protected place.

        Returns the stored actors, not among the edits, that had to be hidden as well.
        """
        changes = self.plan(edits, {})
        self.write(changes, history)
        return set(changes.also_hidden)

    def plan(self, edits: dict[UUID, Edit], known: Mapping[UUID, set[Mark]]) -> Changes:
        """Return what edits change, and whom they hide; only reads. known: marks computed before.

        The reason of an edit becomes "shared" where it shares with a protected place.
        """
        found = {
            actor_id: known.get(actor_id) or marks(edit.record, self._key)
            for actor_id, edit in edits.items()
        }
        candidates = {
            actor_id: Candidate(edit.reason, edit.decided_on is not None, found[actor_id])
            for actor_id, edit in edits.items()
        }
        also_hidden = self.stored(spread(self._session, candidates))
        for edit in also_hidden.values():
            edit.reason = "shared"
        for actor_id, candidate in candidates.items():
            edits[actor_id].reason = candidate.reason
        return Changes(edits, found, also_hidden)

    def write(self, changes: Changes, history: History) -> None:
        """Save what was planned in this transaction, under the import lock."""
        self.save([*changes.edits.values(), *changes.also_hidden.values()], history)
        self._save_marks(changes.marks)

    def stored(self, actors: Iterable[UUID]) -> dict[UUID, Edit]:
        """Return stored actors as they are, to be edited."""
        return read_edits(self._session, self._vault, self._key, actors)

    def save(self, edits: Iterable[Edit], history: History) -> None:
        """Write edits, their public projection, and a revision of each one that changed."""
        changed = [edit for edit in edits if edit.changes or edit.turned or edit.act]
        new = [edit for edit in changed if edit.is_new]
        old = [edit for edit in changed if not edit.is_new]
        execute = self._session.execute
        if new:
            execute(insert(Actor), [self._public(edit) for edit in new])
            execute(insert(ActorProtected), [self._sealed(edit) for edit in new])
            execute(insert(StoredProvenance), [self._provenance(edit) for edit in new])
        if old:
            execute(update(Actor), [self._public(edit) for edit in old])
            execute(update(ActorProtected), [self._sealed(edit) for edit in old])
            execute(update(StoredProvenance), [self._provenance(edit) for edit in old])
        history.note(
            Entry(edit.actor_id, edit.action, edit.why, edit.all_changes()) for edit in changed
        )

    def _public(self, edit: Edit) -> dict[str, Any]:
        territory = self._territories[edit.record.territory]
        commune = self._gazetteer.by_insee(edit.record.commune or "")
        placed = place(edit.record, edit.geocoded, commune)
        columns = project(edit.record, edit.reason, territory, placed)
        columns |= {"id": edit.actor_id, "updated_at": datetime.now(UTC)}
        # A sheet that turns neutral, or back, gets a new address: the old one must lead nowhere.
        columns["public_id"] = new_public_id() if edit.turned else edit.public_id
        return columns

    def _sealed(self, edit: Edit) -> dict[str, Any]:
        sealed = seal_record(self._vault, edit.actor_id, edit.record)
        return {
            "actor_id": edit.actor_id,
            "reason": edit.reason,
            "decided_on": edit.decided_on,
            "record": sealed,
        }

    def _provenance(self, edit: Edit) -> dict[str, Any]:
        sealed = seal_provenance(self._vault, edit.actor_id, edit.provenance)
        return {"actor_id": edit.actor_id, "fields": sealed}

    def _save_marks(self, found: Mapping[UUID, set[Mark]]) -> None:
        statement = delete(ActorFingerprint).where(among(ActorFingerprint.actor_id, found))
        self._session.execute(statement)
        rows = [
            {"actor_id": actor_id, "kind": kind, "digest": value}
            for actor_id, values in found.items()
            for kind, value in values
        ]
        if rows:
            self._session.execute(insert(ActorFingerprint), rows)
