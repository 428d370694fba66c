"""What a person corrects of an actor, and publishes where nothing hides it.

They write within the caller's transaction, which is the caller's to commit. What is entered can
hide and never shows: what hid an actor before still does.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.gazetteer.load import cached_gazetteer
from app.models import Actor, Role
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.acts import RANK_OF_STAFF, withhold
from app.records.causes import Cause, active, classified, of_signs, raised
from app.records.drafts import forget
from app.records.edits import Edit, correct
from app.records.entered import (
    Entered,
    FormReader,
    Reading,
    Remark,
    mark_of,
    shown,
    without_what_is_lost,
)
from app.records.history import History
from app.records.record import ActorRecord, Origin
from app.records.sheets import Sheet, last_revision, read_sheet
from app.records.writing import Writer
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import FAMILIES_OF_THE_STATE, Viewer
from geo.zones import paris_day
from importers import vocabulary

_NOT_YOURS = {
    "category": "Votre rôle ne permet pas de corriger un acteur de cette catégorie.",
    "territory": "Ce lieu est dans un territoire qui n’est pas le vôtre.",
}


class NotYours(Mesure23Error):
    """Cet acteur n’est pas de ceux que votre rôle permet de corriger."""

    status = 403
    title = "Acteur réservé à d’autres"
    advice = "Signalez ce qui est à corriger au curateur de ce territoire."


class Masked(Mesure23Error):
    """Cette fiche est protégée, et s’est refermée. Ouvrez-la de nouveau pour la corriger."""

    status = 403
    title = "Fiche refermée"
    advice = "Ouvrez la fiche, puis recommencez."


class Outdated(Mesure23Error):
    """Quelqu’un a changé cet acteur pendant que vous écriviez."""

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Comparez les deux versions, puis enregistrez la vôtre."


class Wrong(Mesure23Error):
    """Certains champs sont à revoir. Rien n’est encore enregistré."""

    status = 422
    title = "Champs à revoir"
    advice = "Corrigez ce qui est signalé, puis enregistrez de nouveau."

    def __init__(self, reading: Reading, remarks: tuple[Remark, ...]) -> None:
        self.reading, self.remarks = reading, remarks
        super().__init__()

    @property
    def is_fatal(self) -> bool:
        """Say whether it cannot be saved as it is, whatever a person says."""
        return any(each.fatal for each in self.remarks)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks with a form. based_on: the revision that it showed; 0 for a new actor.

    actor: whose form it is, wherever its sheet is by now; None for a new one. anyway: mark of the
    remarks that they have read, and save in spite of. by_call: somebody said so on the telephone,
    who was asked about the rest as well.
    """

    entered: Entered
    based_on: int = 0
    why: str = ""
    publish: bool = False
    anyway: str = ""
    actor: UUID | None = None
    by_call: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form. hid: whether more is hidden than before; published: by this form."""

    public_id: str
    changed: tuple[str, ...] = ()
    hidden: bool = False
    hid: bool = False
    published: bool = False
    beside: int = 0


def may_correct(viewer: Viewer, category: str, territory: str) -> str | None:
    """Return which field of an actor keeps a person from correcting it, None where they may."""
    if viewer.role is Role.CURATEUR:
        return None
    if territory not in viewer.territories:
        return "territory"
    family = vocabulary.load().categories[category].family
    if viewer.role is Role.REFERENT_ETAT and family not in FAMILIES_OF_THE_STATE:
        return "category"
    return None if viewer.role in (Role.REFERENT_ETAT, Role.REFERENT_DEPARTEMENT) else "category"


def read_to_correct(
    session: Session, vault: Vault, viewer: Viewer, who: str, public_id: str, now: datetime
) -> Sheet:
    """Return an actor that a person may correct; raise ActorUnknown, NotYours or Masked."""
    asked = public_id if public_id.isascii() and public_id.isalnum() else ""
    sheet = read_sheet(session, vault, viewer, who, asked, now)
    if sheet.record is None:
        raise Masked
    if may_correct(viewer, sheet.record.category, sheet.record.territory):
        raise NotYours
    return sheet


def save(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    author: Author,
    public_id: str,
    wish: Wish,
    now: datetime,
    *,
    whole: bool = True,
) -> Saved:
    """Write what a person corrected; nothing where nothing changed. whole: in the whole form of an
    actor, so that what they had begun to write of it is no longer needed.

    Raises ActorUnknown, NotYours, Masked, Outdated or Wrong.
    """
    gazetteer = cached_gazetteer(session.connection())
    reader = FormReader(gazetteer, paris_day(now))
    hold(session, IMPORT_LOCK)
    sheet = read_to_correct(session, vault, viewer, author.who, public_id, now)
    if wish.based_on != sheet.revision:
        raise Outdated
    writer = Writer(session, vault, index_key(session, vault), gazetteer)
    edit = writer.stored([sheet.actor_id])[sheet.actor_id]
    reading = reader.read(edit.record, shown(edit.record, gazetteer), wish.entered)
    refuse(viewer, reading, edit.record, wish)
    values = without_what_is_lost(reading)
    if whole:
        forget(session, UUID(author.who), sheet.actor_id)
    publish = wish.publish and waits(edit.record.status, edit.causes)
    if not values and not publish:
        return Saved(public_id)
    apply(edit, values, reading, now)
    if wish.by_call and edit.record.status != "archived":
        verify(edit, paris_day(now), "call")
    edit.why = {"staff": wish.why} if wish.why else {}
    beside, published = write_by_hand(session, vault, writer, edit, viewer, author, publish=publish)
    if not edit.changed:
        return Saved(public_id, hidden=edit.level is not None)
    action = Action.PUBLISHED if published else Action.EDITED
    return noted(session, vault, author, edit, action, tuple(values), beside)


def waits(status: str, causes: tuple[Cause, ...]) -> bool:
    """Return whether an actor was never published: a draft, or one that nobody classified."""
    return status == "draft" or any(each.why == "unclassified" for each in active(causes))


def refuse(viewer: Viewer, reading: Reading, record: ActorRecord | None, wish: Wish) -> None:
    """Raise Wrong where something entered is not understood, or not this person's to say."""
    remarks = judged(viewer, reading, record)
    fatal = any(each.fatal for each in remarks)
    if fatal or (remarks and mark_of(remarks) != wish.anyway):
        raise Wrong(reading, remarks)


def judged(viewer: Viewer, reading: Reading, record: ActorRecord | None) -> tuple[Remark, ...]:
    """Return what is to be said of what was entered, and of whose it is to say."""
    remarks = list(reading.remarks)
    if (held := record or reading.row) and reading.row:
        category = reading.values.get("category", held.category)
        territory = reading.values.get("territory", held.territory)
        if wrong := may_correct(viewer, category, territory):
            remarks.append(Remark(wrong, _NOT_YOURS[wrong], fatal=True))
    return tuple(remarks)


def apply(edit: Edit, values: dict[str, Any], reading: Reading, now: datetime) -> None:
    """Edit an actor as a person says, and hide it for the words of theirs that hide."""
    day = paris_day(now)
    record = edit.record
    withheld, contacts = set(record.unpublished), {*record.phones, *record.emails}
    if "covers_communes" in values:
        before, after = set(record.covers_communes), set(values["covers_communes"])
        # Of those that a list said before and that stay, nobody decided anything.
        values |= {"communes_said": record.said_with(after - before, before - after)}
    correct(edit, values, Origin(source="staff", day=day, rank=RANK_OF_STAFF))
    if taken := set(record.unpublished) - withheld:
        # Whoever says that a contact is not public says so over whoever showed it.
        withhold(edit, taken, day)
        if taken & contacts:
            # It may have been public: it is owed an erasure.
            edit.act = "protect"
    edit.causes = _with_signs(edit.causes, reading, day)


def verify(edit: Edit, today: date, how: Literal["own", "call", "meeting"]) -> None:
    """Give an actor today's day, as somebody said to a person that it is right."""
    by = Origin(source="staff", day=today, rank=RANK_OF_STAFF, how=how)
    edit.change("verified_on", today, by)


def _with_signs(causes: tuple[Cause, ...], reading: Reading, day: date) -> tuple[Cause, ...]:
    """Return causes with those of what was entered; those that were there stay."""
    known = {cause.subject for cause in causes if cause.source is None and not cause.ended_on}
    said = of_signs(reading.signs, None, day)
    return (*causes, *(cause for cause in said if cause.subject not in known))


def write_by_hand(
    session: Session,
    vault: Vault,
    writer: Writer,
    edit: Edit,
    viewer: Viewer,
    author: Author,
    *,
    publish: bool,
) -> tuple[int, bool]:
    """Write an actor; return how many neighbours that hides, of those that its viewer may know of,
    and whether it was published.
    """
    day = paris_day()
    if publish and vocabulary.load().categories[edit.record.category].publishable:
        edit.causes = classified(edit.causes, day)
    changes = writer.plan({edit.actor_id: edit})
    published = publish and edit.level is None
    if published and edit.record.status == "draft":
        edit.change("status", "published", Origin(source="staff", day=day, rank=RANK_OF_STAFF))
    if edit.changed:
        writer.write(changes, History(session, vault, author.who, "edit"))
    return changes.also_hidden(viewer), published


def noted(
    session: Session,
    vault: Vault,
    author: Author,
    edit: Edit,
    action: Action,
    changed: tuple[str, ...],
    beside: int,
) -> Saved:
    public_id = session.scalars(select(Actor.public_id).where(Actor.id == edit.actor_id)).one()
    saved = Saved(
        public_id,
        changed,
        hidden=edit.level is not None,
        hid=raised(edit.former_level, edit.level),
        published=action is Action.PUBLISHED,
        beside=beside,
    )
    number = last_revision(session, edit.actor_id)
    add(session, vault, author, action, str(edit.actor_id), {"version": number})
    return saved
