"""Reads the whole records of stored actors, to be edited."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Actor, ActorProtected, Geocoding
from app.models import Provenance as StoredProvenance
from app.models.protected import Doubt
from app.platform.database.sessions import among, among_ids
from app.records.edits import Edit
from app.records.marks import beside_its_columns
from app.records.placing import Placed, question_digest
from app.records.record import ActorRecord
from app.records.sealed import open_record
from app.records.twice import Sealed, Twice, opened
from app.vault.sealing import Vault

# Actors whose rows are read at once: those of a whole list would stand in memory once more.
AT_ONCE = 1_000


def read_edits(
    session: Session,
    vault: Vault,
    key: bytes,
    actors: Iterable[UUID],
    twice: Twice | None = None,
) -> dict[UUID, Edit]:
    """Return stored actors as they are; key: of the digests; twice: where they are asked again."""
    found: dict[UUID, Edit] = {}
    left = iter(actors)
    while some := list(islice(left, AT_ONCE)):
        found.update(_read(session, vault, key, some, twice))
    return found


def _read(
    session: Session, vault: Vault, key: bytes, actors: list[UUID], twice: Twice | None
) -> Iterator[tuple[UUID, Edit]]:
    statement = (
        select(
            *(Actor.protected, Actor.public_id, ActorProtected.actor_id, ActorProtected.level),
            *(ActorProtected.record, ActorProtected.causes, StoredProvenance.fields, Geocoding),
        )
        .join(ActorProtected, ActorProtected.actor_id == Actor.id)
        .join(StoredProvenance, StoredProvenance.actor_id == Actor.id)
        .outerjoin(Geocoding, Geocoding.actor_id == Actor.id)
        .where(among_ids(Actor.id, actors))
    )
    rows = session.execute(statement, execution_options={"populate_existing": True})
    for row in rows:
        sealed = Sealed(row.record, row.fields, row.causes)
        whole = (
            twice.opened(vault, row.actor_id, sealed)
            if twice
            else opened(vault, row.actor_id, sealed)
        )
        record, causes = whole.record, whole.causes
        placed, doubt = _answer(vault, key, row.Geocoding, record)
        edit = Edit(
            row.actor_id,
            record,
            whole.provenance,
            causes=causes,
            level=row.level,
            geocoded=placed,
            doubt=doubt,
            was_protected=row.protected,
            former_causes=causes,
            former_level=row.level,
            former_status=record.status,
            former_marks=whole.marks,
            public_id=row.public_id,
        )
        if edit.was_home:
            # Whom a number in its address held is looked for once it stands there no more.
            edit.former_marks |= beside_its_columns(record)
        _forget_consent_of_lists(edit)
        yield row.actor_id, edit


def read_records(
    session: Session, vault: Vault, actors: Iterable[UUID]
) -> Iterator[tuple[UUID, ActorRecord]]:
    """Yield the records of stored actors, which nobody edits: the rest takes most of the time."""
    left = iter(actors)
    columns = (ActorProtected.actor_id, ActorProtected.record)
    while some := list(islice(left, AT_ONCE)):
        for actor_id, record in session.execute(
            select(*columns).where(among_ids(columns[0], some))
        ):
            yield actor_id, open_record(vault, actor_id, record)


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
