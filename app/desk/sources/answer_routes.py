"""What a source answered about an actor that its list names no more: it stays."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.audit.actions import Action
from app.audit.journal import add
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.sources.routes import FOLLOWERS, HERE
from app.lists import asked
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)
PublicId = Annotated[str, Form(max_length=40)]


@router.post("/{source_id}/reponses")
@open_to(*FOLLOWERS)
def stays(desk: DeskOf, signed: Signed, source_id: UUID, acteur: PublicId) -> Response:
    """Note that an actor stays; raise SourceUnknown, QuestionUnknown."""
    _answer(desk, signed, source_id, acteur, ends=True)
    return RedirectResponse(f"{HERE}/{source_id}?fait=garde&acteur={acteur}", 303)


@router.post("/{source_id}/reponses/annuler")
@open_to(*FOLLOWERS)
def asks_again(desk: DeskOf, signed: Signed, source_id: UUID, acteur: PublicId) -> Response:
    """Ask about an actor after all; raise SourceUnknown, QuestionUnknown."""
    _answer(desk, signed, source_id, acteur, ends=False)
    return RedirectResponse(f"{HERE}/{source_id}?fait=demande#demandes", 303)


def _answer(desk: Desk, signed: SignedIn, source_id: UUID, public_id: str, *, ends: bool) -> None:
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    detail = {"source": str(source_id)} | ({} if ends else {"annulé": "oui"})
    with write(desk.engine) as session:
        actor = asked.answer(session, viewer, source_id, public_id, ends=ends)
        add(session, desk.vault, author, Action.SOURCE_ANSWERED, str(actor), detail)
