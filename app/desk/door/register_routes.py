"""Whether somebody comes to an event, by the link of a mail: its page, and their answer."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.agenda.event import Event
from app.agenda.queries import read_event
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf
from app.desk.shell.page import render
from app.errors import EventUnknown
from app.platform.database.sessions import read, write
from app.platform.web.permissions import Profile, open_to
from app.registrations import registering
from app.registrations.registering import EventFull, Registered
from app.visibility import PUBLIC, Viewer

router = APIRouter(prefix=f"{gate.DOOR}/inscription")
Token = Annotated[str, Path(max_length=100)]
PAGE = "desk/registration.html"


@router.get("/{token}")
@open_to(Profile.LINK)
def question(request: Request, desk: DeskOf, token: Token) -> Response:
    """Ask whether somebody comes, or still does; raise RegistrationEnded."""
    with read(desk.engine) as session:
        found = registering.find(session, token, desk.now())
        event = _event(session, found, desk.now())
    state = ("inscrit" if found.is_confirmed else "") if found.is_open else "clos"
    return render(request, PAGE, None, event=event, token=token, state=state, error=None)


@router.post("/{token}")
@open_to(Profile.LINK)
def answer(
    request: Request,
    desk: DeskOf,
    token: Token,
    reponse: Annotated[Literal["oui", "non"], Form()],
) -> Response:
    """Note that somebody comes, or leave nothing of it; raise RegistrationEnded."""
    error = None
    try:
        with write(desk.engine) as session:
            event = _event(session, registering.find(session, token, desk.now()), desk.now())
            if reponse == "oui":
                registering.confirm(session, token, desk.now())
            else:
                registering.leave(session, token)
    except EventFull as full:
        error = full
    state = "" if error else {"oui": "confirme", "non": "annule"}[reponse]
    return render(
        request,
        PAGE,
        None,
        http_status=error.status if error else 200,
        event=event,
        token=token,
        state=state,
        error=error,
    )


def _event(session: Session, found: Registered, now: datetime) -> Event | None:
    """Return an event, None where no mail would name it: who registered leaves all the same."""
    viewer = PUBLIC if found.account is None else Viewer.written_to(found.account, now)
    try:
        return read_event(session, viewer, found.event)
    except EventUnknown:
        return None
