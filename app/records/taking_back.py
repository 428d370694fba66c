"""Takes back a protection that its author pressed by mistake: of who was public, within minutes.

It is the one case in which one person publishes what is hidden, and shows what everybody read a
moment ago: whatever else was said of the actor since, or hides it, leaves it to two people.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Revision
from app.records import acts, second_look
from app.records.acts import PRESSED, RANK_OF_STAFF, Outcome
from app.records.edits import Edit, rewrite
from app.records.history import History, last_written
from app.records.past import change_of
from app.records.record import ActorRecord, Origin
from app.records.sealed import read_causes
from app.records.writing import Writer
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# By the clock of the database.
WITHIN = timedelta(minutes=10)
_CHANGED = (
    "la dernière chose écrite sur cette fiche n’est pas votre « Protéger », ou une autre personne "
    "l’a fait"
)
_TOO_LATE = "plus de dix minutes ont passé"
_HIDDEN_BEFORE = "cet acteur n’était pas entièrement public avant"
_ASKED = "une levée est déjà demandée, et un autre curateur y répond sur la fiche"
_BESIDE = "autre chose le cache maintenant, un lieu protégé à côté par exemple"

Change = Mapping[str, list[Any]]


class ProtectionStays(Mesure23Error):
    """Rien n’est annulé, l’acteur reste protégé : {why}."""

    status = 409
    title = "La protection reste"
    advice = (
        "Si c’était une erreur, un curateur ouvre la fiche et suit « Lever la protection », "
        "qu’un autre confirme."
    )


def until(session: Session, vault: Vault, who: str, actor_id: UUID, status: str) -> datetime | None:
    """Return until when somebody may take back that they protected an actor; None: they may not.

    status: that of its record.
    """
    try:
        revision, _ = _press(session, vault, who, actor_id, status)
    except ProtectionStays:
        return None
    return revision.at + WITHIN


def take_back(
    session: Session, vault: Vault, viewer: Viewer, public_id: str, *, who: str
) -> Outcome:
    """Write an actor as it was before somebody protected it, and those that this hid beside it.

    The outcome counts those beside it that stay hidden. Raises ActorUnknown or ProtectionStays.
    """
    writer, edit = acts.find(session, vault, public_id)
    revision, change = _press(session, vault, who, edit.actor_id, edit.record.status)
    if not _is_as_written(edit, change):
        raise ProtectionStays(why=_CHANGED)
    by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
    rewrite(edit, _fields_before(change), by)
    edit.causes = read_causes(change["causes"][0])
    beside = _hid_beside(session, vault, writer, revision)
    changes = writer.plan({edit.actor_id: edit} | beside)
    if edit.level is not None:
        raise ProtectionStays(why=_BESIDE)
    edit.act, edit.why = "take_back", {"taken_back": revision.number}
    writer.write(changes, History(session, vault, who, "edit"))
    left = (each for each in (*beside.values(), *changes.neighbours.values()) if each.level)
    known = sum(viewer.learns_what_is_hidden_in(each.record.territory) for each in left)
    return acts.outcome(session, edit, known)


def _press(
    session: Session, vault: Vault, who: str, actor_id: UUID, status: str
) -> tuple[Revision, dict[str, list[Any]]]:
    """Return the revision by which somebody just protected an actor, and what it changed.

    Raises ProtectionStays.
    """
    is_recent = Revision.at > func.now() - WITHIN
    last = select(Revision, is_recent).where(
        Revision.actor_id == actor_id, Revision.number == last_written(Revision.actor_id)
    )
    revision, recent = session.execute(last).one()
    pressed = vault.open_json("revision", revision.id, "why", revision.why).get(PRESSED)
    if not pressed or revision.who != who:
        raise ProtectionStays(why=_CHANGED)
    if not recent:
        raise ProtectionStays(why=_TOO_LATE)
    change = change_of(vault, revision.id, revision.change)
    if not _was_public(change, status):
        raise ProtectionStays(why=_HIDDEN_BEFORE)
    if second_look.asked(session, vault, actor_id):
        raise ProtectionStays(why=_ASKED)
    return revision, change


def _hid_beside(
    session: Session, vault: Vault, writer: Writer, press: Revision
) -> dict[UUID, Edit]:
    """Return those whom it alone hid, of whom nothing was written nor asked since, as they were."""
    beside = select(Revision).where(
        Revision.batch_id == press.batch_id,
        Revision.actor_id != press.actor_id,
        Revision.number == last_written(Revision.actor_id),
    )
    changes = {
        each.actor_id: change_of(vault, each.id, each.change) for each in session.scalars(beside)
    }
    found = {}
    for actor, edit in writer.stored(changes).items():
        was_public = _was_public(changes[actor], edit.record.status)
        asked = second_look.asked(session, vault, actor)
        if was_public and _is_as_written(edit, changes[actor]) and not asked:
            edit.causes = read_causes(changes[actor]["causes"][0])
            found[actor] = edit
    return found


def _was_public(change: Change, status: str) -> bool:
    """Return whether a revision hid who was not hidden at all; status: what it is since."""
    former = change["status"][0] if "status" in change else status
    raised = "causes" in change and "level" in change and change["level"][0] is None
    return raised and former == "published"


def _is_as_written(edit: Edit, change: Change) -> bool:
    """Return whether an actor is hidden by what a revision left, and nothing else."""
    return set(edit.causes) == set(read_causes(change["causes"][1]))


def _fields_before(change: Change) -> dict[str, tuple[Any, Origin | None]]:
    return {
        name: (before, Origin.model_validate(origin) if origin else None)
        for name, (before, _, origin) in change.items()
        if name in ActorRecord.model_fields
    }
