"""Meetings of the CDLP, territory by territory: when the last one was, and the next one added."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.meetings.words import DONE, HERE, Own, name_of, page_of
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import WORKERS, render
from app.meetings import meetings
from app.meetings.reporting import report
from app.models import Role
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from geo.zones import paris_day

router = APIRouter(prefix=HERE)
# Who convenes it, and who stands in for them; only the first confirms.
CONVENERS = (Role.REFERENT_ETAT, Role.CURATEUR)
# The decree asks for at least so many in a year.
EACH_YEAR = 2


@router.get("")
@open_to(*WORKERS)
def territories(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show when the CDLP of each territory met last, and when it meets next."""
    today = paris_day(desk.now())
    with read(desk.engine) as session:
        names = gate.territories_of(session, signed)
        found = meetings.read_met(session, names, today)
    return render(
        request,
        "desk/meetings.html",
        signed,
        names=names,
        met=found,
        nothing=meetings.Met(),
        each_year=EACH_YEAR,
    )


@router.get("/{code}")
@open_to(*WORKERS)
def territory(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    code: Own,
    fait: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show the meetings of a territory, and its état des lieux of today."""
    viewer, now = gate.viewer_of(signed), desk.now()
    with read(desk.engine) as session:
        name = name_of(session, signed, code)
        planned = meetings.meetings_of(session, [code])
        state = report(session, desk.vault, viewer, code, None, now)
    return render(
        request,
        "desk/territory_meetings.html",
        signed,
        code=code,
        name=name,
        meetings=planned,
        state=state,
        today=paris_day(now),
        first=meetings.FIRST,
        latest=paris_day(now) + meetings.AHEAD,
        convenes=signed.role in CONVENERS,
        invites=signed.role is Role.REFERENT_ETAT,
        done=DONE.get(fait, ""),
    )


@router.post("/{code}")
@open_to(*CONVENERS)
def plan(desk: DeskOf, signed: Signed, code: Own, jour: Annotated[date, Form()]) -> Response:
    """Add the meeting of a day, and lead to it; one that is there already is that one."""
    with write(desk.engine) as session:
        meetings.plan(session, desk.vault, gate.author_of(signed), code, jour, desk.now())
    return RedirectResponse(f"{page_of(code, jour)}?fait=ajoutee", 303)
