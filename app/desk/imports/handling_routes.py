"""A deposited list among colleagues: who looks after it, and a note of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.imports.routes import HERE, SENDERS, Unwritten, show_deposit
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.lists import deposits, handling
from app.lists.deposits import Deed
from app.lists.handling import NoteChanged, NoteWrong
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)


@router.post("/{deposit_id}/suivre")
@open_to(*SENDERS)
def claim(
    desk: DeskOf, signed: Signed, deposit_id: UUID, suivre: Annotated[bool, Form()] = False
) -> Response:
    """Look after a list from now on, whoever did before; or no more."""
    deed = Deed(str(signed.account_id), desk.now()) if suivre else None
    with write(desk.engine) as session:
        deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
        handling.claim(session, desk.vault, deposit_id, deed)
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)


@router.get("/{deposit_id}/note")
@open_to(*SENDERS)
def back_to_the_list(deposit_id: UUID) -> Response:
    """Lead to a list: a browser that shows a refused note has this address, and may ask again."""
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)


@router.post("/{deposit_id}/note")
@open_to(*SENDERS)
def note(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    texte: Annotated[str, Form(max_length=10_000)] = "",
    vue: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Write the note of a list; vue: when the one was written that its author saw, "" for none."""
    deed = Deed(str(signed.account_id), desk.now())
    try:
        with write(desk.engine) as session:
            deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
            handling.note(session, desk.vault, deposit_id, texte, deed, vue)
    except (NoteWrong, NoteChanged) as error:
        return show_deposit(request, desk, signed, deposit_id, unwritten=Unwritten(texte, error))
    return RedirectResponse(f"{HERE}/{deposit_id}", 303)
