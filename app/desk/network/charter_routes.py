"""The charter of the network: read, accepted, and left."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.models.network import CHARTER_ON
from app.network import members
from app.network.charter import CHARTER_PROMISES
from app.network.errors import CharterUnread
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

NETWORK = f"{gate.PRO}/reseau"
CHARTER = f"{NETWORK}/charte"
DONE = {
    "accepte": "Vous êtes membre du réseau.",
    "quitte": "Vous avez quitté le réseau : votre profil est effacé.",
}
router = APIRouter(prefix=NETWORK)


@router.get("/charte")
@open_to(Role.PROFESSIONNEL)
def charter(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the charter, and whether its reader accepted it."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


@router.post("/charte")
@open_to(Role.PROFESSIONNEL)
def accept(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    charte: Annotated[str, Form(max_length=10)] = "",
    lu: Annotated[bool, Form()] = False,
) -> Response:
    """Join the network."""
    author = gate.author_of(signed)
    try:
        if not lu:
            raise CharterUnread
        with write(desk.engine) as session:
            given = (signed.account_id, _day(charte), desk.now())
            members.accept(session, desk.vault, author, *given)
    except Mesure23Error as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{CHARTER}?fait=accepte", 303)


@router.post("/quitter")
@open_to(Role.PROFESSIONNEL)
def leave(desk: DeskOf, signed: Signed) -> Response:
    """Leave the network."""
    with write(desk.engine) as session:
        own = (gate.author_of(signed), signed.account_id)
        members.leave(session, desk.vault, *own, desk.now())
    return RedirectResponse(f"{CHARTER}?fait=quitte", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        standing = members.read_standing(session, signed.account_id, desk.now())
    return render(
        request,
        "desk/network/charter.html",
        signed,
        http_status=error.status if error else 200,
        standing=standing,
        charter_on=CHARTER_ON,
        promises=CHARTER_PROMISES,
        path=NETWORK,
        done=done,
        error=error,
    )


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None
