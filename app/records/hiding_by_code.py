"""Hides an actor by a code of its operator: at once, whoever writes meanwhile.

The demand is noted first. Then the public reads nothing of it, in a transaction that a list delays
only from where it writes public actors; why it is hidden is written after whoever writes, by the
worker where that takes long. Who writes the actor meanwhile leaves it hidden: see `writing.py`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.people import BY_OPERATOR
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.models import OperatorCode
from app.models.job import Job
from app.platform.database.sessions import IMPORT_LOCK, hold
from app.platform.queue.deferring import defer
from app.records.acts import close_questions, hide
from app.records.causes import Cause, active
from app.records.history import History
from app.records.joined import with_survivors
from app.records.many import writer_of
from app.records.operator_codes import digest_of
from app.records.unchosen import end_choices, note_ended
from app.vault.sealing import Vault
from geo.zones import paris_day

BY_ITSELF = Author(BY_OPERATOR)


def ask_to_hide(session: Session, vault: Vault, code: str, now: datetime) -> UUID | None:
    """Note that the actor of a code is to be hidden; return the code's id, None where it is none.

    Last in its transaction, which is committed first: from then on the worker hides it at the
    latest.
    """
    wanted = OperatorCode.digest == digest_of(session, vault, code)
    row = session.scalar(select(OperatorCode).where(wanted).with_for_update())
    if row is None:
        return None
    row.asked_at = row.used_at = now
    defer(session, Job.HIDE, row.id)
    add(session, vault, BY_ITSELF, Action.HIDDEN_BY_CODE, str(row.actor_id))
    return row.id


def write_hiding(session: Session, vault: Vault, code_id: UUID) -> None:
    """Write why the actor of a code is hidden, where that waits.

    Raises BeingWritten where patience ends.
    """
    hold(session, IMPORT_LOCK)
    row = session.get(OperatorCode, code_id, with_for_update=True)
    if row is None or row.asked_at is None:
        return
    row.asked_at = None
    writer = writer_of(session, vault)
    edits = with_survivors(session, vault, writer.key, row.actor_id)
    unchosen = end_choices(session, edits)
    cause = Cause(why="operator", what=str(code_id), since=paris_day())
    for edit in edits.values():
        # Pressed twice, it writes one version; what was answered or shown since is taken back.
        given = (edit.record.consent_on, edit.record.shown)
        if any(given) or cause not in active(edit.causes):
            hide(edit, cause.since, cause)
            edit.act = "protect"
    writer.settle(edits, History(session, vault, BY_OPERATOR, "edit"))
    # Of one that is hidden already it ends a demand to show it.
    for actor in edits:
        close_questions(session, actor, who=BY_OPERATOR)
    note_ended(session, vault, BY_ITSELF, unchosen, "operator code")
