"""An applied list is undone: who would be what again is said before it is done."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from app.accounts.sessions import SignedIn
from app.desk.imports.part_showing import may_undo
from app.desk.imports.routes import HERE, SENDERS
from app.desk.imports.undo_showing import shown_undo, stays_beside, still_archived
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, NotAllowed, Signed
from app.desk.shell.page import render
from app.lists import deposits, undoing
from app.lists.deposits import Deposited
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records import many

router = APIRouter(prefix=HERE)


@router.get("/{deposit_id}/defaire")
@open_to(*SENDERS)
def foresee(request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Show what undoing a list would do, or why it cannot be undone."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = _find(session, desk, signed, deposit_id)
        if found.state != "applied":
            return RedirectResponse(f"{HERE}/{deposit_id}", 303)
        why = undoing.why_not(session, found.id)
        undo = beside = None
        if why is None:
            foreseen = undoing.foresee(session, desk.vault, found.id).stored()
            undo = shown_undo(session, desk.vault, viewer, foreseen)
            beside = stays_beside(session, desk, signed, found.id, foreseen)
    return render(request, "desk/undo.html", signed, each=found, undo=undo, beside=beside, why=why)


@router.post("/{deposit_id}/defaire")
@open_to(*SENDERS)
def undo(
    desk: DeskOf, signed: Signed, deposit_id: UUID, vu: Annotated[AwareDatetime, Form()]
) -> Response:
    """Let the worker undo a list. vu: since when it was applied as its reader saw it."""
    with write(desk.engine) as session:
        found = _find(session, desk, signed, deposit_id)
        if why := _why_not(session, found):
            raise why
        deposits.ask_to_undo(session, desk.vault, found, vu, str(signed.account_id))
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)


@router.post("/{deposit_id}/rouvrir")
@open_to(*SENDERS)
def reopen(desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Publish again whom an undone list had archived: of who nobody wrote since, nor hides."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        found = _find(session, desk, signed, deposit_id)
        if found.state != "undone":
            raise undoing.NotUndone
        closed = still_archived(session, desk.vault, found.id, found.page.get("undone", {}))
        ids = undoing.still_closed(session, found.id, closed)
        many.do(session, desk.vault, viewer, author, ids, many.REOPEN)
    return RedirectResponse(f"{HERE}/{deposit_id}?deja=rouverts", 303)


def _find(session: Session, desk: Desk, signed: SignedIn, deposit_id: UUID) -> Deposited:
    """Return a list that somebody may undo; raise DepositUnknown or NotAllowed."""
    found = deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
    if not may_undo(signed, found):
        raise NotAllowed
    return found


def _why_not(session: Session, found: Deposited) -> Exception | None:
    if found.state != "applied":
        return undoing.AlreadyUndone()
    return undoing.why_not(session, found.id)
