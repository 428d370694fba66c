"""Acts of staff that decide what the public may read of an actor; each leaves a revision.

They write within the caller's transaction, which is the caller's to commit.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ActorUnknown, Mesure23Error
from app.gazetteer.load import read_gazetteer
from app.models import Actor
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.edits import Edit
from app.records.history import History
from app.records.protection import own_reason
from app.records.record import Origin
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from importers.phones import one_phone

# Above every list: what staff decided, a list does not undo.
RANK_OF_STAFF = 100
# Field of the record -> public register that shows the address of who is in it.
REGISTERS = {"finess": "FINESS", "siret": "SIRENE", "rna": "RNA (associations)"}


class CategoryUnknown(Mesure23Error):
    """Cet acteur n'a pas encore de catégorie : classez-le d'abord, il reste caché jusque-là."""


class ConsentMissing(Mesure23Error):
    """Cet acteur héberge des enfants : il faut la date de l'accord écrit de son opérateur
    (--consent-date).
    """


class PhoneUnknown(Mesure23Error):
    """Ce numéro n'est pas un de ceux de cet acteur. Importez d'abord la liste qui le donne."""


class AlreadyPublic(Mesure23Error):
    """Cet acteur n'est pas protégé : il n'y a rien à rendre public."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act changed. beside: actors hidden with it, since they share an address or a phone.

    registers: public registers that may still show the address, which we cannot take back there.
    """

    public_id: str
    name: str
    beside: int
    registers: tuple[str, ...]


def protect(
    session: Session, vault: Vault, public_id: str, *, who: str, why: str, secret: bool = False
) -> Outcome:
    """Hide where an actor is; with secret, that it exists. Raises ActorUnknown.

    Its public record gets a neutral name and a new id: the old sheet answers 404 at once.
    """
    writer, edit = _find(session, vault, public_id)
    today = datetime.now(UTC).date()
    _set(edit, "consent_on", None, today)
    _set(edit, "front_gate_phones", (), today)
    if secret:
        _set(edit, "status", "secret", today)
    # Not "unknown", which the next list that classifies the actor would lift.
    edit.reason = "category" if own_reason(edit.record) == "category" else "decision"
    edit.decided_on = None
    edit.act, edit.why = "protect", {"staff": why}
    beside = writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    return _outcome(session, edit, len(beside))


def unprotect(
    session: Session, vault: Vault, public_id: str, *, who: str, consent: date | None, why: str
) -> Outcome:
    """Publish where an actor is, by its operator's dated consent.

    Only what houses nobody, and is hidden because of another or by a decision, does without.
    Raises ActorUnknown, AlreadyPublic, CategoryUnknown or ConsentMissing. Those that were hidden
    beside it stay so.
    """
    writer, edit = _find(session, vault, public_id)
    if edit.reason is None:
        raise AlreadyPublic
    if own_reason(edit.record) == "unknown":
        raise CategoryUnknown
    # A list may have given another category since; what it housed then it may house still.
    if consent is None and "category" in (edit.reason, own_reason(edit.record)):
        raise ConsentMissing
    today = datetime.now(UTC).date()
    if consent is not None:
        _set(edit, "consent_on", consent, today)
    if edit.record.status == "secret":
        _set(edit, "status", "published", today)
    edit.reason, edit.decided_on = None, consent or today
    edit.act = "unprotect"
    edit.why = {"staff": why, "consent_on": edit.record.consent_on}
    writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    return _outcome(session, edit, 0)


def show_phone(
    session: Session, vault: Vault, public_id: str, number: str, *, who: str, why: str
) -> Outcome:
    """Publish one number of a protected actor, and nothing else of it; number: as one writes it.

    Raises ActorUnknown, AlreadyPublic or PhoneUnknown.
    """
    writer, edit = _find(session, vault, public_id)
    if edit.reason is None:
        raise AlreadyPublic
    phone = one_phone(number, edit.record.territory)
    if phone not in edit.record.phones:
        raise PhoneUnknown
    shown = (*edit.record.front_gate_phones, phone)
    _set(edit, "front_gate_phones", shown, datetime.now(UTC).date())
    edit.act, edit.why = "show_phone", {"staff": why}
    writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    return _outcome(session, edit, 0)


def _find(session: Session, vault: Vault, public_id: str) -> tuple[Writer, Edit]:
    """Return an actor to change and its writer; other writers wait until the caller commits."""
    hold(session, IMPORT_LOCK)
    actor_id = session.scalar(select(Actor.id).where(Actor.public_id == public_id))
    if actor_id is None:
        raise ActorUnknown
    gazetteer = read_gazetteer(session.connection())
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    return writer, writer.stored([actor_id])[actor_id]


def _set(edit: Edit, field: str, value: Any, today: date) -> None:
    edit.change(field, value, Origin(source="staff", day=today, rank=RANK_OF_STAFF))


def _outcome(session: Session, edit: Edit, beside: int) -> Outcome:
    found = select(Actor.public_id, Actor.name).where(Actor.id == edit.actor_id)
    public_id, name = session.execute(found).one()
    numbers = edit.record.model_dump(include=set(REGISTERS))
    shown = tuple(label for field, label in REGISTERS.items() if numbers[field])
    return Outcome(public_id, name, beside, shown)
