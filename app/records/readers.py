"""Who reads the fields of an actor that are for professionals: what a person said of each value.

A list or a form writes what a field says, and nobody but staff reads it until a person gives that
very value. What was given is looked at again as it is shown (layer.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.errors import Mesure23Error
from app.models import ReadersChoice, Revision
from app.platform.database.sessions import among
from app.records.record import ActorRecord
from app.vault.digests import digest, index_key
from app.vault.sealing import Vault
from app.visibility import readers_of
from importers.vocabulary import Readers

# Those of a record that are texts, and what is chosen number by number.
TEXTS = ("referral", "referrers")
HOURS, LINES = "duty_hours", "direct_lines"
FIELDS = (*TEXTS, HOURS)
# After these what a person said is asked anew.
_HIDING = ("protect", "archive", "join", "unjoin")
_KEY = ("actor_id", "field", "mark")


class ReadersUnknown(Mesure23Error):
    """Rien n’est changé : la fiche ne dit plus ce qui était à montrer, ou personne ne peut l’ouvrir
    davantage.
    """

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Relisez la fiche, puis recommencez."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said of an actor: who reads each value, by its field and keyed digest."""

    key: bytes
    said: Mapping[tuple[str, bytes], Readers]

    def of(self, field: str, value: str) -> Readers | None:
        """Return who reads a value, where a person said it; None: as the vocabulary."""
        return self.said.get((field, _mark(self.key, field, value)))


def hidden_since(
    actor_id: InstrumentedAttribute[UUID], revision: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Return whether somebody protected, archived or joined an actor since one of its revisions."""
    return exists().where(
        Revision.actor_id == actor_id, Revision.number > revision, Revision.action.in_(_HIDING)
    )


def read_chosen(session: Session, vault: Vault, actor_id: UUID) -> Chosen:
    """Return what a person said of an actor and still counts: nothing of before it was hidden."""
    return all_chosen(session, vault, ReadersChoice.actor_id == actor_id)[actor_id]


def all_chosen(
    session: Session, vault: Vault, *which: ColumnElement[bool]
) -> defaultdict[UUID, Chosen]:
    """Return the same of each actor; which: conditions of ReadersChoice."""
    columns = ReadersChoice.field, ReadersChoice.mark, ReadersChoice.readers
    still = ~hidden_since(ReadersChoice.actor_id, ReadersChoice.revision)
    rows = session.execute(select(ReadersChoice.actor_id, *columns).where(*which, still))
    said: dict[UUID, dict[tuple[str, bytes], Readers]] = defaultdict(dict)
    for actor_id, name, mark, readers in rows:
        said[actor_id][name, mark] = readers
    key = index_key(session, vault)
    chosen = {actor_id: Chosen(key, values) for actor_id, values in said.items()}
    return defaultdict(lambda: Chosen(key, {}), chosen)


def write_chosen(
    session: Session,
    vault: Vault,
    actor_id: UUID,
    record: ActorRecord,
    field: str,
    seen: str,
    readers: Readers,
    *,
    who: str,
    now: datetime,
    decided: bool = False,
) -> None:
    """Give professionals a value of a field, or take it back; raise ReadersUnknown where the record
    has it no more, or the vocabulary does not allow it.

    seen: as_seen of the value that its author read. With a text that is taken back goes what was
    said of its field before, so that an older one is not read again. decided: by somebody who might
    give it, so that a text waits no more.
    """
    value = next((each for each in values_of(record, field) if as_seen(each) == seen), None)
    if value is None or readers_of(field, neutral=False, chosen=readers) != readers:
        raise ReadersUnknown
    mark = _mark(index_key(session, vault), field, value)
    if readers == "protege":
        gone = delete(ReadersChoice).where(
            ReadersChoice.actor_id == actor_id, ReadersChoice.field == field
        )
        if not decided:
            # That a curateur decided not to give it stays.
            gone = gone.where(ReadersChoice.readers != readers)
        session.execute(gone.where(ReadersChoice.mark == mark) if field == LINES else gone)
        if not decided or field not in TEXTS:
            return
    last = select(func.coalesce(func.max(Revision.number), 0)).where(Revision.actor_id == actor_id)
    said: dict[str, Any] = {"readers": readers, "revision": session.scalars(last).one()}
    said |= {"made_at": now, "made_by": who}
    row = {"actor_id": actor_id, "field": field, "mark": mark} | said
    statement = insert(ReadersChoice).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=said))


def values_of(record: ActorRecord, field: str) -> tuple[str, ...]:
    """Return the values of a field for professionals: the numbers that the public reads not, and
    hours of duty beside one of these.
    """
    if field == HOURS and not values_of(record, LINES):
        return ()
    if field == LINES:
        hidden = set(record.unpublished) - set(record.shown)
        return tuple(each for each in record.phones if each in hidden)
    text: str | None = getattr(record, field) if field in FIELDS else None
    return (text,) if text else ()


def as_seen(value: str) -> str:
    """Return by what a form says which value its author read."""
    return sha256(value.encode()).hexdigest()


def take_back_given(session: Session, actors: Iterable[UUID]) -> None:
    """Take back what was given of some actors, until a person gives it anew."""
    gone = delete(ReadersChoice).where(among(ReadersChoice.actor_id, set(actors)))
    session.execute(gone)


def _mark(key: bytes, field: str, value: str) -> bytes:
    return digest(key, f"readers {field}", value)
