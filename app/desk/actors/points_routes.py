"""The points that the geocoder placed with a doubt: somebody moves them, or says they are right."""

import re
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.accounts.sessions import SignedIn
from app.desk.actors.choices import DOUBTS, Choice, asked_by, choices
from app.desk.actors.lot_routes import Ids, NobodyChosen
from app.desk.actors.outcomes import batch_of, outcome, written
from app.desk.actors.showing import WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import Desk, DeskOf, Signed
from app.desk.shell.page import render
from app.models.job import Job
from app.platform.database.sessions import read, write
from app.platform.queue.reading import what_is_left
from app.platform.web.permissions import open_to
from app.records import doubts
from app.records.counts import count
from app.records.listing import find
from app.records.wanted import DOUBTFUL, POINTS

HERE = f"{gate.HOME}/points"
router = APIRouter(prefix=HERE)
NARROWED_BY = ("territoire", "categorie")
DOUBT = Choice("point", "Doute", {"": DOUBTS})
# A public id, and the mark of the answer that was read.
_READ = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{16})")


@router.get("")
@open_to(*WORKERS)
def doubtful(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show whose point is to be looked at, and what the geocoder said of it."""
    return _page(request, desk, signed)


def _page(
    request: Request, desk: Desk, signed: SignedIn, error: NobodyChosen | None = None
) -> Response:
    viewer = gate.viewer_of(signed)
    with read(desk.engine) as session:
        asked = asked_by(session, request, desk, signed)
        finding, wanted = asked.finding, asked.wanted
        doubtful = replace(wanted, point=wanted.point or DOUBTFUL, sort="territoire")
        found = find(finding, doubtful)
        points = doubts.read(session, desk.vault, viewer, (each.actor_id for each in found.lines))
        offered = choices(asked, *NARROWED_BY)
        counts = count(finding, doubtful, (each.name for each in offered))
        left = what_is_left(session, Job.GEOCODE)
        counts[DOUBT.name] = doubts.count_by(finding, replace(doubtful, point=DOUBTFUL))
    return render(
        request,
        "desk/actors/points.html",
        signed,
        http_status=error.status if error else 200,
        error=error,
        wanted=wanted,
        found=found,
        points=points,
        labels=dict(POINTS.values()),
        choices=[*offered, DOUBT],
        counts=counts,
        left=left,
        outcome=outcome(request.query_params.get("bilan", "")),
        batch=batch_of(request.query_params.get("lot", "")),
    )


@router.post("")
@open_to(*WORKERS)
def confirm(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    acteur: Ids = (),
    seul: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say that points are right where they are; seul: one of them, whatever else is checked."""
    read_by = map(_READ.fullmatch, [seul] if seul else acteur)
    marks = {found[1]: found[2] for found in read_by if found}
    if not marks:
        return _page(request, desk, signed, NobodyChosen())
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        wanted = asked_by(session, request, desk, signed).wanted
        done = doubts.confirm(session, desk.vault, viewer, author, marks)
    said = urlencode(written("confirmer", done))
    return RedirectResponse("?".join((HERE, "&".join(filter(None, (wanted.query(), said))))), 303)
