"""A point of the page of those to be checked, moved and saved without opening its form."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.desk.actors import points_page
from app.desk.actors.choices import asked_by
from app.desk.actors.outcomes import written
from app.desk.actors.showing import WORKERS
from app.desk.shell import gate
from app.desk.shell.gate import DeskOf, Signed
from app.desk.shell.last_written import last_written
from app.errors import Mesure23Error
from app.platform.database.patience import BeingWritten
from app.platform.database.sessions import read, write
from app.platform.web.permissions import open_to
from app.records.correcting import Outdated, Wrong
from app.records.moving import Move, move

router = APIRouter(prefix=points_page.HERE)
Degrees = Annotated[str, Form(max_length=40)]


class MovedMeanwhile(Mesure23Error):
    """{who} a changé cette fiche entre-temps ({what}). Votre point n’est pas enregistré."""

    status = 409
    title = "Fiche changée entre-temps"
    advice = "Relisez la ligne, puis placez le point de nouveau."


@router.post("/{public_id}")
@open_to(*WORKERS)
def move_it(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    public_id: str,
    lat: Degrees = "",
    lon: Degrees = "",
    vue: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0,
) -> Response:
    """Save where a point is; vue: the revision that was read."""
    viewer, author = gate.viewer_of(signed), gate.author_of(signed)
    to = Move(lat.strip(), lon.strip(), vue)
    try:
        with write(desk.engine) as session:
            wanted = asked_by(session, request, desk, signed).wanted
            done = move(session, desk.vault, viewer, author, public_id, to, desk.now())
    except Outdated:
        with read(desk.engine) as session:
            by = last_written(session, desk, signed, public_id)
        return points_page.page(request, desk, signed, MovedMeanwhile(who=by.who, what=by.what))
    except (Wrong, BeingWritten) as refused:
        remarks = refused.remarks if isinstance(refused, Wrong) else ()
        tried = points_page.Tried(public_id, remarks)
        return points_page.page(request, desk, signed, refused, tried)
    said = urlencode(written("placer", done))
    query = "&".join(filter(None, (wanted.query(), said)))
    return RedirectResponse(f"{points_page.HERE}?{query}", 303)
