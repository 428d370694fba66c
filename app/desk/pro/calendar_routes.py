"""A member's own calendar: its page, its address made or given up, and what programs read by it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.agenda.calendar import MEDIA_TYPE
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.models import Role
from app.network import own_calendar
from app.network.members import is_member
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to

PAGE = f"{gate.PRO}/agenda/calendrier"
FILE = f"{gate.DOOR}/agenda/{{token}}.ics"
router = APIRouter()
Token = Annotated[str, Path(max_length=100)]


@router.get(PAGE)
@open_to(Role.PROFESSIONNEL)
def own(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show whether somebody has a calendar of their own; anybody else how to become a member."""
    return _page(request, desk, signed)


@router.post(PAGE)
@open_to(Role.PROFESSIONNEL)
def create(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Make the address of a member's calendar, and show it this once; raise NotMember."""
    with write(desk.engine) as session:
        token = own_calendar.create(session, signed.account_id, desk.now())
    address = f"{gate.origin_of(request)}{FILE.format(token=token)}"
    return _page(request, desk, signed, address=address)


@router.post(f"{PAGE}/supprimer")
@open_to(Role.PROFESSIONNEL)
def revoke(desk: DeskOf, signed: Signed) -> Response:
    """Let no program read it any more."""
    with write(desk.engine) as session:
        own_calendar.revoke(session, signed.account_id)
    return RedirectResponse(PAGE, 303)


@router.get(FILE)
@open_to(Profile.LINK)
def file(request: Request, desk: DeskOf, token: Token) -> Response:
    """Return a member's calendar by its address; raise CalendarUnknown."""
    origin = gate.origin_of(request)
    with read(desk.engine) as session:
        written = own_calendar.write(session, desk.vault, token, origin, desk.now())
    return Response(written, media_type=MEDIA_TYPE)


def _page(request: Request, desk: Desk, signed: SignedIn, *, address: str = "") -> Response:
    with read(desk.engine) as session:
        is_one = is_member(session, signed.account_id, desk.now())
        made_at: datetime | None = own_calendar.made_at(session, signed.account_id)
    return render(
        request,
        "desk/pro/calendar.html",
        signed,
        is_member=is_one,
        made_at=made_at,
        address=address,
        path=PAGE,
        agenda_path=own_calendar.AGENDA,
        charter_path=f"{gate.PRO}/reseau/charte",
    )
