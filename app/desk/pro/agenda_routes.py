"""The agenda of a professional: what is for everybody, for the network, for their CDLP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.agenda import queries
from app.agenda.criteria import read_query
from app.agenda.months import by_month
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import Mesure23Error, TerritoryUnknown
from app.gazetteer.territories import canonical_code, read_names
from app.models import Role
from app.network import attending, committee_meetings
from app.network.errors import NoPlaceLeft
from app.network.members import is_member
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.resources.markdown import render as render_markdown
from app.visibility import Viewer

AGENDA = f"{gate.PRO}/agenda"
DONE = {
    "inscrit": "Vous êtes inscrit. Un message part vers votre adresse : il dit où cela se passe.",
    "annule": "Votre inscription est annulée : votre place sert à quelqu’un d’autre.",
}
Done = Annotated[str, Query(max_length=10)]
router = APIRouter(prefix=AGENDA)


@router.get("")
@open_to(Role.PROFESSIONNEL)
def agenda(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    territoire: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show what comes next, month by month; raise TerritoryUnknown."""
    query, now = read_query(territoire and canonical_code(territoire)), desk.now()
    with read(desk.engine) as session:
        if query.territory and query.territory not in read_names(session):
            raise TerritoryUnknown(code=query.territory)
        found = queries.select_events(session, _viewer(desk, signed), query, now)
        names = gate.territories_of(session, signed)
        meetings = [
            each
            for each in committee_meetings.read_own(session, desk.vault, _viewer(desk, signed), now)
            if query.territory in ("", each.code)
        ]
    return render(
        request,
        "desk/pro/agenda.html",
        signed,
        months=by_month(found),
        meetings=meetings,
        total=len(found),
        names=names,
        territory=query.territory,
        path=AGENDA,
    )


@router.get("/{event_id}")
@open_to(Role.PROFESSIONNEL)
def event(
    request: Request, desk: DeskOf, signed: Signed, event_id: str, fait: Done = ""
) -> Response:
    """Show one event to a professional, whoever it is for."""
    return _event(request, desk, signed, event_id, done=DONE.get(fait, ""))


@router.post("/{event_id}/inscription")
@open_to(Role.PROFESSIONNEL)
def register(request: Request, desk: DeskOf, signed: Signed, event_id: str) -> Response:
    """Have a member come to an event; raise EventUnknown, NotMember or RegistrationClosed."""
    try:
        with write(desk.engine) as session:
            attending.register(session, desk.vault, gate.asker_of(signed, desk.now()), event_id)
    except NoPlaceLeft as full:
        return _event(request, desk, signed, event_id, error=full)
    return _back(event_id, "inscrit")


@router.post("/{event_id}/annuler")
@open_to(Role.PROFESSIONNEL)
def leave(desk: DeskOf, signed: Signed, event_id: str) -> Response:
    """Leave nothing of it, whatever became of the event."""
    with write(desk.engine) as session:
        attending.leave(session, signed.account_id, event_id)
    return _back(event_id, "annule")


def _event(
    request: Request,
    desk: Desk,
    signed: SignedIn,
    event_id: str,
    *,
    done: str = "",
    error: Mesure23Error | None = None,
) -> Response:
    with read(desk.engine) as session:
        viewer, now = _viewer(desk, signed), desk.now()
        found = queries.read_event(session, viewer, event_id)
        replay = queries.read_replay(session, viewer, found, now)
        comes = attending.comes_to(session, signed.account_id, event_id)
        joined = is_member(session, signed.account_id, now)
    return render(
        request,
        "desk/pro/event.html",
        signed,
        http_status=error.status if error else 200,
        event=found,
        is_over=found.ends_at < now,
        comes=comes,
        is_member=joined,
        done=done,
        error=error,
        replay=replay,
        resources_path=f"{gate.PRO}/ressources",
        charter_path=f"{gate.PRO}/reseau/charte",
        text=render_markdown(found.text),
        path=AGENDA,
    )


def _back(event_id: str, done: str) -> Response:
    return RedirectResponse(f"{AGENDA}/{event_id}?fait={done}", 303)


def _viewer(desk: Desk, signed: SignedIn) -> Viewer:
    return Viewer.professional(gate.asker_of(signed, desk.now()))
