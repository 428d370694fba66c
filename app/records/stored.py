"""Reads the whole records of stored actors, to be edited."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Geocoding
from app.models import Provenance as StoredProvenance
from app.models.protected import Doubt
from app.platform.database.sessions import among
from app.records.edits import Edit
from app.records.marks import marks
from app.records.placing import Placed, question_digest
from app.records.record import ActorRecord
from app.records.sealed import open_causes, open_provenance, open_record
from app.vault.sealing import Vault


def read_edits(
    session: Session, vault: Vault, key: bytes, actors: Iterable[UUID]
) -> dict[UUID, Edit]:
    """Return stored actors as they are; key: of the digests."""
    statement = (
        select(Actor.protected, Actor.public_id, ActorProtected, StoredProvenance, Geocoding)
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .join(StoredProvenance, StoredProvenance.actor_id == Actor.id)
        .outerjoin(Geocoding, Geocoding.actor_id == Actor.id)
        .where(among(Actor.id, actors))
    )
    found = {}
    rows = session.execute(statement, execution_options={"populate_existing": True})
    for protected, public_id, sealed, stored, geocoding in rows:
        actor_id = sealed.actor_id
        record = open_record(vault, actor_id, sealed.record)
        causes = open_causes(vault, actor_id, sealed.causes)
        placed, doubt = _answer(vault, key, geocoding, record)
        edit = Edit(
            actor_id,
            record,
            open_provenance(vault, actor_id, stored.fields),
            causes=causes,
            level=sealed.level,
            geocoded=placed,
            doubt=doubt,
            was_protected=protected,
            former_causes=causes,
            former_level=sealed.level,
            former_status=record.status,
            former_marks=frozenset(marks(record)),
            public_id=public_id,
        )
        _forget_consent_of_lists(edit)
        found[actor_id] = edit
    return found


def find_points(session: Session, vault: Vault, key: bytes, edits: Mapping[UUID, Edit]) -> None:
    """Give actors the points that were found for their address, where it is what it was then."""
    for row in session.scalars(select(Geocoding).where(among(Geocoding.actor_id, edits))):
        edit = edits[row.actor_id]
        edit.geocoded, edit.doubt = _answer(vault, key, row, edit.record)


def _forget_consent_of_lists(edit: Edit) -> None:
    """Take away what former lists said of a consent: only a person who saw it may write one."""
    written = edit.provenance.get("consent_on")
    if edit.record.consent_on and (written is None or written.source != "staff"):
        edit.record.consent_on = None
        edit.provenance.pop("consent_on", None)


def _answer(
    vault: Vault, key: bytes, geocoding: Geocoding | None, record: ActorRecord
) -> tuple[Placed | None, Doubt | None]:
    """Return the point that answers the address of an actor, and why it is to be looked at."""
    if geocoding is None or geocoding.question != question_digest(key, record):
        return None, None  # of an address that the actor has left
    placed = None
    if geocoding.decision == "accepted":
        answer = vault.open_json("geocoding", geocoding.actor_id, "answer", geocoding.answer)
        placed = Placed(answer["lon"], answer["lat"], answer["precision"])
    confirmed = geocoding.confirmed_at is not None
    return placed, None if confirmed else doubt_of(geocoding.decision, placed)


def doubt_of(decision: str, placed: Placed | None) -> Doubt | None:
    """Return why somebody should look at what a geocoder answered; None where it is precise."""
    of: dict[str, Doubt] = {
        **{"street": "street", "locality": "locality"},
        **{"review": "review", "rejected": "rejected"},
    }
    return of.get(placed.precision if placed else decision)
