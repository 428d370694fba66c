"""The agenda of a professional: what is for everybody, for the network, for their CDLP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.sessions import SignedIn
from app.agenda import queries
from app.agenda.criteria import read_query
from app.agenda.months import by_month
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.errors import TerritoryUnknown
from app.gazetteer.territories import canonical_code, read_names
from app.models import Role
from app.network import committee_meetings
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.resources.markdown import render as render_markdown
from app.visibility import Viewer

AGENDA = f"{gate.PRO}/agenda"
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
def event(request: Request, desk: DeskOf, signed: Signed, event_id: str) -> Response:
    """Show one event to a professional, whoever it is for."""
    with read(desk.engine) as session:
        viewer = _viewer(desk, signed)
        found = queries.read_event(session, viewer, event_id)
        replay = queries.read_replay(session, viewer, found, desk.now())
    return render(
        request,
        "desk/pro/event.html",
        signed,
        event=found,
        replay=replay,
        resources_path=f"{gate.PRO}/ressources",
        text=render_markdown(found.text),
        path=AGENDA,
    )


def _viewer(desk: Desk, signed: SignedIn) -> Viewer:
    return Viewer.professional(gate.asker_of(signed, desk.now()))
