"""The network at the desk: who reported whom."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.network import reporting
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/reseau"
DONE = {"traite": "C’est noté : ce signalement est traité."}
router = APIRouter(prefix=HERE)


@router.get("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def network(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the reports that wait, the oldest first."""
    with read(desk.engine) as session:
        reports = reporting.read_waiting(session, desk.vault)
    return render(
        request,
        "desk/network/watching.html",
        signed,
        reports=reports,
        done=DONE.get(fait, ""),
        path=HERE,
    )


@router.post("/signalements")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def decide(desk: DeskOf, signed: Signed, signalement: Annotated[UUID, Form()]) -> Response:
    """Note that a report was dealt with; raise ReportUnknown."""
    author = gate.author_of(signed)
    with write(desk.engine) as session:
        reporting.decide(session, desk.vault, author, signalement, desk.now())
    return RedirectResponse(f"{HERE}?fait=traite", 303)
