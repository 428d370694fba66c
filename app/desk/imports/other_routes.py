"""A list that was taken for a known one is another one, as whoever knows it says."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import AwareDatetime

from app.audit.actions import Action
from app.audit.journal import add
from app.desk.imports.part_showing import may_choose
from app.desk.imports.routes import HERE, SENDERS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.lists import deposits
from app.lists.chosen import NotChosenHere
from app.lists.other import make_another
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)


@router.post("/{deposit_id}/autre-liste")
@open_to(*SENDERS)
def another(
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    vu: Annotated[AwareDatetime, Form()],
    nom: Annotated[str, Form(max_length=1_000)] = "",
) -> Response:
    """Read a list anew as the first of a source of its own; raise NotChosenHere.

    vu: since when it stood so as its reader saw it.
    """
    with write(desk.engine) as session:
        found = deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
        if not may_choose(signed, found):
            raise NotChosenHere
        make_another(session, desk.vault, found, vu, nom)
        # The journal has no names of lists: some are those of homes.
        detail, author = {"source": "une autre"}, gate.author_of(signed)
        add(session, desk.vault, author, Action.LIST_DEPOSITED, str(deposit_id), detail)
    return RedirectResponse(f"{HERE}/{deposit_id}?deja=autre", 303)
