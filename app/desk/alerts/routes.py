"""What a member is told of by mail: their alerts, and a new one from the address of a search."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.alerting import keeping
from app.alerting.keeping import RHYTHMS
from app.alerting.mails import PATH as ALERTS
from app.alerting.searches import DOMAINS, LONGEST, read_address, words_of
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error
from app.models import Role
from app.network.members import check_member, hold_member, is_member
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to

DONE = {
    "creee": "L’alerte est enregistrée : vous serez prévenu de ce qui est nouveau.",
    "changee": "Le rythme est enregistré.",
    "supprimee": "L’alerte est supprimée.",
}
CHARTER = f"{gate.PRO}/reseau/charte"
router = APIRouter(prefix=ALERTS)
# A search of twenty territories and many filters has a long address.
Address = Annotated[str, Query(max_length=LONGEST)]
Rhythm = Annotated[str, Form(max_length=20)]


@router.get("")
@open_to(Role.PROFESSIONNEL)
def alerts(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show a member their alerts; anybody else how to become a member."""
    return _page(request, desk, signed, done=DONE.get(fait, ""))


@router.get("/nouvelle")
@open_to(Role.PROFESSIONNEL)
def new(request: Request, desk: DeskOf, signed: Signed, de: Address = "") -> Response:
    """Show the search of an address, and ask how often somebody wants to be told of it."""
    try:
        with read(desk.engine) as session:
            is_one = is_member(session, signed.account_id, desk.now())
            wanted = read_address(session, de)
            words = words_of(session, wanted)
    except Mesure23Error as error:
        return _page(request, desk, signed, error=error)
    return render(
        request,
        "desk/alerts/new.html",
        signed,
        is_member=is_one,
        domain=DOMAINS[wanted.domain],
        words=words,
        address=de,
        rhythms=RHYTHMS,
        path=ALERTS,
        charter_path=CHARTER,
    )


@router.post("/nouvelle")
@open_to(Role.PROFESSIONNEL)
def create(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    de: Annotated[str, Form(max_length=LONGEST)] = "",
    rythme: Rhythm = "",
) -> Response:
    """Tell a member of a search from now on."""

    def do(session: Session) -> None:
        # Two at once must not be one too many.
        hold_member(session, signed.account_id, desk.now())
        own = (signed.account_id, read_address(session, de), rythme, desk.now())
        keeping.create(session, desk.vault, *own)

    return _done(request, desk, signed, do, "creee")


@router.post("/{alert_id}/rythme")
@open_to(Role.PROFESSIONNEL)
def change(
    request: Request, desk: DeskOf, signed: Signed, alert_id: UUID, rythme: Rhythm = ""
) -> Response:
    """Give an alert another rhythm."""

    def do(session: Session) -> None:
        keeping.change(session, signed.account_id, alert_id, rythme)

    return _done(request, desk, signed, do, "changee")


@router.post("/{alert_id}/supprimer")
@open_to(Role.PROFESSIONNEL)
def remove(request: Request, desk: DeskOf, signed: Signed, alert_id: UUID) -> Response:
    """Delete an alert."""

    def do(session: Session) -> None:
        keeping.remove(session, signed.account_id, alert_id)

    return _done(request, desk, signed, do, "supprimee")


def _done(
    request: Request, desk: Desk, signed: Signed, do: Callable[[Session], None], said: str
) -> Response:
    """Do something to a member's alerts, and lead to them; raise NotMember of anybody else."""
    try:
        with write(desk.engine) as session:
            check_member(session, signed.account_id, desk.now())
            do(session)
    except Mesure23Error as error:
        return _page(request, desk, signed, error=error)
    return RedirectResponse(f"{ALERTS}?fait={said}", 303)


def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        is_one = is_member(session, signed.account_id, desk.now())
        own = keeping.listed(session, desk.vault, signed.account_id) if is_one else []
    return render(
        request,
        "desk/alerts/list.html",
        signed,
        http_status=error.status if error else 200,
        is_member=is_one,
        alerts=own,
        domains=DOMAINS,
        rhythms=RHYTHMS,
        path=ALERTS,
        charter_path=CHARTER,
        done=done,
        error=error,
    )
