"""Takes back what a person just did, to one actor or to several: as a new revision of each.

What hides stays, and what hid before does so again. Contacts that were withheld and what was made
secret are decided anew, by whoever lifts a protection.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author
from app.models import ActorProtected, Revision
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.records.acts import RANK_OF_STAFF
from app.records.causes import hidden_again
from app.records.correcting import may_correct
from app.records.doubts import CONFIRMED, doubt_again
from app.records.edits import Edit, rewrite
from app.records.history import last_written
from app.records.many import Deed, Done, Refusal, write_together, writer_of
from app.records.past import causes_before, restored, version_at
from app.records.record import Origin
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.zones import paris_day

# How long somebody may take back what they did.
UNDONE_WITHIN = timedelta(hours=1)
# What history calls what somebody wrote, where nothing was hidden by it.
_WRITTEN = frozenset({
    *("update", "publish", "verify", "classify", "archive", "settle", "restore"),
    *("confirm", "set_aside", CONFIRMED),
})  # fmt: skip
_HID = "protect"
_RESTORE = Deed("restore", Action.RESTORED, lambda *_: None, lambda *_: None, "annulé")


@dataclass(frozen=True, slots=True)
class Latest:
    """What somebody did last to an actor. hid: it is not taken back by one press."""

    batch: UUID
    hid: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """A revision. is_last: nothing was written to its actor since."""

    actor_id: UUID
    number: int
    batch: UUID
    action: str
    is_last: bool


def latest(session: Session, vault: Vault, author: Author, actor_id: UUID) -> Latest | None:
    """Return what somebody did last to an actor, while they may take it back."""
    for step in _steps_of(session, vault, author, Revision.actor_id == actor_id):
        if step.is_last:
            return Latest(step.batch, step.action == _HID)
    return None


def is_latest(session: Session, vault: Vault, author: Author, actor_id: UUID, batch: UUID) -> bool:
    """Say whether a batch is what somebody did last to an actor, while they may take it back."""
    done = latest(session, vault, author, actor_id)
    return done is not None and done.batch == batch


def undo(session: Session, vault: Vault, viewer: Viewer, author: Author, batch: UUID) -> Done:
    """Take back what its author did a moment ago, of those actors that are unchanged since."""
    hold(session, IMPORT_LOCK)
    readable = viewer.sealed().with_only_columns(
        ActorProtected.actor_id, maintain_column_froms=True
    )
    of_batch = (Revision.batch_id == batch, Revision.actor_id.in_(readable))
    steps = list(_steps_of(session, vault, author, *of_batch))
    numbers = {each.actor_id: each.number for each in steps if each.is_last}
    doubted = {each.actor_id for each in steps if each.is_last and each.action == CONFIRMED}
    refused = Counter({Refusal.CHANGED: len(steps) - len(numbers)})
    writer, edits = writer_of(session, vault), {}
    by = Origin(source="staff", day=paris_day(), rank=RANK_OF_STAFF)
    for actor, edit in writer.stored(numbers).items():
        fields = _before(session, vault, viewer, edit, numbers[actor])
        former = causes_before(session, vault, actor, numbers[actor])
        causes = hidden_again(former, edit.causes)
        if not fields and causes == edit.causes and actor not in doubted:
            # Hidden beside what was written, which nobody shows so.
            continue
        if not _is_theirs(viewer, edit, fields):
            refused[Refusal.UNKNOWN] += 1
            continue
        rewrite(edit, fields, by)
        edit.causes = hidden_again(former, edit.causes)
        edits[actor] = edit
    doubt_again(session, {each: edits[each] for each in doubted & edits.keys()}, writer)
    return write_together(session, vault, viewer, author, writer, edits, _RESTORE, +refused)


def _steps_of(
    session: Session, vault: Vault, author: Author, *which: ColumnElement[bool]
) -> Iterator[_Step]:
    """Yield what somebody wrote within the hour."""
    columns = (Revision.actor_id, Revision.number, Revision.batch_id, Revision.action)
    is_last = (Revision.number == last_written(Revision.actor_id)).label("is_last")
    statement = select(*columns, Revision.id, Revision.why, is_last).where(
        Revision.who == author.who,
        Revision.at > datetime.now(UTC) - UNDONE_WITHIN,
        Revision.action.in_((*_WRITTEN, _HID)),
        *which,
    )
    for row in session.execute(statement):
        # An answer to a proposal is taken back with the proposal, which then waits again.
        if "proposal" not in vault.open_json("revision", row.id, "why", row.why):
            yield _Step(row.actor_id, row.number, row.batch_id, row.action, row.is_last)


def _before(
    session: Session, vault: Vault, viewer: Viewer, edit: Edit, number: int
) -> dict[str, tuple[Any, Origin | None]]:
    """Return the fields that a revision changed, as they were before it."""
    given = (edit.actor_id, edit.record, edit.provenance)
    before = version_at(session, vault, viewer, *given, number - 1)
    fields = restored(before, edit.record, edit.provenance)
    if before.fields["status"] == "draft" and edit.record.status in ("published", "archived"):
        # To hide again what was published a moment ago publishes nothing.
        said_by = before.provenance.get("status")
        fields["status"] = ("draft", Origin.model_validate(said_by) if said_by else None)
    return fields


def _is_theirs(viewer: Viewer, edit: Edit, fields: dict[str, tuple[Any, Origin | None]]) -> bool:
    """Say whether a person may correct an actor as it is, and as it would be again."""
    record = edit.record
    category, _ = fields.get("category", (record.category, None))
    territory, _ = fields.get("territory", (record.territory, None))
    seats = ((record.category, record.territory), (category, territory))
    return not any(may_correct(viewer, *seat) for seat in seats)
