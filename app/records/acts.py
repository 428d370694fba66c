"""Acts of staff that decide what the public may read of an actor; each leaves a revision.

They write within the caller's transaction, which is the caller's to commit.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import ActorUnknown, Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Actor
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records import accords
from app.records.causes import Cause, classified, dismissed, doubles, raised
from app.records.edits import Edit
from app.records.history import History
from app.records.proposals import close, close_pairs
from app.records.record import ActorRecord, Origin
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import OPERATOR, Viewer
from geo.zones import paris_day
from importers import vocabulary
from importers.phones import one_phone
from importers.vocabulary import Category

# In what history says of a protection: a person asked for it of this one actor.
PRESSED = "pressed"
# Above every list: what staff decided, a list does not undo.
RANK_OF_STAFF = 100
# Field of the record -> public register that shows the address of who is in it.
REGISTERS = {"finess": "FINESS", "siret": "SIRENE", "rna": "RNA (associations)"}


class CategoryUnknown(Mesure23Error):
    """Cet acteur n’a pas encore de catégorie : classez-le d’abord, il reste caché jusque-là."""


class CategoryUnlisted(Mesure23Error):
    """« {category} » n'est pas une catégorie. Les codes possibles : {known}."""


class PhoneUnknown(Mesure23Error):
    """Ce numéro n'est pas un de ceux de cet acteur. Importez d'abord la liste qui le donne."""


class MailUnknown(Mesure23Error):
    """Cette adresse électronique n'est pas une de celles de cet acteur. Importez d'abord la liste
    qui la donne.
    """


class ContactShared(Mesure23Error):
    """Rien n’est changé : la fiche ne peut pas montrer ce contact. Elle est neutre, ou un lieu
    d’accueil le donne aussi. Relisez pourquoi elle est cachée ; lever sa protection la publie
    entière.
    """


class AlreadyPublic(Mesure23Error):
    """Rien n'est caché ici : il n'y a rien à rendre public."""


class NotPublic(Mesure23Error):
    """Le public ne lit pas ce contact : il n’y a rien à retirer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act changed. beside: actors hidden with it, since they share an address or a phone.

    registers: public registers that may still show the address, which we cannot take back there.
    hidden: whether something of it is hidden now. hid: whether more of it is than before. instead:
    the mailbox that the public read until then.
    """

    public_id: str
    name: str
    beside: int
    registers: tuple[str, ...]
    hidden: bool
    hid: bool
    instead: str | None = None


def protect(
    session: Session,
    vault: Vault,
    public_id: str,
    *,
    who: str,
    why: str,
    secret: bool = False,
    viewer: Viewer = OPERATOR,
) -> Outcome:
    """Hide where an actor is; with secret, that it exists. Raises ActorUnknown.

    viewer: who is told how many are hidden with it. Its public record gets a neutral name and a new
    id: the old sheet answers 404 at once.
    """
    writer, edit = find(session, vault, public_id)
    today = paris_day()
    hide(edit, today)
    if secret:
        _set(edit, "status", "secret", today)
    edit.why = {"staff": why, PRESSED: True}
    beside = write(session, vault, writer, edit, "protect", who, viewer)
    close_questions(session, edit.actor_id, who=who)
    return outcome(session, edit, beside)


def hide(edit: Edit, today: date, by: Cause | None = None) -> None:
    """Take back what a person gave to the public of an actor, and hide it; by: its operator."""
    _set(edit, "consent_on", None, today)
    _set(edit, "shown", (), today)
    # Anew, since a person may have dismissed a former decision.
    cause = by or Cause(why="decision", since=today)
    edit.causes = (*(each for each in edit.causes if each.subject != cause.subject), cause)


def close_questions(session: Session, actor_id: UUID, *, who: str) -> None:
    """Note that whatever was asked about publishing an actor is answered: it is hidden."""
    for about in ("consent", "show"):
        close(session, actor_id, about, accepted=False, who=who)


def unprotect(
    session: Session,
    vault: Vault,
    public_id: str,
    *,
    who: str,
    consent: date | None,
    why: str,
    by_two: bool = False,
) -> Outcome:
    """Publish where an actor is: a person says that nothing of what hides it does any more.

    What houses children by its category, asks not to be published or was protected by a person
    needs its operator's consent, no older than that, and none of an address that it left. Raises
    ActorUnknown, AlreadyPublic, CategoryUnknown or what `accords` does. Those that are hidden
    beside it stay so.

    by_two: whether another person asked for it, without whom none lifts what an operator hid.
    """
    writer, edit = find(session, vault, public_id)
    if edit.level is None and edit.record.status != "draft":
        raise AlreadyPublic
    if not vocabulary.load().categories[edit.record.category].publishable:
        raise CategoryUnknown
    accords.check_two(edit, by_two=by_two)
    today = paris_day()
    accords.check(edit, consent, today)
    if consent is not None:
        accords.check_place(session, vault, edit, consent)
        _set(edit, "consent_on", consent, today)
    if edit.record.status in ("secret", "draft"):
        _set(edit, "status", "published", today)
    # What may be this one is asked further on, of the other.
    others = {
        each.actor_id
        for each in writer.stored(doubles(edit.causes)).values()
        if edit.actor_id not in doubles(each.causes)
    }
    edit.causes = dismissed(edit.causes, today)
    edit.why = {"staff": why, "consent_on": edit.record.consent_on}
    write(session, vault, writer, edit, "unprotect", who)
    close(session, edit.actor_id, "consent", accepted=True, who=who)
    close_pairs(session, writer.key, edit.actor_id, others, who=who)
    return outcome(session, edit, 0)


def classify(
    session: Session,
    vault: Vault,
    public_id: str,
    category: str,
    *,
    who: str,
    why: str,
    dry_run: bool = False,
) -> Outcome:
    """Say what an actor is. What was not classified is published unless something else hides it.

    What housed children by its category stays hidden, and is proposed: its category is a cause that
    ends, and `unprotect` publishes. dry_run: only say what would be. Raises ActorUnknown or
    CategoryUnlisted.
    """
    # First: a line of a file may name nobody, and a category that is none.
    _listed(category)
    writer, edit = find(session, vault, public_id)
    reclassify(edit, category, paris_day())
    edit.why = {"staff": why}
    if dry_run:
        return outcome(session, edit, writer.plan({edit.actor_id: edit}).also_hidden())
    beside = write(session, vault, writer, edit, "classify", who)
    return outcome(session, edit, beside)


def reclassify(edit: Edit, category: str, today: date) -> None:
    """Give an actor another category, as a person decides; raise CategoryUnlisted."""
    functions = _listed(category).functions
    _set(edit, "category", category, today)
    if not edit.record.functions:
        _set(edit, "functions", functions, today)
    edit.causes = classified(edit.causes, today)


def _listed(category: str) -> Category:
    """Return a category that a person may give; raise CategoryUnlisted."""
    known = {
        code: each
        for code, each in vocabulary.load().categories.items()
        if each.publishable and not each.neutral
    }
    if category not in known:
        raise CategoryUnlisted(category=category, known=", ".join(known))
    return known[category]


def show_phone(
    session: Session, vault: Vault, public_id: str, number: str, *, who: str, why: str
) -> Outcome:
    """Publish one number of an actor, and nothing else of it; number: as one writes it.

    Raises ActorUnknown, AlreadyPublic, PhoneUnknown or ContactShared.
    """
    writer, edit = find(session, vault, public_id)
    phone = one_phone(number, edit.record.territory)
    if phone not in edit.record.phones:
        raise PhoneUnknown
    if phone in _contacts(session, edit):
        raise AlreadyPublic
    return _show(session, vault, writer, edit, phone, who, why)


def show_mail(
    session: Session, vault: Vault, public_id: str, mail: str, *, who: str, why: str
) -> Outcome:
    """Publish one mailbox of an actor, in the place of the one that was public.

    Raises ActorUnknown, AlreadyPublic, MailUnknown or ContactShared.
    """
    writer, edit = find(session, vault, public_id)
    found = next((each for each in edit.record.emails if each.lower() == mail.lower()), None)
    if found is None:
        raise MailUnknown
    if found in (before := _contacts(session, edit)):
        raise AlreadyPublic
    instead = next((each for each in edit.record.emails if each in before), None)
    done = _show(session, vault, writer, edit, found, who, why)
    return replace(done, instead=instead)


def _show(
    session: Session, vault: Vault, writer: Writer, edit: Edit, value: str, who: str, why: str
) -> Outcome:
    accords.check_two(edit, by_two=False)
    # The last one that a person showed: of several mailboxes the public reads that one.
    others = (each for each in edit.record.shown if each != value)
    _set(edit, "shown", (*others, value), paris_day())
    edit.why = {"staff": why}
    write(session, vault, writer, edit, "show_contact", who)
    if value not in _contacts(session, edit):
        raise ContactShared
    return outcome(session, edit, 0)


def hide_contact(
    session: Session, vault: Vault, public_id: str, value: str, *, who: str, why: str
) -> Outcome:
    """Take one phone or mailbox of an actor back from the public.

    Raises ActorUnknown or NotPublic.
    """
    writer, edit = find(session, vault, public_id)
    if value not in _contacts(session, edit):
        raise NotPublic
    withhold(edit, {value}, paris_day())
    edit.why = {"staff": why} if why else {}
    write(session, vault, writer, edit, "protect", who)
    return outcome(session, edit, 0)


def withhold(edit: Edit, values: set[str], today: date) -> None:
    """Let phones and mailboxes be public no more, whoever showed them."""
    record = edit.record
    _set(edit, "shown", tuple(each for each in record.shown if each not in values), today)
    _set(edit, "unpublished", tuple(dict.fromkeys((*record.unpublished, *sorted(values)))), today)


def _contacts(session: Session, edit: Edit) -> set[str]:
    """Return the phones and the mailbox that the public record has."""
    found = select(Actor.phones, Actor.email).where(Actor.id == edit.actor_id)
    phones, email = session.execute(found).one()
    return {*phones, *([email] if email else [])}


def write(
    session: Session,
    vault: Vault,
    writer: Writer,
    edit: Edit,
    act: str,
    who: str,
    viewer: Viewer = OPERATOR,
) -> int:
    """Write what a person decided; return how many neighbours that hides, as its viewer may know.

    Where less is public now, history says "protect": what was public is owed an erasure.
    """
    changes = writer.plan({edit.actor_id: edit})
    edit.act = "protect" if raised(edit.former_level, edit.level) else act
    writer.write(changes, History(session, vault, who, "edit"))
    return changes.also_hidden(viewer)


def find(session: Session, vault: Vault, public_id: str) -> tuple[Writer, Edit]:
    """Return an actor to change and its writer; other writers wait until the caller commits."""
    hold(session, IMPORT_LOCK)
    actor_id = session.scalar(select(Actor.id).where(Actor.public_id == public_id))
    if actor_id is None:
        raise ActorUnknown
    gazetteer = cached_gazetteer(session.connection())
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    return writer, writer.stored([actor_id])[actor_id]


def _set(edit: Edit, field: str, value: Any, today: date) -> None:
    edit.change(field, value, Origin(source="staff", day=today, rank=RANK_OF_STAFF))


def outcome(session: Session, edit: Edit, beside: int) -> Outcome:
    found = select(Actor.public_id, Actor.name).where(Actor.id == edit.actor_id)
    public_id, name = session.execute(found).one()
    shown = registers_of(edit.record)
    hidden = edit.level is not None or edit.record.status != "published"
    hid = raised(edit.former_level, edit.level)
    return Outcome(public_id, name, beside, shown, hidden, hid)


def registers_of(record: ActorRecord) -> tuple[str, ...]:
    """Return the public registers that may show the address of an actor, which stay as they are."""
    return tuple(label for field, label in REGISTERS.items() if getattr(record, field))
