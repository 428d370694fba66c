"""A form looked at before it is saved: what the public would read of it. Nothing is written."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.desk.actors import create_routes, form_routes
from app.desk.actors.form import LARGEST, GazetteerOf, ViewerOf, WishOf
from app.desk.actors.moved import put_aside
from app.desk.actors.showing import ACTORS, WORKERS
from app.desk.shell.gate import DeskOf, Signed
from app.errors import ActorUnknown
from app.platform.database.sessions import read
from app.platform.web.permissions import open_to
from app.records.correcting import Masked, read_to_correct

router = APIRouter(prefix=ACTORS)


@router.post("/nouveau/apercu", max_body_size=LARGEST)
@open_to(*WORKERS)
def look_at_new(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    wish: WishOf,
) -> Response:
    """Show the form of a new actor as it is, with what the public would read."""
    shape = create_routes.shape_of(gazetteer, viewer, wish)
    return create_routes.page(request, desk, signed, replace(shape, resumed=True))


@router.post("/{public_id}/apercu", max_body_size=LARGEST)
@open_to(*WORKERS)
def look_at(
    request: Request,
    desk: DeskOf,
    signed: Signed,
    viewer: ViewerOf,
    gazetteer: GazetteerOf,
    wish: WishOf,
    public_id: str,
) -> Response:
    """Show a form as it is, with what the public would read of its actor."""
    try:
        with read(desk.engine) as session:
            who = str(signed.account_id)
            sheet = read_to_correct(session, desk.vault, viewer, who, public_id, desk.now())
    except (ActorUnknown, Masked):
        return put_aside(request, desk, signed, wish, public_id)
    shape = form_routes.as_entered(gazetteer, viewer, sheet, wish)
    return form_routes.page(request, desk, signed, sheet, shape)
