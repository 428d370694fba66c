"""The points that the geocoder placed with a doubt: somebody moves them, or says they are right."""

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.actors import points_page
from app.desk.actors.choices import asked_by
from app.desk.actors.lot_routes import Ids, NobodyChosen
from app.desk.actors.outcomes import written
from app.desk.actors.showing import WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.platform.database.sessions import write
from app.platform.web.permissions import open_to
from app.records import doubts

HERE = points_page.HERE
router = APIRouter(prefix=HERE)
# A public id, and the mark of the answer that was read.
_READ = re.compile(r"([0-9a-f]{16})\.([0-9a-f]{16})")


@router.get("")
@open_to(*WORKERS)
def doubtful(request: Request, desk: DeskOf, signed: Signed) -> Response:
    """Show whose point is to be looked at, and what the geocoder said of it."""
    return points_page.page(request, desk, signed)


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
        return points_page.page(request, desk, signed, NobodyChosen())
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    with write(desk.engine) as session:
        wanted = asked_by(session, request, desk, signed).wanted
        done = doubts.confirm(session, desk.vault, viewer, author, marks)
    said = urlencode(written("confirmer", done))
    return RedirectResponse("?".join((HERE, "&".join(filter(None, (wanted.query(), said))))), 303)
