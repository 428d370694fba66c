"""Today: what waits for somebody, and what was done last."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import assigning
from app.audit.pruning import ends_before
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.desk.shell.taking_in import take_in
from app.operations.waiting import waiting, waiting_in
from app.platform.database.sessions import read
from app.platform.web.permissions import STAFF, open_to

router = APIRouter()


@router.get(gate.HOME)
@open_to(*STAFF)
def today(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show what waits for who is signed in, what visitors wrote since among it."""
    take_in(desk.engine, desk.vault)
    with read(desk.engine) as session:
        given = (session, desk.vault, signed.role, signed.territories, desk.now())
        since = ends_before(desk.now(), desk.settings.audit_months)
        tasks = waiting(*given, who=str(signed.account_id), journal_from=since)
        mine = assigning.territories_of(session, signed.account_id)
        viewer = gate.viewer_of(signed)
        own = waiting_in(session, desk.vault, viewer, mine, desk.now()) if mine else []
    return render(request, "desk/today.html", signed, tasks=tasks, mine=sorted(mine), own=own)
