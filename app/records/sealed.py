"""How records and provenance are sealed, and how those of former versions are read."""

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import OperatorError
from app.models import Provenance as StoredProvenance
from app.platform.database.sessions import among_ids
from app.records.causes import Cause
from app.records.record import ActorRecord, Origin, Provenance
from app.vault.sealing import Vault
from importers.persons import CIVILITIES

_ORIGINS = TypeAdapter(dict[str, Origin])
_CAUSES = TypeAdapter(tuple[Cause, ...])


class RecordUnreadable(OperatorError):
    """La fiche scellée d'un acteur ne correspond pas à cette version du service : une version plus
    récente l'a sans doute écrite. Réinstallez cette version plus récente, puis recommencez.
    """


def _upgrade_1(stored: dict[str, Any]) -> dict[str, Any]:
    """Read each phone as a number: what lists said of its front gate publishes nothing."""
    return stored | {"version": 2, "phones": [phone["number"] for phone in stored["phones"]]}


def _upgrade_2(stored: dict[str, Any]) -> dict[str, Any]:
    """Read the mailbox as one of several, and phones of a front gate as what a person showed."""
    upgraded = stored | {"version": 3, "shown": stored.get("front_gate_phones", ())}
    email = upgraded.pop("email", None)
    upgraded.pop("front_gate_phones", None)
    return upgraded | {"emails": (email,) if email else ()}


# Former name of a field -> today's, in what was sealed of its provenance.
RENAMED = {"email": "emails", "front_gate_phones": "shown"}
# Former version -> what makes the next one of it. Records of version 1 do not say their version.
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _upgrade_1, 2: _upgrade_2}


def read_record(stored: dict[str, Any]) -> ActorRecord:
    """Return a record from its JSON object, of any version; raise RecordUnreadable."""
    while upgrade := UPGRADES.get(stored.get("version", 1)):
        stored = upgrade(stored)
    try:
        return ActorRecord.model_validate(stored)
    except ValidationError:
        # From None: what is in a record may be secret.
        raise RecordUnreadable from None


def open_record(vault: Vault, actor_id: UUID, sealed: bytes) -> ActorRecord:
    """Open actor_protected.record; raise KeyMissing, NotOpened or RecordUnreadable."""
    return read_record(vault.open_json("actor_protected", actor_id, "record", sealed))


def seal_record(vault: Vault, actor_id: UUID, record: ActorRecord) -> bytes:
    """Return what actor_protected.record holds."""
    stored = record.model_dump_json().encode()
    return vault.seal("actor_protected", actor_id, "record", stored)


def open_provenance(vault: Vault, actor_id: UUID, sealed: bytes) -> Provenance:
    """Open provenance.fields; raise KeyMissing or NotOpened."""
    stored = vault.open_json("provenance", actor_id, "fields", sealed)
    # Most fields of an actor come from one line: an object of each takes half of its memory.
    texts: dict[str, str] = {}
    apart: dict[str, Any] = {}
    before: Any = None
    text = ""
    for name, each in stored.items():
        if each != before:
            before, text = each, repr(each)
            apart[text] = each
        texts[name] = text
    origins = _ORIGINS.validate_python(apart)
    return {RENAMED.get(name, name): origins[text] for name, text in texts.items()}


def origins_of(session: Session, vault: Vault, actors: Collection[UUID]) -> dict[UUID, Provenance]:
    """Return where the fields of some actors come from, whose records the caller may read."""
    statement = select(StoredProvenance).where(among_ids(StoredProvenance.actor_id, actors))
    return {
        each.actor_id: open_provenance(vault, each.actor_id, each.fields)
        for each in session.scalars(statement)
    }


def seal_provenance(vault: Vault, actor_id: UUID, provenance: Provenance) -> bytes:
    """Return what provenance.fields holds."""
    # Most fields of an actor come from one line.
    apart = {id(each): each for each in provenance.values()}
    dumped = {one: _dumped(each) for one, each in apart.items()}
    stored = {name: dumped[id(each)] for name, each in provenance.items()}
    return vault.seal_json("provenance", actor_id, "fields", stored)


def _dumped(origin: Origin) -> dict[str, Any]:
    return origin.model_dump(mode="json", exclude_none=True)


def why_today(why: str, what: str, field: str) -> str:
    """Return the reason of a stored cause: formerly a civility in a name was one to keep a secret.

    A list cannot lift it: a person who looks says whether somebody is called so.
    """
    called = why == "secret" and field == "name" and what in CIVILITIES
    return "person" if called else why


def read_causes(stored: Iterable[dict[str, Any]]) -> tuple[Cause, ...]:
    """Return causes from their JSON, as revisions have it."""
    return _CAUSES.validate_python(
        {**each, "why": why_today(each["why"], each.get("what", ""), each.get("field", ""))}
        for each in stored
    )


def open_causes(vault: Vault, actor_id: UUID, sealed: bytes | None) -> tuple[Cause, ...]:
    """Open actor_protected.causes; nothing where they were never worked out."""
    if sealed is None:
        return ()
    return read_causes(vault.open_json("actor_protected", actor_id, "causes", sealed))


def seal_causes(vault: Vault, actor_id: UUID, causes: tuple[Cause, ...]) -> bytes:
    """Return what actor_protected.causes holds."""
    stored = _CAUSES.dump_python(causes, mode="json", exclude_defaults=True)
    return vault.seal_json("actor_protected", actor_id, "causes", stored)
