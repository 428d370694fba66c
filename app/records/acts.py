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
from app.records.causes import OF_RECORD, Cause, dismissed
from app.records.edits import Edit
from app.records.history import History
from app.records.proposals import close
from app.records.record import Origin
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from importers import vocabulary
from importers.phones import one_phone

# Above every list: what staff decided, a list does not undo.
RANK_OF_STAFF = 100
# Field of the record -> public register that shows the address of who is in it.
REGISTERS = {"finess": "FINESS", "siret": "SIRENE", "rna": "RNA (associations)"}


class CategoryUnknown(Mesure23Error):
    """Cet acteur n'a pas encore de catégorie : classez-le d'abord (« mesure23 classify »), il reste
    caché jusque-là.
    """


class CategoryUnlisted(Mesure23Error):
    """« {category} » n'est pas une catégorie. Les codes possibles : {known}."""


class ConsentMissing(Mesure23Error):
    """Cet acteur héberge des enfants : il faut la date de l'accord écrit de son opérateur
    (--consent-date).
    """


class ConsentToCome(Mesure23Error):
    """La date de l'accord est à venir : donnez celle à laquelle l'opérateur l'a signé."""


class PhoneUnknown(Mesure23Error):
    """Ce numéro n'est pas un de ceux de cet acteur. Importez d'abord la liste qui le donne."""


class MailUnknown(Mesure23Error):
    """Cette adresse électronique n'est pas une de celles de cet acteur. Importez d'abord la liste
    qui la donne.
    """


class AlreadyPublic(Mesure23Error):
    """Rien n'est caché ici : il n'y a rien à rendre public."""


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
    _set(edit, "shown", (), today)
    if secret:
        _set(edit, "status", "secret", today)
    # Anew, since a person may have dismissed a former decision.
    others = [cause for cause in edit.causes if cause.why != "decision"]
    edit.causes = (*others, Cause(why="decision", since=today))
    edit.act, edit.why = "protect", {"staff": why}
    beside = writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    return _outcome(session, edit, beside)


def unprotect(
    session: Session, vault: Vault, public_id: str, *, who: str, consent: date | None, why: str
) -> Outcome:
    """Publish where an actor is: a person says that nothing of what hides it does any more.

    What houses children by its category needs its operator's dated consent. Raises ActorUnknown,
    AlreadyPublic, CategoryUnknown, ConsentMissing or ConsentToCome. Those that are hidden beside it
    stay so.
    """
    writer, edit = _find(session, vault, public_id)
    if edit.level is None and edit.record.status != "draft":
        raise AlreadyPublic
    category = vocabulary.load().categories[edit.record.category]
    if not category.publishable:
        raise CategoryUnknown
    # A list may have given another category since; what it housed then it may house still, and a
    # consent that was taken back is none.
    housed = any(cause.why == "category" for cause in edit.causes)
    if consent is None and (category.protected or housed):
        raise ConsentMissing
    today = datetime.now(UTC).date()
    if consent is not None:
        if consent > today:
            raise ConsentToCome
        _set(edit, "consent_on", consent, today)
    if edit.record.status in ("secret", "draft"):
        _set(edit, "status", "published", today)
    edit.causes = dismissed(edit.causes, today)
    edit.act = "unprotect"
    edit.why = {"staff": why, "consent_on": edit.record.consent_on}
    writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    close(session, edit.actor_id, "consent", accepted=True, who=who)
    return _outcome(session, edit, 0)


def classify(
    session: Session, vault: Vault, public_id: str, category: str, *, who: str, why: str
) -> Outcome:
    """Say what an actor is; it is published unless its new category, or something else, hides it.

    Raises ActorUnknown or CategoryUnlisted.
    """
    known = {
        code: each
        for code, each in vocabulary.load().categories.items()
        if each.publishable and not each.neutral
    }
    if category not in known:
        raise CategoryUnlisted(category=category, known=", ".join(known))
    writer, edit = _find(session, vault, public_id)
    today = datetime.now(UTC).date()
    _set(edit, "category", category, today)
    if not edit.record.functions:
        _set(edit, "functions", known[category].functions, today)
    # What its former category was is no cause any more; what words say of it still is.
    edit.causes = tuple(each for each in edit.causes if each.why not in OF_RECORD)
    edit.act, edit.why = "classify", {"staff": why}
    beside = writer.settle({edit.actor_id: edit}, History(session, vault, who, "edit"))
    return _outcome(session, edit, beside)


def show_phone(
    session: Session, vault: Vault, public_id: str, number: str, *, who: str, why: str
) -> Outcome:
    """Publish one number of an actor, and nothing else of it; number: as one writes it.

    Raises ActorUnknown, AlreadyPublic or PhoneUnknown.
    """
    writer, edit = _find(session, vault, public_id)
    phone = one_phone(number, edit.record.territory)
    if phone not in edit.record.phones:
        raise PhoneUnknown
    return _show(session, vault, writer, edit, phone, who, why)


def show_mail(
    session: Session, vault: Vault, public_id: str, mail: str, *, who: str, why: str
) -> Outcome:
    """Publish one mailbox of an actor that is not wholly hidden.

    Raises ActorUnknown, AlreadyPublic or MailUnknown.
    """
    writer, edit = _find(session, vault, public_id)
    found = next((each for each in edit.record.emails if each.lower() == mail.lower()), None)
    if found is None:
        raise MailUnknown
    return _show(session, vault, writer, edit, found, who, why)


def _show(
    session: Session, vault: Vault, writer: Writer, edit: Edit, value: str, who: str, why: str
) -> Outcome:
    hidden = edit.level is not None or value in edit.record.unpublished
    if not hidden or value in edit.record.shown:
        raise AlreadyPublic
    _set(edit, "shown", (*edit.record.shown, value), datetime.now(UTC).date())
    edit.act, edit.why = "show_contact", {"staff": why}
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
