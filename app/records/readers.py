"""Who reads the fields of an actor that are for professionals: what a person said of each.

A list writes what a field says, and never who reads it: what a person opened is one value, and what
they narrowed is the field. What an opened value says is looked at again as it is shown (layer.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
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
from importers.accommodation import in_text
from importers.persons import names_somebody
from importers.phones import find_phones
from importers.vocabulary import Readers

# Those of a record that are texts, and what is chosen number by number.
TEXTS = ("referral", "referrers")
HOURS, LINES = "duty_hours", "direct_lines"
FIELDS = (*TEXTS, HOURS)
# After these what a person opened is asked anew.
_HIDING = ("protect", "archive", "join", "unjoin")


class ReadersUnknown(Mesure23Error):
    """Rien n’est changé : la fiche ne dit plus ce qui était à montrer, ou personne ne peut l’ouvrir
    davantage.
    """

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Relisez la fiche, puis recommencez."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person said of an actor's fields. narrowed: those that staff alone read.

    opened: (field, keyed digest) of the values that professionals read.
    """

    key: bytes
    narrowed: frozenset[str] = frozenset()
    opened: frozenset[tuple[str, bytes]] = frozenset()

    def of(self, field: str, value: str) -> Readers | None:
        """Return who reads a value, as far as a person said it or has to; None: as the vocabulary.

        What may name a person or a home is staff's until a person gives this very text.
        """
        if field in self.narrowed:
            return "protege"
        if (field, _mark(self.key, field, value)) in self.opened:
            return "professionnel"
        return "protege" if field != LINES and is_doubtful(value) else None


def is_doubtful(text: str) -> bool:
    """Return whether a text gives a number, a mailbox or a name, or speaks of a home.

    A short number (119, 3919) is everybody's.
    """
    is_somebodys = any(each.startswith("+") for each in find_phones(text)[0])
    if "@" in text or is_somebodys or names_somebody(text, ""):
        return True
    found = in_text(text, naming=False)
    return any((found.houses, found.mentions, found.doubtful))


def hidden_since(
    actor_id: InstrumentedAttribute[UUID], revision: InstrumentedAttribute[int]
) -> ColumnElement[bool]:
    """Return whether somebody protected, archived or joined an actor since one of its revisions."""
    return exists().where(
        Revision.actor_id == actor_id, Revision.number > revision, Revision.action.in_(_HIDING)
    )


def read_chosen(session: Session, vault: Vault, actor_id: UUID) -> Chosen:
    """Return what a person said of an actor's fields, and still counts: nothing that was opened
    before it was hidden.
    """
    rows = session.execute(
        select(ReadersChoice.field, ReadersChoice.mark, ReadersChoice.readers).where(
            ReadersChoice.actor_id == actor_id,
            (ReadersChoice.readers == "protege")
            | ~hidden_since(ReadersChoice.actor_id, ReadersChoice.revision),
        )
    ).all()
    return Chosen(
        index_key(session, vault),
        frozenset(field for field, _, readers in rows if readers == "protege"),
        frozenset((field, mark) for field, mark, readers in rows if readers != "protege"),
    )


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
) -> None:
    """Let staff alone read a field, or professionals its value; raise ReadersUnknown where the
    record has it no more, or the vocabulary does not allow it.

    seen: as_seen of the value that its author read. Of one number staff alone read again by what
    was opened being taken back.
    """
    value = next((each for each in values_of(record, field) if as_seen(each) == seen), None)
    if value is None or readers_of(field, neutral=False, chosen=readers) != readers:
        raise ReadersUnknown
    mark = _mark(index_key(session, vault), field, value)
    of_field = (ReadersChoice.actor_id == actor_id, ReadersChoice.field == field)
    if field == LINES:
        session.execute(delete(ReadersChoice).where(*of_field, ReadersChoice.mark == mark))
        if readers == "protege":
            return
    else:
        session.execute(delete(ReadersChoice).where(*of_field))
    last = select(func.coalesce(func.max(Revision.number), 0)).where(Revision.actor_id == actor_id)
    row = {
        "actor_id": actor_id,
        "field": field,
        "mark": b"" if readers == "protege" else mark,
        "readers": readers,
        "revision": session.scalars(last).one(),
        "made_at": now,
        "made_by": who,
    }
    session.execute(insert(ReadersChoice).values(row).on_conflict_do_nothing())


def values_of(record: ActorRecord, field: str) -> tuple[str, ...]:
    """Return the values of a field for professionals: the numbers that the public reads not."""
    if field == LINES:
        hidden = set(record.unpublished) - set(record.shown)
        return tuple(each for each in record.phones if each in hidden)
    text: str | None = getattr(record, field) if field in FIELDS else None
    return (text,) if text else ()


def as_seen(value: str) -> str:
    """Return by what a form says which value its author read."""
    return sha256(value.encode()).hexdigest()


def take_back_opened(session: Session, actors: Iterable[UUID]) -> None:
    """Take back what was opened of some actors, until a person opens it anew."""
    gone = delete(ReadersChoice).where(
        among(ReadersChoice.actor_id, set(actors)), ReadersChoice.readers != "protege"
    )
    session.execute(gone)


def narrow(session: Session, actors: Iterable[UUID], fields: Iterable[str], who: str) -> None:
    """Leave some fields of some actors to staff alone."""
    rows = [
        {"actor_id": actor, "field": field, "mark": b"", "readers": "protege"}
        | {"revision": 0, "made_at": func.now(), "made_by": who}
        for actor in set(actors)
        for field in sorted(fields)
    ]
    if rows:
        session.execute(insert(ReadersChoice).values(rows).on_conflict_do_nothing())


def narrow_as_one(session: Session, actors: Iterable[UUID], who: str) -> None:
    """Leave to staff of each of some actors, which become one, what is theirs of any of them."""
    wanted = set(actors)
    fields = session.scalars(
        select(ReadersChoice.field).where(
            among(ReadersChoice.actor_id, wanted), ReadersChoice.readers == "protege"
        )
    )
    narrow(session, wanted, set(fields), who)


def _mark(key: bytes, field: str, value: str) -> bytes:
    return digest(key, f"readers {field}", value)
