"""Whom a list hides beside its homes is opened: noted first, and short."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from app.desk.imports.routes import HERE
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.lists import deposits
from app.models import Role
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records.opening import note_beside

router = APIRouter(prefix=HERE)
# From where they are opened -> where they are read then.
WAYS = {"": "#masques", "annulee": "#caches", "defaire": "/defaire#caches"}


@router.post("/{deposit_id}/a-cote")
@open_to(Role.CURATEUR)
def beside(
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    retour: Annotated[Literal["", "annulee", "defaire"], Form()] = "",
) -> Response:
    """Open by name whom a list hides beside its homes; raise DepositUnknown."""
    with read(desk.engine) as session:
        deposits.find(session, desk.vault, gate.viewer_of(signed), deposit_id)
    note_beside(desk.engine, desk.vault, gate.author_of(signed), deposit_id)
    return RedirectResponse(f"{HERE}/{deposit_id}{WAYS[retour]}", 303)
