"""Undoes lists that were applied at the desk: all of one, or nothing."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.errors import Mesure23Error
from app.jobs.depositing import note
from app.lists import asked, deposits, undoing
from app.lists.deposits import Deposited
from app.lists.importing import uncollected
from app.lists.undoing import Undone
from app.models import Role
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.deferring import defer
from app.runtime.staff import Runtime


@uncollected()
def undo(runtime: Runtime, deposit_id: UUID) -> None:
    """Undo a list; where a newer one was applied meanwhile, say that nothing was done."""
    with read(runtime.staff) as session:
        found = deposits.find_for_job(session, runtime.vault, deposit_id)
    if found is None or found.state != "undoing":
        return
    try:
        with write(runtime.staff) as session:
            _undo(session, runtime, found)
    except (undoing.AlreadyUndone, undoing.NewerApplied, undoing.NotRemembered) as error:
        with write(runtime.staff) as session:
            _leave(session, runtime, found, error)
    except Exception as error:
        note(runtime, found.id, error)
        raise


def _undo(session: Session, runtime: Runtime, found: Deposited) -> None:
    done = undoing.undo(session, runtime.vault, found.id, who=found.who)
    # Who was archived, or is elsewhere again, has files and points that are not right yet.
    defer(session, Job.PURGE)
    defer(session, Job.GEOCODE)
    page = {**found.page, "undone": done.stored()}
    content = deposits.sealed_page(runtime.vault, found.id, page)
    # The next list of its source is corrected as the one before it was.
    values = {"content": content, "corrected": None}
    deposits.move(session, found.id, ["undoing"], "undone", **values)
    # About whom it missed there is nothing to ask any more, but what it had ended.
    deposits.forget_lines(session, [found.id])
    asked.ask_again(session, found.page)
    rest = found.page.get("rest")
    # What was left of it is the whole of it again.
    if rest and deposits.move(session, UUID(rest), ["ready"], "checking", done=0):
        defer(session, Job.CHECK, UUID(rest))
    is_own = found.page.get("own_part") and found.applied.who == found.who
    author = Author(found.who, (Role.REFERENT_DEPARTEMENT if is_own else Role.CURATEUR).value)
    subject = str(found.id)
    add(session, runtime.vault, author, Action.LIST_UNDONE, subject, said(done))


def said(done: Undone) -> dict[str, int]:
    """Return how the journal says what became of the actors of a list."""
    return {"rétablis": done.restored, "archivés": done.archived, "laissés": len(done.left)}


def _leave(session: Session, runtime: Runtime, found: Deposited, error: Mesure23Error) -> None:
    """Let a list be applied as it was, with why it was not undone."""
    page = {**found.page, "not_undone": str(error)}
    content = deposits.sealed_page(runtime.vault, found.id, page)
    deposits.move(session, found.id, ["undoing"], "applied", content=content)
