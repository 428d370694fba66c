"""Makes of an actor what it was at a former version, as a new one."""

from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.records import acts
from app.records.acts import RANK_OF_STAFF, Outcome
from app.records.causes import Cause, hidden_as_then
from app.records.correcting import NotYours, may_correct
from app.records.edits import SEAT, Edit, rewrite
from app.records.past import causes_after, check_shown, restored, version_at
from app.records.record import Origin
from app.records.sheets import last_revision
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day


class ChangedMeanwhile(Mesure23Error):
    """Quelqu’un d’autre a changé cet acteur entre-temps : rien n’a été écrit."""

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Relisez la fiche telle qu’elle est maintenant, puis recommencez."


class NothingToRestore(Mesure23Error):
    """L’acteur est déjà ce qu’il était à cette version : il n’y a rien à rétablir."""

    status = 409
    title = "Rien à rétablir"
    advice = "Choisissez une autre version de son historique."


def restore(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    public_id: str,
    number: int,
    *,
    based_on: int,
    who: str,
    why: str,
) -> Outcome:
    """Write an actor as it was after its revision of that number; what hides it now goes on, and
    what hid that version does so again: one person publishes nothing that was hidden.

    based_on: the last revision that its author read. Raises ActorUnknown, NotYours, of what it was
    or becomes, RevisionUnknown, ChangedMeanwhile or NothingToRestore.
    """
    writer, edit = acts.find(session, vault, public_id)
    _check(viewer, edit)
    if last_revision(session, edit.actor_id) != based_on:
        raise ChangedMeanwhile
    check_shown(session, viewer, edit.actor_id, number)
    given = (edit.actor_id, edit.record, edit.provenance)
    version = version_at(session, vault, viewer, *given, number)
    fields = restored(version, edit.record, edit.provenance)
    if not fields:
        raise NothingToRestore
    by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
    then = causes_after(session, vault, edit.actor_id, edit.causes, number)
    rewrite(edit, fields, by)
    _check(viewer, edit)
    _hide_as_then(edit, then, by, moves=not SEAT.isdisjoint(fields))
    edit.why = {"staff": why, "restored": number}
    beside = acts.write(session, vault, writer, edit, "restore", who)
    return acts.outcome(session, edit, beside)


def _hide_as_then(edit: Edit, then: tuple[Cause, ...], by: Origin, *, moves: bool) -> None:
    causes = hidden_as_then(then, edit.causes, moves=moves)
    if causes != edit.causes and edit.record.consent_on is not None:
        # It was given for what was public, not for this.
        edit.change("consent_on", None, by)
    edit.causes = causes


def _check(viewer: Viewer, edit: Edit) -> None:
    if may_correct(viewer, edit.record.category, edit.record.territory):
        raise NotYours
