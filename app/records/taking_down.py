"""Takes the actor of a code from the public at once, before it is written why."""

from time import monotonic
from uuid import UUID

from psycopg.errors import LockNotAvailable
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models import OperatorCode
from app.records.joined import with_survivors
from app.records.unchosen import end_choices
from app.records.writing import take_down
from app.vault.digests import index_key
from app.vault.sealing import Vault

# Lists write for seconds; whoever needs longer is followed by the worker.
PATIENCE_SECONDS = 20
# PostgreSQL looks after a second whether two wait for each other, and would end the list.
TURN = "500ms"


def take_down_at_once(
    session: Session, vault: Vault, code_id: UUID, unchosen: set[UUID] | None = None
) -> bool:
    """Show the public nothing of the actor of a code; return whether it reads nothing of it now.

    unchosen: takes of whom professionals were told something until now, for the journal: whoever
    writes there is waited for no turn, so that it is noted in a transaction of its own.

    A list that wrote any public actor holds the versions that caches go by until it ends: it is
    waited for in short turns, and after some time no more.
    """
    ends = monotonic() + PATIENCE_SECONDS
    ended = set[UUID]() if unchosen is None else unchosen
    while not _is_taken_down(session, vault, code_id, ended):
        if monotonic() > ends:
            return False
    return True


def _is_taken_down(session: Session, vault: Vault, code_id: UUID, unchosen: set[UUID]) -> bool:
    # Revoked, erased with its actor, or hidden a moment ago, it waits no more.
    wanted = (OperatorCode.id == code_id, OperatorCode.asked_at.is_not(None))
    waits = select(OperatorCode.actor_id).where(*wanted).with_for_update()
    try:
        # By itself: no list holds what professionals are told, and whom it was joined to is told.
        with session.begin_nested():
            session.execute(select(func.set_config("lock_timeout", TURN, True)))
            key = index_key(session, vault)
            edits = [
                with_survivors(session, vault, key, each) for each in session.scalars(waits).all()
            ]
            unchosen |= end_choices(session, {actor for each in edits for actor in each})
        with session.begin_nested():
            for each in edits:
                take_down(session, vault, key, each)
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        return False
    return True
