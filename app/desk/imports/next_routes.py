"""From a corrected line to the next one that cannot be used, once the list is read anew."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.imports.narrowing import way_back
from app.desk.imports.routes import HERE, SENDERS
from app.desk.imports.words import RUNNING
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.page import render
from app.lists import deposits, review_moves
from app.platform.database.sessions import read
from app.platform.queue.reading import is_worked_on
from app.platform.web.permissions import open_to

router = APIRouter(prefix=HERE)
# Of sheets and lines, more than any list has.
MOST = 10_000_000


@router.get("/{deposit_id}/suite")
@open_to(*SENDERS)
def after(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    deposit_id: UUID,
    feuille: Annotated[int, Query(ge=0, le=MOST)] = 0,
    ligne: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> Response:
    """Wait until a list is read anew, then offer its next line that cannot be used.

    feuille, ligne: of the line that was corrected, which comes first where it still cannot be. To
    open a line is noted, so that a button does it. Without a line left, lead to the list.
    """
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        left = review_moves.unusable(session, viewer, deposit_id, (feuille, ligne))
        worked_on = is_worked_on(session, 4 * desk.settings.worker_heartbeat)
    if found.state not in RUNNING and not (found.state == "ready" and left.first):
        return RedirectResponse(f"{HERE}/{deposit_id}", 303)
    return render(
        request,
        "desk/next_line.html",
        signed,
        each=found,
        left=left,
        again=f"{HERE}/{deposit_id}/suite?feuille={left.place[0]}&ligne={left.place[1]}",
        is_running=found.state in RUNNING,
        worked_on=worked_on,
    )


@router.get("/{deposit_id}/relue")
@open_to(*SENDERS)
def back(request: Request, desk: DeskOf, signed: Signed, deposit_id: UUID) -> Response:
    """Wait until a list is read anew, then lead back to its lines, narrowed as they were."""
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        found = deposits.find(session, desk.vault, viewer, deposit_id)
        worked_on = is_worked_on(session, 4 * desk.settings.worker_heartbeat)
    way = way_back(request, "page")
    if found.state not in RUNNING:
        return RedirectResponse(f"{HERE}/{deposit_id}/relire?{way}", 303)
    return render(
        request,
        "desk/next_line.html",
        signed,
        each=found,
        again=f"{HERE}/{deposit_id}/relue?{way}",
        is_running=True,
        worked_on=worked_on,
    )
