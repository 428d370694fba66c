"""What a list that is planned twice in one transaction asks twice: records opened, words quoted.

A plan writes to what it reads, so that each has its own. An actor that was sealed anew since is
opened anew, and what else stands beside its record is read each time.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from app.records.causes import Cause
from app.records.marks import Mark, marks, quoted, texts
from app.records.record import ActorRecord, Provenance
from app.records.sealed import open_causes, open_provenance, open_record
from app.vault.sealing import Vault
from importers.row import ActorFields

_NONE: frozenset[Mark] = frozenset()
_DIGEST_BYTES = 16


class Sealed(NamedTuple):
    """All that is sealed of an actor."""

    record: bytes
    provenance: bytes
    causes: bytes | None


class Whole(NamedTuple):
    """All that is sealed of an actor, opened, and its marks."""

    record: ActorRecord
    provenance: Provenance
    causes: tuple[Cause, ...]
    marks: frozenset[Mark]


@dataclass(slots=True)
class Twice:
    """Remembers both until its writer writes, or is gone."""

    _opened: dict[UUID, tuple[bytes, Whole]] = field(default_factory=dict)
    _quoted: dict[tuple[object, ...], frozenset[Mark]] = field(default_factory=dict)

    def opened(self, vault: Vault, actor_id: UUID, sealed: Sealed) -> Whole:
        """Return what is sealed of an actor, for the caller to write to."""
        found = blake2b(digest_size=_DIGEST_BYTES)
        for each in sealed:
            found.update(each or b"")
        digest = found.digest()
        known, whole = self._opened.get(actor_id) or (b"", None)
        if whole is None or known != digest:
            whole = opened(vault, actor_id, sealed)
            self._opened[actor_id] = digest, whole
        copied = whole.record.model_copy()
        return whole._replace(record=copied, provenance=dict(whole.provenance))

    def quoted(self, actor: ActorFields) -> frozenset[Mark]:
        """Return what quoted() does, found once for the same words in the same place."""
        said = (*texts(actor), None, actor.website, actor.address, actor.commune, actor.territory)
        if (found := self._quoted.get(said)) is None:
            found = self._quoted[said] = frozenset(quoted(actor)) or _NONE
        return found


def opened(vault: Vault, actor_id: UUID, sealed: Sealed) -> Whole:
    """Open all that is sealed of an actor."""
    record = open_record(vault, actor_id, sealed.record)
    return Whole(
        record,
        open_provenance(vault, actor_id, sealed.provenance),
        open_causes(vault, actor_id, sealed.causes),
        frozenset(marks(record)),
    )
