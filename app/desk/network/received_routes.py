"""What other members wrote to one: to answer, to report, or to want nothing more of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.network.charter_routes import NETWORK
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.network import messages, reporting
from app.network.errors import ReportWrong
from app.network.reporting import WHY_MAX
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

RECEIVED = f"{NETWORK}/messages"
DONE = {
    "signale": "C’est signalé : cette personne ne peut plus rien vous envoyer, et l’équipe de la"
    " cartographie regarde ce que vous en dites. Rien ne le lui dit.",
}
router = APIRouter(prefix=RECEIVED)


@router.get("")
@open_to(Role.PROFESSIONNEL)
def received(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show what one was sent these days; raise NotMember."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


@router.post("/signaler")
@open_to(Role.PROFESSIONNEL)
def report(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    message: Annotated[UUID, Form()],
    pourquoi: Annotated[str, Form(max_length=4 * WHY_MAX)] = "",
    joindre: Annotated[bool, Form()] = False,
) -> Response:
    """Report who wrote a message; raise NotMember or MessageUnknown."""
    asker, author = gate.asker_of(signed, desk.now()), gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            given = (author, asker, message, pourquoi)
            reporting.report(session, desk.vault, *given, attaches=joindre)
    except ReportWrong as error:
        return _page(request, desk, signed, error=error, about=message, why=pourquoi)
    return RedirectResponse(f"{RECEIVED}?fait=signale", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    done: str = "",
    error: ReportWrong | None = None,
    about: UUID | None = None,
    why: str = "",
) -> Response:
    with read(desk.engine) as session:
        asker = gate.asker_of(signed, desk.now())
        found = messages.read_received(session, desk.vault, asker)
    return render(
        request,
        "desk/network/received.html",
        signed,
        http_status=error.status if error else 200,
        found=found,
        days=messages.RECEIVED_FOR.days,
        text_days=messages.TEXT_FOR.days,
        why_max=WHY_MAX,
        done=done,
        error=error,
        about=about,
        why=why,
        path=NETWORK,
    )
