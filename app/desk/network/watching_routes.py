"""The network at the desk: who reported whom, and who is let in no more."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.network import reporting, watching
from app.network.errors import ReasonMissing
from app.network.reporting import WHY_MAX
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

HERE = f"{gate.HOME}/reseau"
DONE = {
    "traite": "C’est noté : ce signalement est traité.",
    "exclure": "C’est fait : cette personne n’est plus dans l’annuaire, ne lit ni n’écrit plus rien"
    " dans le réseau, et ne siège plus dans l’espace d’une CDLP. Son compte reste ouvert.",
    "admettre": "C’est fait : cette personne peut accepter la charte de nouveau.",
}
router = APIRouter(prefix=HERE)


@router.get("")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def network(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the reports that wait; to an administrateur the members as well, by name."""
    return _page(request, desk, signed, words=q, page=page, done=DONE.get(fait, ""))


@router.post("/signalements")
@open_to(Role.CURATEUR, Role.ADMINISTRATEUR)
def decide(desk: DeskOf, signed: Signed, signalement: Annotated[UUID, Form()]) -> Response:
    """Note that a report was dealt with; raise ReportUnknown."""
    author = gate.author_of(signed)
    with write(desk.engine) as session:
        reporting.decide(session, desk.vault, author, signalement, desk.now())
    return RedirectResponse(f"{HERE}?fait=traite", 303)


@router.post("/membres")
@open_to(Role.ADMINISTRATEUR)
def let_in_or_out(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    membre: Annotated[UUID, Form()],
    geste: Annotated[Literal["exclure", "admettre"], Form()],
    pourquoi: Annotated[str, Form(max_length=4 * WHY_MAX)] = "",
    q: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Exclude a member, or let an excluded one accept the charter again; raise MemberUnknown."""
    author = gate.author_of(signed)
    try:
        with write(desk.engine) as session:
            given = (session, desk.vault, author, membre, pourquoi)
            if geste == "exclure":
                watching.exclude(*given, desk.now())
            else:
                watching.readmit(*given)
    except ReasonMissing as error:
        return _page(request, desk, signed, words=q, error=error, about=membre)
    return RedirectResponse(f"{HERE}?{urlencode({'fait': geste, 'q': q})}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    *,
    words: str = "",
    page: int = 1,
    done: str = "",
    error: Mesure23Error | None = None,
    about: UUID | None = None,
) -> Response:
    with read(desk.engine) as session:
        reports = reporting.read_waiting(session, desk.vault)
        found = None
        if signed.role is Role.ADMINISTRATEUR:
            found = watching.read_members(session, desk.vault, words, page)
    return render(
        request,
        "desk/network/watching.html",
        signed,
        http_status=error.status if error else 200,
        reports=reports,
        found=found,
        words=words,
        about=about,
        why_max=WHY_MAX,
        done=done,
        error=error,
        path=HERE,
    )
